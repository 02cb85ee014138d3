// The button that solves, how far the solver is, and what came of it where that is no plan.
import { html, nothing } from "../../../core/html.js";
import { queueWords } from "../../../core/run.js";
import { formatGap, formatNumber, text } from "../../../core/text.js";
import { objectiveText, reasonRow, solverWords } from "../../../told/verdict.js";
import { showForm, unreadIn } from "./asking.js";
import { fieldOf, faultWords, goToField, placeWords } from "./faults.js";
import { nameOf } from "./question.js";
import { placeName } from "./words.js";

/** @import { Acts } from "../../page.js" */
/** @import { Refusal } from "../../state.js" */
/** @import { Asking } from "./asking.js" */

const FINEST = 1e-4;  // a gap of 0.01 % fills the bar

/** Refusals whose first field has been shown already. @type {WeakSet<Refusal>} */
const shownAlready = new WeakSet();

/**
 * @param {Asking} asking
 * @param {Acts} acts
 */
export function solvePart(asking, acts) {
  const { state, draft } = asking;
  const { run } = state;
  return html`<div class="solve">
    ${outcome(asking)}
    ${run ? progress(asking, acts) : nothing}
    ${draft ? html`<p class="note" role="status">${text("plan.ask.draft", { model: text(`page.model.${draft.name}`), fields: asking.missing.map((name) => nameOf(name, asking.usual.name)).join(text("page.comma")) })}</p>` : nothing}
    <button type="submit" form="question" id="solve" class="primary" ?disabled=${run !== null}>${text("page.form.run")}</button>
  </div>`;
}

/**
 * Solves, unless something in the form cannot be read: then it is shown.
 * @param {Asking} asking
 * @param {Acts} acts
 */
export function solveAsked(asking, acts) {
  const unread = Object.keys(unreadIn(asking));
  if (unread.length) return goToField(unread[0].startsWith("townships.") ? "townships" : unread[0]);
  if (asking.draft) return goToField(asking.missing[0]);
  return acts.solve();
}

/**
 * @param {Asking} asking
 * @param {Acts} acts
 */
function progress({ state, store }, acts) {
  const { run, form } = state;
  const stopping = run.id && form.stopping === run.id;
  const gap = run.progress?.gap;
  const stop = () => { showForm(store, { stopping: run.id }); acts.stop(); };
  return html`<div class="progress"><progress max="1" aria-label=${text("page.plan.certainty")} .value=${Number.isFinite(gap) ? certainty(gap) : 0}></progress>
    <p role="status">${stopping ? text("page.plan.cancelling") : progressWords(run).map((words) => html`<span>${words}</span> `)}</p>
    <button type="button" id="stop" class="plain" ?disabled=${!run.id || stopping} @click=${stop}>${text("page.form.cancel")}</button></div>`;
}

/**
 * Gaps shrink by factors, so the bar counts factors: 100 % is empty, 1 % is half, 0.01 % is full.
 * @param {number} gap
 */
function certainty(gap) {
  return Math.max(0.02, Math.min(1, Math.log(Math.max(gap, FINEST)) / Math.log(FINEST)));
}

/**
 * @param {*} run
 * @returns {string[]}
 */
function progressWords(run) {
  const waits = run.id ? queueWords(run) : null;
  if (waits) return [waits];
  const { elapsed_s: elapsed, progress: told } = run;
  const unit = { objective_unit: told?.objective_unit || "" };
  return [
    elapsed === undefined || elapsed === null ? text("page.plan.running") : text("page.plan.elapsed", { seconds: formatNumber(elapsed) }),
    ...(Number.isFinite(told?.incumbent) ? [text("page.plan.incumbent", { value: objectiveText(unit, told.incumbent) })] : []),
    ...(Number.isFinite(told?.bound) ? [text(told.sense === "max" ? "page.plan.bound-most" : "page.plan.bound", { value: objectiveText(unit, told.bound) })] : []),
    ...(Number.isFinite(told?.gap) ? [text("page.plan.gap", { share: formatGap(told.gap) })] : []),
  ];
}

/** @param {Asking} asking */
function outcome(asking) {
  const { infeasible, problem } = asking.state;
  if (infeasible) return noPlan(asking, infeasible);
  return problem ? refused(asking, problem) : nothing;
}

// Map and figures go on showing the sites as they stand: only the question has no answer.
/**
 * @param {Asking} asking
 * @param {*} plan
 */
function noPlan({ state }, plan) {
  const solver = plan.proof === "solver";
  const reasons = (plan.reasons ?? []).map((/** @type {*} */ reason) => reasonRow(reason, (/** @type {string} */ id) => placeName(state, String(id))));
  return html`<div class="verdict bad" id="infeasible" role="alert" title=${solver ? solverWords(plan) : nothing}><strong>${text(solver ? "page.card.infeasible-solver" : "page.card.infeasible")}</strong>
    ${reasons.length > 1 ? html`<p>${text("page.card.conflict")}</p>` : nothing}
    <ul class="reasons">${reasons}</ul><p class="note">${text("plan.solve.unchanged")}</p></div>`;
}

/**
 * @param {Asking} asking
 * @param {Refusal} problem
 */
function refused({ usual, store }, problem) {
  const faults = problem.faults ?? [];
  const first = faults.map(fieldOf).find(Boolean);
  if (first && !shownAlready.has(problem)) requestAnimationFrame(() => setTimeout(() => goToField(first)));
  shownAlready.add(problem);
  return html`<div class="failure" id="problem" role="alert">
    <button type="button" class="plain" aria-label=${text("page.reconstructed.close")} @click=${() => store.dispatch({ type: "show", problem: null })}>×</button>
    <p>${problem.message}</p>
    ${faults.length ? html`<ul class="problems">${faults.map((fault) => faultRow(fault, usual.name))}</ul>` : nothing}
    ${problem.more ? html`<p>${text("page.error.left-out", { count: formatNumber(problem.more) })}</p>` : nothing}</div>`;
}

/**
 * @param {import("./faults.js").Fault} fault
 * @param {string} service
 */
function faultRow(fault, service) {
  const name = fieldOf(fault);
  const words = faultWords(fault);
  if (!name) return html`<li>${placeWords(fault) ? text("page.error.named", { name: placeWords(fault), words }) : words}</li>`;
  return html`<li><button type="button" class="link" @click=${() => goToField(name)}>${nameOf(name, service)}</button>${text("page.error.named", { name: "", words })}</li>`;
}
