// The page of a desk: all cases of its area as they happen, filtered; the one that is looked at with its history and ledger.
import { html, nothing } from "../core/html.js";
import { page, text } from "../core/text.js";
import { refusal } from "../cases/form.js";
import { caseView } from "../cases/one.js";
import { startCases } from "../cases/page.js";
import { caseRows } from "../cases/rows.js";
import { createCaseStore } from "../cases/state.js";
import { categoryName, stateName, toneOf } from "../cases/words.js";

/** @import { FormActs } from "../cases/form.js" */
/** @import { State } from "../cases/state.js" */

const MOST = 300;
const LEVELS = ["grid", "village", "township", "county"];

const store = createCaseStore({ state: "open", level: "", category: "", area: "", overdue: "" });

startCases(store, {
  name: "desk",
  merges: true,
  listOf,
  viewsOf: (acts) => [["live", () => barView(acts)], ["list", () => caseRows(store.state, acts, { withPerson: true, more: isFull() ? text("cases.more", { count: MOST }) : "" })], ["one", () => caseView(store.state, acts, { ledger: true })]],
});

/** Whether there may be more than are listed. */
function isFull() {
  return (store.state.list?.length ?? 0) >= MOST;
}

/** @param {State} state */
function listOf({ filter }) {
  const asked = new URLSearchParams({ order: filter.state === "open" ? "deadline" : "newest", limit: String(MOST) });
  for (const [name, value] of Object.entries(filter)) if (value) asked.set(name, value);
  return `/api/incidents?${asked}`;
}

/** @param {FormActs} acts */
function barView(acts) {
  const { list, filter, link, problem, now } = store.state;
  const late = (list ?? []).filter((one) => toneOf(one, now) === "late").length;
  const soon = (list ?? []).filter((one) => toneOf(one, now) === "soon").length;
  /** @type {[string, string, [string, string][]][]} */
  const choices = [
    ["state", text("cases.filter-state"), [["open", text("cases.all-open")], ["", text("cases.all")], ...page.states.map((/** @type {string} */ code) => [code, stateName(code)])]],
    ["level", text("cases.filter-level"), [["", text("cases.all")], ...LEVELS.map((code) => /** @type {[string, string]} */ ([code, text(`incident.level.${code}`)]))]],
    ["category", text("page.incident.category"), [["", text("cases.all")], ...Object.keys(page.categories).map((code) => /** @type {[string, string]} */ ([code, categoryName(code)]))]],
    ["area", text("cases.filter-area"), [["", text("cases.all")], ...page.townships]],
  ];
  return html`<div class="bar"><h2>${text("cases.desk")}</h2><p class="counts" role="status">${text(isFull() ? "cases.counts-first" : "cases.counts", { count: list?.length ?? 0, soon, late })}</p></div>
    <form class="filters" @submit=${(/** @type {Event} */ event) => event.preventDefault()}>${choices.map(([name, label, options]) => html`<label class="field"><span>${label}</span>
      <select id="filter-${name}" @change=${(/** @type {*} */ { target }) => acts.filter(name, target.value)}>${options.map(([code, words]) => html`<option value=${code} ?selected=${filter[name] === code}>${words}</option>`)}</select></label>`)}
      <label class="tick wide"><input type="checkbox" id="filter-overdue" ?checked=${filter.overdue === "true"} @change=${(/** @type {*} */ { target }) => acts.filter("overdue", target.checked ? "true" : "")}> ${text("cases.only-overdue")}</label></form>
    ${link === "asking" ? html`<p class="note" role="status">${text("cases.link-asking")}</p>` : nothing}
    ${problem ? refusal(problem) : nothing}`;
}
