// Names pasted from a table: looked up, the certain ones set in one step, all others asked about or told.
import { html, nothing } from "../../core/html.js";
import { formatNumber, page, text } from "../../core/text.js";
import { requestOfCounty } from "../county.js";
import { askingOf, showForm } from "./choices/asking.js";
import { closestTo } from "./choices/closest.js";
import { linesOf, placesMeant, sortLines } from "./choices/pasted.js";

/** @import { PlanStore, Refusal, State } from "../state.js" */
/** @import { View } from "./all.js" */
/** @import { Line, Meant, Sorted } from "./choices/pasted.js" */

/**
 * `closest` of each unknown line; `chosen`: line → id, "" for none; `done`: so many were set at last.
 * @typedef {{
 *   pasted: string, status: string, busy: boolean, problem: Refusal | null, found: Sorted | null,
 *   closest: Map<string, Meant[]>, chosen: Record<string, string>, done: number | null, wrong: string | null,
 * }} Paste
 */

/** @type {Paste} */
const EMPTY = { pasted: "", status: "excluded", busy: false, problem: null, found: null, closest: new Map(), chosen: {}, done: null, wrong: null };

/** @type {View} */
export function pasteView(state, _evaluation, store) {
  const paste = pasteIn(state);
  return html`<section class="paste">
    <form @submit=${(/** @type {Event} */ event) => { event.preventDefault(); lookUp(store); }}>
      <p class="note" id="paste-how">${text("plan.paste.how")}</p>
      <textarea id="paste-text" rows="8" aria-label=${text("plan.paste.names")} aria-describedby="paste-how" spellcheck="false" .value=${paste.pasted}
        @input=${(/** @type {*} */ event) => tell(store, { pasted: event.target.value, found: null, done: null, wrong: null })}></textarea>
      ${paste.wrong ? html`<small class="problem" role="alert">${paste.wrong}</small>` : nothing}
      <div class="row">${statusField(state, store, paste)}
        <button type="submit" id="paste-look-up" class=${paste.found ? "plain" : "primary"} ?disabled=${paste.busy}>${text(paste.busy ? "plan.paste.looking" : "plan.paste.look-up")}</button></div>
    </form>
    ${paste.problem ? failure(paste.problem) : nothing}
    <div role="status">${paste.found ? counts(paste.found) : nothing}${paste.done === null ? nothing : html`<p class="kept" id="paste-done">✓ ${text("plan.paste.done", { count: formatNumber(paste.done) })}</p>`}</div>
    ${paste.found ? decisions(store, paste, paste.found) : nothing}
  </section>`;
}

/**
 * @param {State} state
 * @returns {Paste}
 */
function pasteIn({ form }) {
  return { ...EMPTY, ...form.paste };
}

/**
 * @param {PlanStore} store
 * @param {Partial<Paste>} fields
 */
function tell(store, fields) {
  showForm(store, { paste: { ...pasteIn(store.state), ...fields } });
}

/**
 * @param {State} state
 * @param {PlanStore} store
 * @param {Paste} paste
 */
function statusField(state, store, { status }) {
  const { model } = askingOf(state, store);
  const money = [...model.needs, ...model.takes].includes("budget_yuan");
  const offered = Object.keys(page.theme.statuses).filter((one) => one !== "closable" || money);
  return html`<label class="field"><span>${text("plan.paste.status")}</span><select id="paste-status" @change=${(/** @type {*} */ event) => tell(store, { status: event.target.value })}>
    ${offered.map((one) => html`<option value=${one} ?selected=${one === status}>${text(`page.status.${one}`)}</option>`)}
    <option value="" ?selected=${status === ""}>${text("plan.paste.none")}</option></select></label>`;
}

/**
 * @param {PlanStore} store
 */
async function lookUp(store) {
  const { pasted } = pasteIn(store.state);
  const lines = linesOf(pasted);
  if (!lines.size) return tell(store, { wrong: text("plan.paste.empty") });
  tell(store, { busy: true, problem: null, done: null });
  try {
    const { names } = await requestOfCounty("/api/names", { method: "POST", body: { names: [...lines.keys()] } });
    if (pasteIn(store.state).pasted !== pasted) return tell(store, { busy: false });
    const { ground } = store.state;
    const found = sortLines(lines, names, (id) => Boolean(ground?.byId.has(id)));
    tell(store, { busy: false, found, closest: closestOf(store.state, found), chosen: {} });
  } catch (error) {
    tell(store, { busy: false, problem: /** @type {Refusal} */ (error) });
  }
  return undefined;
}

/**
 * @param {State} state
 * @param {Sorted} found
 * @returns {Map<string, Meant[]>}
 */
function closestOf({ ground }, { unknown }) {
  const candidates = (ground?.candidates ?? []).map(({ id, name, township, origin }) => ({ id, name, kind: origin, township, community: null }));
  return new Map(unknown.map(({ typed }) => [typed, closestTo(typed, candidates)]));
}

/** @param {Sorted} found */
function counts({ sure, ambiguous, unknown, notSites, lines, repeated }) {
  const told = /** @type {[string, number][]} */ ([["ambiguous", ambiguous.length], ["unknown", unknown.length], ["not-sites", notSites.length], ["repeated", repeated]]);
  return html`<p class="counts" id="paste-counts"><strong>${text("plan.paste.counted", { lines: formatNumber(lines), sure: formatNumber(new Set(sure.map(({ matches }) => matches[0].id)).size) })}</strong>
    ${told.filter(([, count]) => count).map(([name, count]) => html`<span>${text(`plan.paste.${name}`, { count: formatNumber(count) })}</span>`)}</p>`;
}

/**
 * @param {PlanStore} store
 * @param {Paste} paste
 * @param {Sorted} found
 */
function decisions(store, paste, found) {
  const ids = placesMeant(found, paste.chosen);
  const open = [...found.ambiguous, ...found.unknown].filter(({ typed }) => !paste.chosen[typed]).length + found.notSites.length;
  return html`
    ${found.ambiguous.map((line) => choices(store, paste, line, line.matches, text("plan.paste.choose", { typed: line.typed, count: formatNumber(line.matches.length) })))}
    ${found.unknown.map((line) => unknownLine(store, paste, line))}
    ${found.notSites.map(({ typed, matches }) => html`<p class="note">${text("plan.paste.not-a-site", { typed, name: matches.map(calledIn).join(text("page.comma")) })}</p>`)}
    <div class="row"><button type="button" id="paste-set" class="primary" ?disabled=${!ids.length} @click=${() => set(store, ids)}>${text("plan.paste.set", { count: formatNumber(ids.length) })}</button>
      ${open ? html`<p class="note" id="paste-left">${text("plan.paste.left", { count: formatNumber(open) })}</p>` : nothing}</div>`;
}

/**
 * @param {PlanStore} store
 * @param {Paste} paste
 * @param {Line} line
 */
function unknownLine(store, paste, line) {
  const near = paste.closest.get(line.typed) ?? [];
  if (!near.length) return html`<p class="note">${text("plan.paste.nothing-close", { typed: line.typed })}</p>`;
  return choices(store, paste, line, near, text("plan.paste.closest", { typed: line.typed }));
}

/**
 * @param {PlanStore} store
 * @param {Paste} paste
 * @param {Line} line
 * @param {Meant[]} offered
 * @param {string} words
 */
function choices(store, paste, { typed }, offered, words) {
  const now = paste.chosen[typed] ?? "";
  const choose = (/** @type {string} */ id) => () => tell(store, { chosen: { ...paste.chosen, [typed]: id } });
  const radio = (/** @type {string} */ id, /** @type {*} */ label) => html`<label><input type="radio" name=${`paste-${typed}`} value=${id} .checked=${id === now} @change=${choose(id)}>${label}</label>`;
  return html`<fieldset data-typed=${typed}><legend>${words}</legend>
    ${offered.map((one) => radio(one.id, html`<span>${one.name}</span> <small>${[one.township, one.community, isTwice(one, offered) ? one.id : null].filter(Boolean).join(" · ")}</small>`))}
    ${radio("", text("plan.paste.leave"))}</fieldset>`;
}

/**
 * @param {Meant} one
 * @param {Meant[]} offered
 */
function isTwice({ name, township, community }, offered) {
  return offered.filter((other) => other.name === name && other.township === township && other.community === community).length > 1;
}

/** @param {Meant} one */
function calledIn({ name, township }) {
  return township ? `${name}(${township})` : name;
}

// All in one step, which one undo takes back; what is not decided stays in sight.
/**
 * @param {PlanStore} store
 * @param {string[]} ids
 */
function set(store, ids) {
  const { status, found, chosen } = pasteIn(store.state);
  store.dispatch({ type: "status", ids, status: status || null });
  if (!found) return;
  const open = (/** @type {Line[]} */ lines) => lines.filter(({ typed }) => !chosen[typed]);
  const left = { ...found, sure: [], ambiguous: open(found.ambiguous), unknown: open(found.unknown) };
  const lines = [...left.ambiguous, ...left.unknown, ...left.notSites];
  tell(store, { done: ids.length, chosen: {}, found: lines.length ? { ...left, repeated: 0, lines: lines.length } : null, pasted: lines.map(({ typed }) => typed).join("\n") });
}

/** @param {Refusal} problem */
function failure(problem) {
  return html`<div class="failure" role="alert"><p>${problem.message}</p>${problem.faults?.length ? html`<ul class="problems">${problem.faults.map(({ field, expected, mend }) => html`<li>${[field, expected, mend].filter(Boolean).join(text("page.error.join"))}</li>`)}</ul>` : nothing}</div>`;
}
