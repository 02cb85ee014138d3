// The villages as a table that can be sorted and filtered; a row and its village on the map are chosen together.
import { html } from "../../core/html.js";
import { findRows, prepareRows } from "../../core/rows.js";
import { createTable } from "../../core/table.js";
import { formatNumber, formatPeople, text } from "../../core/text.js";
import { CLASSES, classFilter, villageColumns, villageRows } from "../village_rows.js";

/** @import { Prepared, Sort } from "../../core/rows.js" */
/** @import { Evaluation } from "../../core/evaluate.js" */
/** @import { State } from "../state.js" */
/** @import { VillageRow } from "../village_rows.js" */
/** @import { View } from "./all.js" */

/** @typedef {{ open?: boolean, words?: string, township?: string, only?: string, sort?: Sort }} TableState */

/** @type {ReturnType<typeof createTable<VillageRow>> | null} */
let table = null;
/** @type {{ key: unknown[], prepared: Prepared<VillageRow>, columns: ReturnType<typeof villageColumns> } | null} */
let made = null;
/** @type {{ key: unknown[], rows: VillageRow[] } | null} */
let found = null;
/** @type {{ of: State["places"], names: string[] }} */
let townships = { of: new Map(), names: [] };

/** @type {View} */
export function villagesView(state, evaluation, store, acts) {
  const asked = /** @type {TableState} */ (state.table);
  const set = (/** @type {TableState} */ fields) => store.dispatch({ type: "show", table: { ...store.state.table, ...fields } });
  const isOpen = asked.open ?? true;
  document.getElementById("villages")?.classList.toggle("closed", !isOpen);
  const head = html`<button type="button" id="villages-open" class="fold" aria-expanded=${String(isOpen)} aria-controls="villages-rows" @click=${() => set({ open: !isOpen })}><h2>${text("plan.villages")}</h2></button>`;
  if (!isOpen) return html`<div class="head">${head}</div>`;
  if (!state.dragging || !made) prepare(state, evaluation);  // while a site is dragged the table waits
  const rows = filtered(state, asked);
  table ??= createTable({
    id: "villages-table", label: text("plan.villages"), idOf: ({ id }) => id, classOf: ({ isBeyond }) => (isBeyond ? "beyond" : ""),
    onChoose: ({ id }) => store.dispatch({ type: "show", selected: { kind: "village", id } }),
    onGo: ({ place }) => acts.goTo(place), onSort: (sort) => set({ sort }),
  });
  table.show({ columns: made?.columns ?? [], rows, chosen: state.selected?.id ?? null, sort: asked.sort ?? null });
  return html`<div class="head">${head}${filters(state, asked, set)}${summary(rows, state)}</div>
    <div id="villages-rows">${table.node}</div>`;
}

/**
 * @param {State} state
 * @param {Evaluation | null} evaluation
 */
function prepare(state, evaluation) {
  const { ground, places, content, confirmed } = state;
  const key = [ground, places, content, confirmed?.of === content && confirmed.plan.allocated_by === "capacity"];
  if (made && key.every((one, k) => one === made?.key[k])) return;
  const rows = villageRows(state, evaluation);
  const columns = villageColumns(rows, ground);
  made = { key, columns, prepared: prepareRows(rows, columns, ({ id, name, township, community, site }) => `${name} ${township} ${community ?? ""} ${id} ${site ? ground?.byId.get(site)?.name ?? "" : ""}`, made?.prepared) };
}

/**
 * @param {State} state
 * @param {TableState} asked
 */
function filtered(state, { words = "", township = "", only = "all", sort }) {
  if (!made) return [];
  const key = [made, words, township, only, sort];
  if (found && key.every((one, k) => one === found?.key[k])) return found.rows;
  const { prepared } = made;
  const isOfClass = classFilter(only, state);
  const places = findRows(prepared, { words, sort, only: (row) => (!township || row.township === township) && isOfClass(row) });
  found = { key, rows: places.map((k) => prepared.rows[k]) };
  return found.rows;
}

/**
 * @param {State} state
 * @param {TableState} asked
 * @param {(fields: TableState) => void} set
 */
function filters({ places }, { words = "", township = "", only = "all" }, set) {
  if (townships.of !== places) townships = { of: places, names: [...new Set([...places.values()].map((place) => place.township).filter(Boolean))] };
  return html`
    <input id="villages-words" type="search" .value=${words} placeholder=${text("plan.table.words")} aria-label=${text("plan.table.words")} @input=${(/** @type {*} */ event) => set({ words: event.target.value })}>
    <select id="villages-township" aria-label=${text("plan.table.township")} @change=${(/** @type {*} */ event) => set({ township: event.target.value })}>
      <option value="">${text("plan.table.every-township")}</option>
      ${townships.names.map((name) => html`<option value=${name} ?selected=${name === township}>${name}</option>`)}
    </select>
    <select id="villages-only" aria-label=${text("plan.table.class")} @change=${(/** @type {*} */ event) => set({ only: event.target.value })}>
      ${CLASSES.map((name) => html`<option value=${name} ?selected=${name === only}>${text(`plan.table.only.${name}`)}</option>`)}
    </select>`;
}

/**
 * @param {VillageRow[]} rows
 * @param {State} state
 */
function summary(rows, { places }) {
  const people = rows.reduce((sum, row) => sum + (row.people ?? 0), 0);
  return html`<span id="villages-count" role="status">${text("plan.table.count", { count: formatNumber(rows.length), of: formatNumber(places.size), people: formatPeople(people) })}</span>`;
}
