// A form for the changes that nobody draws on the map: what is said of a site, another speed, who is counted, a standard.
import { html, nothing } from "../../../core/html.js";
import { hasText, page, text, textOfCode } from "../../../core/text.js";
import { same } from "../../content.js";
import { showForm, typedIn } from "./asking.js";
import { faultOf } from "./question.js";
import { findRoads, roadMeant } from "./road_names.js";
import { townshipOf } from "./words.js";

/** @import { Edit } from "../../content.js" */
/** @import { Asking } from "./asking.js" */

/**
 * What is being filled in; `edit` is what was made of it at last, until the server has refused it.
 * @typedef {{ op: string, values: Record<string, string>, wrong: Record<string, string>, edit: Edit | null }} Adding
 */

const OFFERED = ["site-status", "site-capacity", "place-people", "road-closed", "road-slowed", "road-speed", "counted", "standard"];
/** Filled in from the question: no other mode is travelled by. */
const FROM_QUESTION = ["mode"];
const OF_PLACES = ["site-status", "site-capacity", "place-people"];
const OF_ROADS = ["road-closed", "road-slowed"];
const WAIT_MS = 250;  // after the last key
const NAMES = new Map([["status", "page.status"], ["base", "page.base"], ["group", "measures.group"]]);

/**
 * @param {Asking} asking
 */
export function addChange(asking) {
  const adding = addingIn(asking);
  const { op } = adding;
  return html`<details id="add-change"><summary>${text("plan.change.add")}</summary>
    <form class="grid" novalidate @submit=${(/** @type {*} */ event) => { event.preventDefault(); add(asking, event.target); }}>
      <label class="field wide"><span>${text("plan.change.kind")}</span><select id="change-op" @change=${(/** @type {*} */ event) => showForm(asking.store, { adding: { op: event.target.value, values: {}, wrong: {}, edit: null } })}>
        ${OFFERED.map((one) => html`<option value=${one} ?selected=${one === op}>${text(`edit.op.${one}`)}</option>`)}</select></label>
      ${fieldsOf(op).map((name) => changeField(asking, adding, name))}
      ${op === "road-speed" ? html`<p class="note wide">${text("plan.change.of-mode", { mode: text(`page.mode.${modeOf(asking)}`) })}</p>` : nothing}
      <button type="submit" class="plain wide" id="change-add">${text("page.conditions.add")}</button>
    </form></details>`;
}

/**
 * @param {Asking} asking
 * @returns {Adding}
 */
function addingIn({ state }) {
  /** @type {Adding | undefined} */
  const adding = state.form.adding;
  if (!adding) return { op: OFFERED[0], values: {}, wrong: {}, edit: null };
  const done = adding.edit !== null && state.content.edits.some((edit) => same(edit, adding.edit));
  return done ? { op: adding.op, values: {}, wrong: {}, edit: null } : adding;
}

/** @param {string} op */
function fieldsOf(op) {
  return Object.keys(page.editKinds[op]).filter((name) => !FROM_QUESTION.includes(name));
}

/**
 * @param {Asking} asking
 * @param {Adding} adding
 * @param {string} name
 */
function changeField(asking, { op, values, wrong }, name) {
  const id = `change-${name}`;
  const refused = (asking.state.problem?.faults ?? []).find((fault) => fault.layer === "edits" && fault.field === name && Object.keys(values).length);
  const fault = wrong[name] ?? refused?.mend ?? null;
  const note = fault ? html`<small class="problem" id=${`problem-${id}`}>${fault}</small>` : nothing;
  const options = optionsOf(asking, op, name);
  const label = html`<span>${targetLabel(op, name)}</span>`;
  if (options) {
    return html`<label class="field">${label}<select id=${id} name=${name} aria-invalid=${fault ? "true" : nothing}>
      ${page.editKinds[op][name] ? nothing : html`<option value="">${text("plan.change.as-asked")}</option>`}
      ${options.map(([value, words]) => html`<option value=${value} ?selected=${value === values[name]}>${words}</option>`)}</select>${note}</label>`;
  }
  const { kind, least, most } = page.editFields[name];
  const isFigure = kind === "whole" || kind === "number";
  const list = name !== "target" ? null : OF_PLACES.includes(op) ? "change-places" : OF_ROADS.includes(op) ? "change-roads" : null;
  return html`<label class=${isFigure ? "field" : "field wide"}>${label}<input id=${id} name=${name} type=${isFigure ? "number" : "text"} step=${kind === "whole" ? 1 : "any"} min=${least ?? 0} max=${most ?? nothing}
    list=${list ?? nothing} autocomplete="off" .value=${values[name] ?? ""} aria-invalid=${fault ? "true" : nothing}
    @focus=${() => { if (list && !asking.state.form.listed) showForm(asking.store, { listed: true }); }} @input=${(/** @type {*} */ event) => { if (list === "change-roads") offerRoads(asking, event.target); }}>${note}</label>
    ${list === "change-places" && asking.state.form.listed ? placeList(asking) : nothing}
    ${list === "change-roads" ? html`<datalist id="change-roads">${(asking.state.form.roadHits ?? []).map((/** @type {*} */ hit) => html`<option value=${hit.typed} label=${hit.label}></option>`)}</datalist>` : nothing}`;
}

/**
 * @param {string} op
 * @param {string} name
 */
function targetLabel(op, name) {
  if (name !== "target") return text(`edit.field.${name}`);
  return text(op === "road-speed" ? "plan.change.road-class" : OF_PLACES.includes(op) ? "page.conditions.place" : "plan.change.road");
}

/**
 * @param {Asking} asking
 * @param {string} op
 * @param {string} name
 * @returns {[value: string, words: string][] | null}
 */
function optionsOf({ model }, op, name) {
  if (op === "road-speed" && name === "target") {
    const classes = [...new Set([...Object.keys(page.theme.roads), "living_street", "service", "track", "path"])];
    return classes.filter((one) => hasText(`table.road.${one}`)).map((one) => [one, text(`table.road.${one}`)]);
  }
  /** @type {(string | number)[] | undefined} */
  const values = page.editChoices[name];
  const money = [...model.needs, ...model.takes].includes("budget_yuan");
  return values?.filter((value) => value !== "closable" || money).map((value) => [String(value), textOfCode(value, [NAMES.get(name) ?? ""])]) ?? null;
}

// Names that several places share are listed with their ids, and only so do they count.
/** @param {Asking} asking */
function placeList({ state }) {
  return html`<datalist id="change-places">${candidatesOf(state).map(({ id, name, typed }) => html`<option value=${typed} label=${[name, townshipOf(state, id)].filter(Boolean).join(" · ")}></option>`)}</datalist>`;
}

/**
 * @param {Asking["state"]} state
 * @returns {{ id: string, name: string, typed: string }[]}
 */
function candidatesOf({ ground, places }) {
  const all = ground?.candidates ?? [...places.values()];
  /** @type {Map<string, number>} */
  const named = new Map();
  for (const { name } of all) named.set(name, (named.get(name) ?? 0) + 1);
  return all.map(({ id, name }) => ({ id, name, typed: (named.get(name) ?? 0) > 1 ? `${name} ${id}` : name }));
}

let offering = 0;
/**
 * @param {Asking} asking
 * @param {HTMLInputElement} input
 */
function offerRoads({ store }, input) {
  clearTimeout(offering);
  const typed = input.value;
  const tell = (/** @type {*} */ roadHits) => { if (input.value === typed) showForm(store, { roadHits }); };
  offering = setTimeout(() => findRoads(typed).then(tell, () => {}), WAIT_MS);  // without an answer nothing is offered
}

/**
 * @param {Asking} asking
 * @param {HTMLFormElement} form
 */
async function add(asking, form) {
  const { op } = addingIn(asking);
  const inputs = fieldsOf(op).map((name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name)));
  const values = Object.fromEntries(inputs.map(({ name, value }) => [name, value.trim()]));
  const wrong = Object.fromEntries(inputs.map((input) => [input.name, wrongWith(asking, op, input)]).filter(([, words]) => words));
  if (!Object.values(values).some(Boolean)) wrong[inputs[0].name] = text("plan.ask.needed");
  const road = OF_ROADS.includes(op) && !wrong.target ? await roadOf(values.target, wrong) : null;
  const edit = Object.keys(wrong).length ? null : editOf(asking, op, road ? { ...values, target: road } : values);
  showForm(asking.store, { adding: { op, values, wrong, edit } });
  if (edit) asking.store.dispatch({ type: "edit", edit });
  else /** @type {HTMLElement | null} */ (form.querySelector(`[name="${Object.keys(wrong)[0]}"]`))?.focus();
}

/**
 * @param {string} words
 * @param {Record<string, string>} wrong told here where no road is meant, or nobody can say
 * @returns {Promise<string | null>}
 */
async function roadOf(words, wrong) {
  try {
    const { id, closest } = await roadMeant(words);
    if (id === null) wrong.target = text(closest.length ? "plan.change.road-closest" : "plan.change.no-road", { name: words, closest: closest.join(text("page.comma")) });
    return id;
  } catch (error) {
    wrong.target = /** @type {Error} */ (error).message;
    return null;
  }
}

/**
 * @param {Asking} asking
 * @param {string} op
 * @param {HTMLInputElement} input
 * @returns {string | null}
 */
function wrongWith({ state }, op, input) {
  const { name } = input;
  const needed = page.editKinds[op][name];
  const value = input.value.trim();
  if (["whole", "number"].includes(page.editFields[name].kind)) return faultOf(page.editFields[name], typedIn(input), needed);
  if (!value) return needed ? text("plan.ask.needed") : null;
  return name === "target" && OF_PLACES.includes(op) && !meant(state, value) ? text("page.conditions.unknown-place", { name: value }) : null;
}

/**
 * @param {Asking["state"]} state
 * @param {string} words
 */
function meant(state, words) {
  return candidatesOf(state).find(({ id, typed }) => typed === words || id === words)?.id ?? null;
}

/**
 * @param {Asking} asking
 * @param {string} op
 * @param {Record<string, string>} values
 * @returns {Edit}
 */
function editOf(asking, op, values) {
  /** @type {[string, *][]} */
  const said = Object.entries(values).filter(([, value]) => value !== "").map(([name, value]) => [name, valueOf(asking, op, name, value)]);
  const mode = "mode" in page.editKinds[op] ? { mode: modeOf(asking) } : {};
  return { op, ...Object.fromEntries(said), ...mode };
}

/**
 * @param {Asking} asking
 * @param {string} op
 * @param {string} name
 * @param {string} value
 */
function valueOf({ state }, op, name, value) {
  if (name === "target" && OF_PLACES.includes(op)) return meant(state, value);
  return ["whole", "number"].includes(page.editFields[name].kind) || name === "year" ? Number(value) : value;
}

/** @param {Asking} asking */
function modeOf({ shown, usual }) {
  return shown.mode ?? usual.defaults.mode;
}
