// Who is left behind: how many, the farthest by name, and all of them as a file.
import { html, nothing } from "../../../core/html.js";
import { formatMinutes, formatNumber, formatPeople, formatTime, page, serviceName, text } from "../../../core/text.js";
import { bodyOf } from "../../content.js";
import { bytesOfCounty } from "../../county.js";
import { frameOf } from "../../frame.js";
import { villageRows } from "../../village_rows.js";
import { goOnInCard } from "./focus.js";

/** @import { TemplateResult } from "../../../../vendor/lit-html/lit-html.js" */
/** @import { Evaluation } from "../../../core/evaluate.js" */
/** @import { Acts } from "../../page.js" */
/** @import { PlanStore, State } from "../../state.js" */
/** @import { VillageRow } from "../../village_rows.js" */

const LISTED = 5;
/** @type {("xlsx" | "csv" | "gpkg")[]} */
const KINDS = ["xlsx", "csv", "gpkg"];

/** @type {{ key: unknown[], rows: VillageRow[] } | null} */
let made = null;

/**
 * @param {State} state
 * @param {Evaluation} evaluation
 * @param {PlanStore} store
 * @param {Acts} acts
 * @returns {TemplateResult}
 */
export function leftBehind(state, evaluation, store, acts) {
  const { measures } = frameOf(state, evaluation);
  const people = measures.over_capacity_people + measures.outside_people;
  if (!state.dragging || !made) farthest(state, evaluation);  // the names wait for the drop
  const rows = made?.rows ?? [];
  const go = (/** @type {VillageRow} */ { id, place }) => (/** @type {Event} */ event) => { store.dispatch({ type: "show", selected: { kind: "village", id } }); acts.goTo(place); goOnInCard(event); };
  const all = () => store.dispatch({ type: "show", part: "villages", table: { ...store.state.table, open: true, only: "beyond", words: "", township: "", sort: { key: "minutes", down: true } } });
  return html`<section class="left-behind" aria-labelledby="left-title"><h3 id="left-title">${text("plan.left.title")}</h3>
    <p id="left-people">${people ? text(state.dragging ? "plan.left.moving" : "plan.left.people", { people: formatPeople(people), places: formatNumber(rows.length) }) : text("plan.left.nobody")}</p>
    ${rows.length ? html`<ol class=${state.dragging ? "old" : ""}>${rows.slice(0, LISTED).map((row) => html`<li><button type="button" class="link" @click=${go(row)}>${row.name}</button> <small>${row.township}</small> <span class="number">${formatPeople(row.counted)} · ${formatMinutes(row.seconds)}</span></li>`)}</ol>` : nothing}
    ${rows.length > LISTED ? html`<button type="button" class="link" id="left-all" @click=${all}>${text("plan.left.all", { count: formatNumber(rows.length) })}</button>` : nothing}
    ${people ? html`<p class="files">${text("plan.left.files")} ${KINDS.map((kind) => html`<button type="button" class="small" id=${`left-behind-${kind}`} @click=${() => download(kind, store)}>${text(`page.left.${kind}`)}</button> `)}</p>` : nothing}
  </section>`;
}

// Places with people beyond the limit, the farthest first; those whom a full site sends away are in the file and the sum.
function farthest(/** @type {State} */ state, /** @type {Evaluation} */ evaluation) {
  const key = [state.content, state.ground, state.places, state.confirmed?.of === state.content];
  if (made && key.every((one, k) => one === made?.key[k])) return;
  const far = villageRows(state, evaluation).filter(({ isBeyond, counted }) => isBeyond && counted);
  made = { key, rows: far.sort((a, b) => (b.seconds ?? Infinity) - (a.seconds ?? Infinity) || (b.counted ?? 0) - (a.counted ?? 0)) };
}

/**
 * @param {"xlsx" | "csv" | "gpkg"} kind
 * @param {PlanStore} store
 */
async function download(kind, store) {
  const { content } = store.state;
  try {
    const bytes = await bytesOfCounty(`/api/left-behind?as=${kind}`, { method: "POST", body: bodyOf(content) });
    save(new Blob([bytes]), `${fileName(store.state)}.${kind}`);
  } catch (error) {
    store.dispatch({ type: "show", problem: /** @type {*} */ (error) });
  }
}

/** @param {State} state */
function fileName({ scenario, content }) {
  const name = scenario?.name ?? `${serviceName(content.question.service)} ${formatTime(new Date().toISOString())}`;
  return `${page.info.county.name}-${text("plan.left.title")}-${name}`.replace(/[\\/:*?"<>|\s]+/g, "-");
}

/**
 * @param {Blob} blob
 * @param {string} name
 */
function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
