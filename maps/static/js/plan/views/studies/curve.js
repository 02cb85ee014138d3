// The trade-off curve: plans of which none is better in both goods; a point opens its sites as those of the scenario.
import { chartOfPoints, showChosen } from "../../../core/chart.js";
import { html, nothing } from "../../../core/html.js";
import { formatNumber, serviceOf, text } from "../../../core/text.js";
import { reasonRow } from "../../../told/verdict.js";
import { bodyOf, openQuestion, same } from "../../content.js";
import { showStudy, studyParts } from "./job.js";
import { areSites, nameOf, openSites } from "./words.js";

/** @import { PlanStore, State } from "../../state.js" */

const CURVES = ["mean-worst", "coverage-number", "coverage-budget"];
const COUNT = 20;  // points at most: more are hard to tell apart on a chart of this size

/** @typedef {{ key: string, of: (point: *, people: number) => number, decimals: number }} Good its axis, and its figure in the unit of the axis */

/** @type {Record<string, Good>} */
const GOODS = {
  "mean": { key: "page.study.axis-mean", of: ({ first }, people) => first / Math.max(1, people) / 60, decimals: 2 },
  "worst": { key: "page.study.axis-worst", of: ({ second }) => second / 60, decimals: 1 },
  "sites": { key: "page.study.axis-sites", of: ({ first }) => first, decimals: 0 },
  "covered": { key: "page.study.axis-people", of: ({ second }) => second, decimals: 0 },
  "paid-for": { key: "page.study.axis-people", of: ({ first }) => first, decimals: 0 },
  "money": { key: "page.study.axis-money", of: ({ second }) => second / 10000, decimals: 0 },
};
/** @type {Record<string, [string, string]>} */
const AXES = { "mean-worst": ["mean", "worst"], "coverage-number": ["sites", "covered"], "coverage-budget": ["money", "paid-for"] };

/**
 * @param {State} state
 * @param {PlanStore} store
 */
export function curveView(state, store) {
  const { question } = state.content;
  const { defaults } = serviceOf(question.service);
  if ((question.capacity ?? null) !== null && question.capacity !== defaults.capacity) return html`<p class="note">${text("page.study.no-capacity")}</p>`;  // an assumed size is left out by the server
  const curve = state.study.frontier.curve ?? CURVES[0];
  const choose = (/** @type {*} */ { target }) => showStudy(store, "frontier", { curve: target.value });
  const budget = question.budget_yuan ?? (question.sites?.length ?? 0) * (question.opening_yuan ?? defaults.opening_yuan ?? 0);
  const fields = html`<label class="field wide"><span>${text("page.study.curve")}</span><select id="study-curve" name="curve" @change=${choose}>
      ${CURVES.map((one) => html`<option value=${one} ?selected=${one === curve}>${text(`page.study.curve-${one}`)}</option>`)}</select></label>
    ${curve === "coverage-budget" ? html`<label class="field wide"><span>${text("page.conditions.budget_yuan")}</span><input id="study-budget" name="budget" type="number" min="0" step="1" value=${budget}></label>` : nothing}`;
  return studyParts({
    name: "frontier", about: text("page.study.about-frontier"), state, store, fields,
    body: (form) => bodyFor(String(form.get("curve")), form.get("budget"), state),
    isOf: (body) => same(body.plan, bodyFor(body.curve, null, state).plan) && body.curve === curve,
    answer: (found) => answer(found, state, store),
  });
}

/**
 * @param {string} curve
 * @param {*} budget
 * @param {State} state
 */
function bodyFor(curve, budget, { content }) {
  const { p, ...asked } = bodyOf(openQuestion(content));
  const plan = curve === "mean-worst" && p !== undefined ? { ...asked, p } : asked;  // the others have a point for each number of sites
  return { kind: "frontier", plan, curve, count: COUNT, ...(budget ? { budget_yuan: Number(budget) } : {}) };
}

/** @type {{ of: *, chart: SVGElement } | null} */
let drawn = null;

/**
 * @param {*} found
 * @param {State} state
 * @param {PlanStore} store
 */
function answer(found, state, store) {
  const { points, curve, complete, reasons = [] } = found.frontier;
  if (!points.length) return html`<p>${text("page.study.no-points")}</p><ul class="reasons">${reasons.map((/** @type {*} */ reason) => reasonRow(reason, (/** @type {string} */ id) => nameOf(found, id)))}</ul>`;
  const goods = AXES[curve].map((name) => GOODS[name]);
  const names = goods.map(({ key }) => text(key));
  /** @type {string[][]} */
  const words = points.map((/** @type {*} */ point) => goods.map(({ of, decimals }) => formatNumber(of(point, found.people_total), decimals)));
  /** @type {boolean[]} */
  const sure = points.map((/** @type {*} */ { proof }) => proof === "certificate" || proof === "enumerated");
  const choose = (/** @type {number} */ place) => openSites(points[place].opened, store);
  const chosen = points.findIndex((/** @type {*} */ { opened }) => areSites(opened, state.content.question.sites));
  const labels = words.map((pair, place) => [...pair.map((word, side) => `${names[side]} ${word}`), proofText(sure[place])].join(text("page.comma")));
  const chart = drawn && drawn.of === found ? drawn.chart : chartOfPoints(found.frontier.chart, { labels, onChoose: choose });
  drawn = { of: found, chart };
  showChosen(chart, chosen);
  return html`${chart}<p class="note">${text("plan.study.chart-key")}</p>
    <div class="table" tabindex="0"><table><caption>${text("page.study.points")}</caption>
      <thead><tr><th scope="col">#</th><th scope="col">${text("page.study.proof")}</th>${names.map((name) => html`<th scope="col" class="number">${name}</th>`)}</tr></thead>
      <tbody>${words.map((pair, place) => html`<tr><td><button type="button" class="link" aria-pressed=${String(place === chosen)} aria-label=${text("plan.study.open-point", { number: place + 1 })} @click=${() => choose(place)}>${place + 1}</button></td>
        <td>${proofText(sure[place])}</td>${pair.map((word) => html`<td class="number">${word}</td>`)}</tr>`)}</tbody></table></div>
    <p class="note">${text(complete ? "page.study.whole" : "page.study.part")}</p>`;
}

/** @param {boolean} sure */
function proofText(sure) {
  return text(sure ? "page.study.proven" : "page.study.unproven");
}
