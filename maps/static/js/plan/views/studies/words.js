// What the answers of studies say in words: places by name, losses, exchanges, and the sites that they are about.
import { html, nothing } from "../../../core/html.js";
import { formatMinutes, formatNumber, minutesFigure, serviceOf, text } from "../../../core/text.js";
import { objectiveText } from "../../../told/verdict.js";
import { same, withFields, withSites } from "../../content.js";

/** @import { PlanStore, State } from "../../state.js" */

const EFFECTS = 3;  // places named of those helped and hurt most

/**
 * @param {*} answer
 * @param {string} id
 * @returns {string}
 */
export function nameOf(answer, id) {
  return answer.places[id]?.name || String(id);
}

/**
 * @param {*} answer
 * @param {string[]} ids
 */
export function namesOf(answer, ids) {
  return ids.map((id) => nameOf(answer, id)).join(text("page.comma"));
}

/**
 * What people lose, or win: travel of all together is told as seconds of each.
 * @param {*} answer
 * @param {number} loss
 */
export function lossText(answer, loss) {
  if (!loss) return text("page.study.unchanged");
  const size = Math.abs(loss);
  if (answer.units.loss === "person-seconds") return text(loss < 0 ? "page.study.shorter" : "page.study.longer", { seconds: formatNumber(size / Math.max(1, answer.people_total), 1) });
  return text(loss < 0 ? "page.study.gain" : "page.study.worse", { loss: objectiveText({ objective_unit: answer.units.loss }, size) });
}

/**
 * The best exchange that was not taken.
 * @param {*} answer
 */
export function swapText(answer) {
  const { swap } = answer.why_here;
  if (!swap) return html`<p>${text("page.study.no-swap")}</p>`;
  const words = text("page.study.swap", { leaving: nameOf(answer, swap.leaving), entering: nameOf(answer, swap.entering), loss: lossText(answer, swap.loss) });
  const balance = text("page.study.balance", {
    gaining: formatNumber(swap.gaining_people), gain: minutesFigure(swap.mean_gain_s), losing: formatNumber(swap.losing_people), loss: minutesFigure(swap.mean_loss_s),
  });
  return html`<div class="swap"><h4>${text("page.study.swap-title")}</h4><p>${words}</p><p>${balance}</p>
    ${swap.without_people ? html`<p>${text("page.study.without", { people: formatNumber(swap.without_people) })}</p>` : nothing}
    <ul>${effects(answer, "page.study.helped", swap.most_helped)}${effects(answer, "page.study.hurt", swap.most_hurt)}</ul>
    ${swap.proven ? nothing : html`<p class="note">${text("page.study.swap-unproven")}</p>`}</div>`;
}

/**
 * @param {*} answer
 * @param {string} key
 * @param {*[]} found
 */
function effects(answer, key, found) {
  if (!found.length) return nothing;
  const names = found.slice(0, EFFECTS).map(({ demand, before_s: before, after_s: after }) => `${nameOf(answer, demand)} ${formatMinutes(before)} → ${formatMinutes(after)}`);
  return html`<li>${text(key, { names: names.join(text("page.comma")) })}</li>`;
}

/**
 * Where the sites on the page are others than those that a study is about, it says so and offers them.
 * @param {string[]} opened
 * @param {State} state
 * @param {PlanStore} store
 */
export function aboutOthers(opened, { content }, store) {
  if (!opened.length || areSites(opened, content.question.sites)) return nothing;
  return html`<p class="note about-others">${text("plan.study.of-solved")} <button type="button" class="small" @click=${() => openSites(opened, store)}>${text("plan.study.open-solved")}</button></p>`;
}

/**
 * @param {readonly string[]} opened
 * @param {readonly string[] | undefined} sites
 */
export function areSites(opened, sites = []) {
  return same([...opened].sort(), [...sites].sort());
}

/**
 * Opens sites as those of the scenario: one step; a question that asks for another number of them asks for this one.
 * @param {readonly string[]} opened
 * @param {PlanStore} store
 */
export function openSites(opened, store) {
  const { content } = store.state;
  const { defaults } = serviceOf(content.question.service);
  const asked = content.question.p ?? defaults.p ?? null;
  const counted = asked === null || asked === opened.length ? content : withFields(content, { p: opened.length === defaults.p ? null : opened.length });
  store.dispatch({ type: "content", content: withSites(counted, opened) });
}
