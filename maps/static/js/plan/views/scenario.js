// The head of the page: which scenario is open, whether it is saved, and what one does with it as a whole.
import { html, nothing } from "../../core/html.js";
import { formatTime, page, text } from "../../core/text.js";
import { mayRename } from "../scenarios.js";

/** @import { Acts } from "../page.js" */
/** @import { PlanStore, State } from "../state.js" */
/** @import { View } from "./all.js" */

const DAY = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", dateStyle: "short" });
const HOUR = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** @type {View} */
export function scenarioView(state, _evaluation, store, acts) {
  return html`
    ${name(state, acts)}
    ${menu(state, store, acts)}
    ${saved(state, store)}
    ${state.recovered ? html`<p id="recovered" class="standing" role="status">${text("plan.head.recovered", { count: state.recovered })}</p>` : nothing}
    ${standing(state, store, acts)}`;
}

/**
 * @param {State} state
 * @param {Acts} acts
 */
function name(state, acts) {
  const { scenario } = state;
  const called = scenario?.name ?? "";
  const rename = (/** @type {*} */ { target }) => {
    const wanted = target.value.trim();
    if (wanted && wanted !== called) acts.rename(wanted);
    else target.value = called;
  };
  const keys = (/** @type {*} */ event) => {
    if (event.key === "Enter") event.target.blur();
    if (event.key === "Escape") { event.target.value = called; event.target.blur(); }
  };
  return html`<input id="scenario-name" type="text" maxlength="120" aria-label=${text("plan.head.name")} title=${called || nothing}
    placeholder=${text("plan.nothing-kept")} .value=${called} ?readonly=${!mayRename(state)} @change=${rename} @keydown=${keys}>`;
}

/**
 * @param {State} state
 * @param {PlanStore} store
 * @param {Acts} acts
 */
function menu({ scenario }, store, acts) {
  const isMine = scenario?.level === "owner";
  return html`<details class="menu" id="scenario-menu" @keydown=${closeOnEscape} @focusout=${closeOnLeaving}>
    <summary>${text("plan.head.scenario")}</summary>
    <div @click=${close}><ul>
      ${item("scenarios", () => show(store, "scenarios"))}
      ${item("new", acts.createNew)}
      ${item("copy", acts.copy)}
      ${isMine && !scenario.archived ? item("archive", () => acts.archive(scenario)) : nothing}
      ${isMine && scenario.archived ? item("restore", () => acts.restore(scenario)) : nothing}
      ${page.isSignedIn && (isMine || !scenario) ? item("share", () => show(store, "share")) : nothing}
      ${item("link", () => copyLink(store, acts))}
      ${item("export", acts.exportFile)}
      ${scenario ? ["A4", "A3"].map((paper) => sheetLink(scenario, paper)) : nothing}
      ${item("walk", () => show(store, "walk"))}
    </ul></div></details>
    <button type="button" id="keys" title=${text("plan.keys")} aria-label=${text("plan.keys")} @click=${() => show(store, "keys")}>?</button>`;
}

/**
 * @param {string} what
 * @param {() => *} act
 */
function item(what, act) {
  return html`<li><button type="button" id=${`scenario-${what}`} @click=${act}>${text(`plan.head.${what}`)}</button></li>`;
}

/**
 * The revision that is open on one sheet of paper, in a window of its own.
 * @param {{ id: string, revision: number }} scenario
 * @param {string} paper
 */
function sheetLink({ id, revision }, paper) {
  const query = new URLSearchParams({ scenario: id, n: String(revision), paper, lang: page.lang });
  return html`<li><a id=${`scenario-sheet-${paper}`} href=${`/plan/sheet?${query}`} target="_blank" rel="noopener">${text("plan.head.sheet", { paper })}</a></li>`;
}

/**
 * @param {PlanStore} store
 * @param {string} dialog
 */
function show(store, dialog) {
  store.dispatch({ type: "show", dialog, told: {} });
}

/**
 * Where the browser keeps scripts from the clipboard, the link is shown to be copied by hand.
 * @param {PlanStore} store
 * @param {Acts} acts
 */
async function copyLink(store, acts) {
  const link = await acts.link();
  try {
    await navigator.clipboard.writeText(link);
    store.dispatch({ type: "show", saving: { ...store.state.saving, link: true } });
  } catch {
    store.dispatch({ type: "show", dialog: "link", told: { link } });
  }
}

/**
 * @param {State} state
 * @param {PlanStore} store
 */
function saved({ saving }, store) {
  const at = saving.at ? sayTime(saving.at) : "";
  const words = text(`plan.saving.${saving.copied ? "copied" : saving.state}`, { at });
  const why = () => store.dispatch({ type: "show", part: "choices" });
  return html`<span class="saving" role="status" data-state=${saving.state}>${saving.link ? text("plan.head.link-copied") : words}
    ${saving.state === "refused" ? html`<button type="button" id="why-refused" @click=${why}>${text("plan.head.why")}</button>` : nothing}</span>`;
}

/**
 * What is out of the ordinary about the scenario that is open.
 * @param {State} state
 * @param {PlanStore} store
 * @param {Acts} acts
 */
function standing({ scenario }, store, acts) {
  if (!scenario) return nothing;
  if (scenario.revision !== scenario.head) return aside("old", { n: scenario.revision, m: scenario.head }, html`<button type="button" id="to-newest" @click=${() => acts.openOther(scenario.id)}>${text("plan.head.to-newest")}</button>`);
  if (scenario.archived) return aside("archived", {}, nothing);
  if (scenario.level === "read" || scenario.level === "comment") return aside("not-mine", { owner: scenario.owner_name }, nothing);
  if (!scenario.stale) return nothing;
  return aside("stale", {}, html`<button type="button" id="stale" @click=${() => { show(store, "rebase"); acts.lookAtRebase(); }}>${text("plan.head.rebase")}</button>`);
}

/**
 * @param {string} what
 * @param {Record<string, *>} params
 * @param {*} more
 */
function aside(what, params, more) {
  return html`<p id="standing" class="standing" data-what=${what}>${text(`plan.head.is-${what}`, params)} ${more}</p>`;
}

/**
 * Of today the hour, else the day too.
 * @param {string} iso
 */
export function sayTime(iso) {
  const time = new Date(iso);
  return DAY.format(time) === DAY.format(new Date()) ? HOUR.format(time) : formatTime(iso);
}

/** @param {*} event */
function closeOnEscape({ key, currentTarget: details }) {
  if (key !== "Escape" || !details.open) return;
  details.open = false;
  details.querySelector("summary").focus();
}

/** @param {*} event */
function closeOnLeaving({ relatedTarget, currentTarget: details }) {
  if (!details.contains(relatedTarget)) details.open = false;
}

// What opens then gives the focus back to the menu.
/** @param {*} event */
function close({ currentTarget: { parentElement: details } }) {
  details.open = false;
  details.querySelector("summary").focus();
}
