// Whether anything better exists: what a model has proven of just these sites, else that nobody has, and the way to know.
import { html, nothing } from "../../../core/html.js";
import { formatNumber, text } from "../../../core/text.js";
import { verdict } from "../../../told/verdict.js";
import { confirmedPlan } from "../../frame.js";
import { planFileOf } from "../../server.js";

/** @import { Acts } from "../../page.js" */
/** @import { PlanStore, State } from "../../state.js" */

const FEW = 4;  // so many broken conditions stand open at once
const NAMED = 12;  // places named of a broken condition; the rest are counted

/**
 * @param {State} state
 * @param {PlanStore} store
 * @param {Acts} acts
 */
export function proofOf(state, store, acts) {
  const plan = confirmedPlan(state);
  const answered = plan ? state.confirmed?.answered : null;
  if (plan && answered) return html`${told(verdict({ ...plan, ...answered }))}${fileOf(state, store)}${brokenOf(plan)}`;
  const isAsked = !plan && !state.dragging && !state.problem && state.content.question.sites?.length;
  if (isAsked) return html`<div class="verdict asked" id="plan-proof">${text("plan.proof-asked")}</div>`;
  return html`<div class="verdict fair" id="plan-proof"><strong>${text("plan.as-placed")}</strong><span>${text("plan.as-placed-more")}</span>
    <button type="button" class="small" id="solve-here" ?disabled=${state.run !== null || state.dragging !== null} @click=${acts.solve}>${text("plan.solve-here")}</button></div>${plan ? brokenOf(plan) : nothing}`;
}

/** @param {ReturnType<typeof verdict>} said */
function told({ level, words, more, detail }) {
  return html`<div class=${`verdict ${level}`} id="plan-proof"><strong>${words}</strong>${more ? html`<span title=${detail ?? nothing}>${more}</span>` : nothing}</div>`;
}

// The plan with all that its proof needs, as a file that can be checked elsewhere.
/**
 * @param {State} state
 * @param {PlanStore} store
 */
function fileOf({ content }, store) {
  const take = () => planFileOf(content).then(saveFrom).catch((problem) => store.dispatch({ type: "show", problem }));
  return html`<p class="file"><button type="button" class="link" id="plan-file" @click=${take}>${text("page.verify.download")}</button><small>${text("page.verify.how", { file: "plan-….json" })}</small></p>`;
}

/** @param {{ address: string, name: string }} file */
function saveFrom({ address, name }) {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}

// Conditions of the question that these sites do not keep.
function brokenOf(/** @type {*} */ { broken = [] }) {
  if (!broken.length) return nothing;
  const rest = broken.length > FEW ? broken.slice(FEW - 1) : [];
  return html`<div class="broken" id="plan-broken"><h3>${text("plan.broken")}</h3><p class="note">${text("plan.broken-solve")}</p>${listOf(broken.slice(0, broken.length - rest.length))}
    ${rest.length ? html`<details><summary>${text("plan.broken-more", { count: formatNumber(rest.length) })}</summary>${listOf(rest)}</details>` : nothing}</div>`;
}

function listOf(/** @type {*[]} */ broken) {
  return html`<ul>${broken.map((one) => html`<li>${one.words}${namesOf(one)}</li>`)}</ul>`;
}

// Who they are, where the sentence itself counts them only.
function namesOf(/** @type {*} */ { names = [] }) {
  if (names.length < 2) return nothing;
  return html`<details><summary>${text("plan.broken-names")}</summary>${names.slice(0, NAMED).join(text("page.comma"))}${names.length > NAMED ? "…" : ""}</details>`;
}
