// The changes of the scenario, each in words: its figures can be set, it can be looked at on the map, and taken back.
import { html, nothing, repeat } from "../../../core/html.js";
import { formatNumber, page, text, textOfCode } from "../../../core/text.js";
import { showForm, typedIn } from "./asking.js";
import { addChange } from "./add_change.js";
import { faultOf } from "./question.js";
import { boundsOf, nameRoads } from "./roads.js";
import { countSaid, focusNext, statusGroups } from "./statuses.js";
import { sayingWords, targetWords } from "./words.js";

/** @import { Edit } from "../../content.js" */
/** @import { Acts } from "../../page.js" */
/** @import { State } from "../../state.js" */
/** @import { Asking } from "./asking.js" */

/** What of an edit can be set in its row; all else can be taken back and made anew. */
/** @type {Record<string, string[]>} */
const SETTABLE = {
  "road-built": ["speed_kmh"], "road-slowed": ["factor"], "road-speed": ["speed_kmh"], "flooded": ["bridges"], "site-capacity": ["capacity"],
  "new-candidate": ["capacity"], "place-people": ["people"], "standard": ["limit_minutes", "max_minutes"],
};
/** Kinds of edits that are named by whoever makes them. */
const NAMED = ["new-candidate", "road-built", "flooded"];
/** Fields that an edit may leave out; the others it needs. */
const OPTIONAL = ["capacity", "limit_minutes", "max_minutes"];

/**
 * @param {Asking} asking
 * @param {Acts} acts
 */
export function changesPart(asking, acts) {
  const { state, store } = asking;
  const { edits } = state.content;
  nameRoads(store, edits);
  const others = edits.filter(({ op }) => op !== "site-status");
  const count = countSaid(asking) + others.length;
  return html`<section id="changes" aria-label=${text("plan.change.title")}>
    <h3 tabindex="-1">${text("plan.change.title")} ${count ? html`<b>${formatNumber(count)}</b>` : html`<small>${text("page.conditions.none")}</small>`}</h3>
    ${statusGroups(asking, acts)}
    ${others.length ? html`<ul class="edits">${repeat(others, (edit) => `${edit.op} ${edits.indexOf(edit)}`, (edit) => editRow(asking, acts, edit))}</ul>` : nothing}
    <button type="button" id="paste-names" class="plain" @click=${() => store.dispatch({ type: "show", dialog: "paste" })}>${text("plan.paste.open")}</button>
    ${addChange(asking)}
  </section>`;
}

/**
 * @param {Asking} asking
 * @param {Acts} acts
 * @param {Edit} edit
 */
function editRow(asking, acts, edit) {
  const { state, store } = asking;
  const settable = SETTABLE[edit.op] ?? [];
  const name = targetWords(state, edit);
  const at = whereOf(state, edit);
  const say = sayingWords(edit, settable);
  const go = () => { store.dispatch({ type: "show", part: "map" }); if (at) acts.goTo(at); };
  const remove = (/** @type {*} */ event) => { focusNext(event.target); store.dispatch({ type: "edit-removed", edit }); };
  return html`<li data-op=${edit.op}>
    <div class="said"><small>${text(`edit.op.${edit.op}`)}</small>
      ${NAMED.includes(edit.op) ? nameField(asking, edit) : html`<strong>${name}</strong>`}
      ${say ? html`<span>${say}</span>` : nothing}</div>
    <div class="acts">${at ? html`<button type="button" class="plain" @click=${go} aria-label=${text("plan.change.show", { name })}>${text("plan.change.on-map")}</button>` : nothing}
      <button type="button" class="plain" @click=${remove} aria-label=${text("plan.change.remove", { name: name || text(`edit.op.${edit.op}`) })}>×</button></div>
    ${settable.length ? html`<div class="set">${settable.map((field) => setField(asking, edit, field))}</div>` : nothing}
  </li>`;
}

/**
 * @param {Asking} asking
 * @param {Edit} edit
 */
function nameField({ state, store }, edit) {
  const fault = wrongWith(state, edit, "target");
  const rename = (/** @type {*} */ event) => {
    const target = event.target.value.trim();
    const taken = state.content.edits.some((one) => one !== edit && one.op === edit.op && one.target === target);
    const words = !target ? text("plan.ask.needed") : target.length > page.editFields.target.most ? text("plan.change.too-long", { most: page.editFields.target.most }) : taken ? text("plan.change.name-taken") : null;
    tellWrong(store, edit, "target", words);
    if (words === null && target !== edit.target) store.dispatch({ type: "edit-changed", edit, instead: { ...edit, target } });
  };
  return html`<input class="name" type="text" aria-label=${text("edit.field.name")} .value=${edit.target ?? ""} aria-invalid=${fault ? "true" : nothing} @change=${rename}>${fault ? html`<small class="problem">${fault}</small>` : nothing}`;
}

/**
 * @param {Asking} asking
 * @param {Edit} edit
 * @param {string} name
 */
function setField({ state, store }, edit, name) {
  const field = page.editFields[name];
  const fault = wrongWith(state, edit, name);
  const set = (/** @type {*} */ value) => {
    const { [name]: _, ...others } = edit;
    store.dispatch({ type: "edit-changed", edit, instead: value === null ? others : { ...edit, [name]: value } });
  };
  if (field.kind === "choice") {
    const now = edit[name] ?? page.editChoices[name][0];
    return html`<label class="field"><span>${text(`edit.field.${name}`)}</span><select .value=${now} @change=${(/** @type {*} */ event) => set(event.target.value)}>
      ${page.editChoices[name].map((/** @type {string} */ value) => html`<option value=${value} ?selected=${value === now}>${textOfCode(value, [`edit.${name}`])}</option>`)}</select></label>`;
  }
  const change = (/** @type {*} */ event) => {
    const words = faultOf(field, typedIn(event.target), !OPTIONAL.includes(name));
    tellWrong(store, edit, name, words);
    if (words === null) set(event.target.value === "" ? null : Number(event.target.value));
  };
  return html`<label class="field"><span>${text(`edit.field.${name}`)}</span><input type="number" step=${field.kind === "whole" ? 1 : "any"} min=${field.least ?? 0} max=${field.most} .value=${String(edit[name] ?? "")}
    placeholder=${OPTIONAL.includes(name) ? text("plan.change.as-asked") : ""} aria-invalid=${fault ? "true" : nothing} @change=${change}>${fault ? html`<small class="problem">${fault}</small>` : nothing}</label>`;
}

/**
 * @param {State} state
 * @param {Edit} edit
 * @param {string} name
 * @returns {string | null}
 */
function wrongWith({ form }, edit, name) {
  return form.wrong?.edit === edit && form.wrong.name === name ? form.wrong.words : null;
}

/**
 * @param {Asking["store"]} store
 * @param {Edit} edit
 * @param {string} name
 * @param {string | null} words
 */
function tellWrong(store, edit, name, words) {
  showForm(store, { wrong: words === null ? null : { edit, name, words } });
}

/**
 * Where an edit lies, for the map.
 * @param {State} state
 * @param {Edit} edit
 * @returns {{ lon: number, lat: number, bounds?: [number, number, number, number] } | null}
 */
function whereOf({ places, ground, form }, edit) {
  const target = edit.target ?? "";
  if (edit.op === "new-candidate") return { lon: edit.at[0], lat: edit.at[1] };
  if (edit.op === "road-built") return around([edit.start, edit.end]);
  if (edit.op === "flooded") return around(edit.area);
  if (form.roads?.[target] && edit.op !== "road-speed") return form.roads[target];
  return ["site-capacity", "place-people"].includes(edit.op) ? places.get(target) ?? ground?.byId.get(target) ?? null : null;
}

/** @param {[number, number][]} positions */
function around(positions) {
  const bounds = boundsOf(positions);
  return { lon: (bounds[0] + bounds[2]) / 2, lat: (bounds[1] + bounds[3]) / 2, bounds };
}
