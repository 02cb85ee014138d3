// Year by year: what opens and closes, what it costs, how many people are within the limit at its end; years on the map.
import { html, nothing } from "../../../core/html.js";
import { formatNumber, formatShare, serviceOf, text } from "../../../core/text.js";
import { reasonRow } from "../../../told/verdict.js";
import { bodyOf, openQuestion, same } from "../../content.js";
import { studyParts } from "./job.js";
import { aboutOthers, areSites, nameOf, namesOf } from "./words.js";

/** @import { PlanStore, State } from "../../state.js" */

const YEARS = 5;  // so many years the usual budget takes

/**
 * @param {State} state
 * @param {PlanStore} store
 */
export function yearsView(state, store) {
  const { question } = state.content;
  const opening = question.opening_yuan ?? serviceOf(question.service).defaults.opening_yuan ?? 0;
  const built = (question.sites ?? []).filter((id) => state.ground?.byId.get(id)?.origin !== "facility").length;
  const usual = state.study.phasing.body?.yearly_budget_yuan ?? Math.max(opening, Math.ceil((built * opening) / YEARS));
  return studyParts({
    name: "phasing", about: text("page.study.about-phasing"), state, store,
    fields: html`<label class="field wide"><span>${text("page.study.yearly")}</span><input id="study-yearly" name="yearly" type="number" min="0" step="1" value=${usual}></label>`,
    body: (form) => ({ kind: "phasing", plan: bodyOf(openQuestion(state.content)), ...(form.get("yearly") ? { yearly_budget_yuan: Number(form.get("yearly")) } : {}) }),
    isOf: ({ plan }) => same(plan, bodyOf(openQuestion(state.content))),
    answer: (found) => answer(found, state, store),
  });
}

/**
 * @param {*} found
 * @param {State} state
 * @param {PlanStore} store
 */
function answer(found, state, store) {
  const { phasing } = found;
  const told = html`<p id="study-order">${text(`page.study.phasing-${phasing.status}`)}</p>`;
  const ignored = phasing.capacities_counted ? nothing : html`<p class="note">${text("page.study.capacity-ignored")}</p>`;
  if (!phasing.years.length) return html`${told}<ul class="reasons">${phasing.reasons.map((/** @type {*} */ reason) => reasonRow(reason, (/** @type {string} */ id) => nameOf(found, id)))}</ul>${ignored}`;
  const columns = ["year", "opened", "spent", "covered"].map((name) => text(`page.study.column-${name}`));
  return html`${told}${aboutOthers(found.plan.opened, state, store)}${yearsOnMap(found, state, store)}
    <div class="table" tabindex="0"><table><caption>${text("page.study.years")}</caption>
      <thead><tr>${columns.map((name, k) => html`<th scope="col" class=${k > 1 ? "number" : ""}>${name}</th>`)}</tr></thead>
      <tbody><tr><td>${text("page.study.today")}</td><td></td><td></td><td class="number">${share(phasing.today)}</td></tr>
        ${phasing.years.map((/** @type {*} */ year) => yearRow(found, year))}</tbody></table></div>
    ${phasing.end_is_optimal ? nothing : html`<p class="note">${text("page.study.end-unproven")}</p>`}
    <p class="note">${text(found.tables?.["unit-costs"] ? "page.note.costs-of-office" : "page.note.costs-assumed")}</p>${ignored}`;
}

/**
 * @param {*} found
 * @param {State} state
 * @param {PlanStore} store
 */
function yearsOnMap(found, state, store) {
  if (!areSites(found.plan.opened, state.content.question.sites)) return nothing;
  const years = new Map(found.phasing.years.flatMap((/** @type {*} */ { year, opened }) => opened.map((/** @type {string} */ id) => [id, year])));
  const change = (/** @type {*} */ { target }) => store.dispatch({ type: "show", years: target.checked ? years : null });
  return html`<label class="tick"><input id="years-on-map" type="checkbox" .checked=${state.years !== null} @change=${change}> ${text("plan.study.years-on-map")}</label>`;
}

/**
 * @param {*} found
 * @param {*} year
 */
function yearRow(found, { year, opened, closed, spent_yuan: spent, carried_yuan: carried, measures }) {
  return html`<tr><td>${year}</td>
    <td>${opened.length ? `+ ${namesOf(found, opened)}` : text("page.study.nothing")}${closed.length ? html`<small>− ${namesOf(found, closed)}</small>` : nothing}</td>
    <td class="number">${formatNumber(spent / 10000, 1)}<small>${text("page.study.carried", { money: formatNumber(carried / 10000, 1) })}</small></td>
    <td class="number">${share(measures)}</td></tr>`;
}

/** @param {{ people_within_limit: number, people_total: number }} measures */
function share({ people_within_limit: within, people_total: total }) {
  return html`${formatShare(within, total)}<small>${formatNumber(within)}</small>`;
}
