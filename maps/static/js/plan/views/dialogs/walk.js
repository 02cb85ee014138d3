// The walk through the page, six steps beside the parts that they are about: shown at the first visit, and when asked for.
import { html } from "../../../core/html.js";
import { text } from "../../../core/text.js";
import { rememberVisit } from "../../visits.js";

/** @import { Acts } from "../../page.js" */
/** @import { PlanStore, State } from "../../state.js" */

/** Each step: the part of the page on a narrow screen, and what it points at. */
const STEPS = [
  { name: "choices", part: "choices", at: "#choices" },
  { name: "map", part: "map", at: "#map-area" },
  { name: "tools", part: "map", at: "#tools" },
  { name: "figures", part: "figures", at: "#figures" },
  { name: "villages", part: "villages", at: "#villages" },
  { name: "scenario", part: "map", at: "#scenario-menu" },
];
const GAP = 12;

/**
 * @param {State} state
 * @param {PlanStore} store
 * @param {Acts} _acts
 */
export function walkView({ dialog, told, conflict }, store, _acts) {
  if (dialog !== "walk" || conflict) return notShown();
  const k = told.step ?? 0;
  const go = (/** @type {number} */ step) => store.dispatch({ type: "show", part: STEPS[step].part, told: { step } });
  if (told.step === undefined) queueMicrotask(() => go(0));
  const end = () => { rememberVisit(); store.dispatch({ type: "show", dialog: null, told: {} }); };
  const keys = (/** @type {KeyboardEvent} */ event) => { if (event.key === "Escape") { event.stopPropagation(); end(); } };
  requestAnimationFrame(() => place(STEPS[k], k));
  const isLast = k === STEPS.length - 1;
  return html`<div class="spot" id="spot"></div>
    <dialog id="walk" class="walk" open aria-labelledby="walk-title" @keydown=${keys}>
      <p class="note">${text("plan.walk.of", { k: k + 1, n: STEPS.length })}</p>
      <h2 id="walk-title">${text(`plan.walk.${STEPS[k].name}`)}</h2>
      <p>${text(`plan.walk.${STEPS[k].name}-about`)}</p>
      <div class="bar">
        <button type="button" id="walk-end" @click=${end}>${text("plan.walk.end")}</button>
        <button type="button" id="walk-back" ?disabled=${k === 0} @click=${() => go(k - 1)}>${text("plan.walk.back")}</button>
        <button type="button" id="walk-next" class="primary" @click=${isLast ? end : () => go(k + 1)}>${text(isLast ? "plan.walk.done" : "plan.walk.next")}</button>
      </div>
    </dialog>`;
}

let placed = -1;

function notShown() {
  placed = -1;
  return html``;
}

/**
 * The card stands beside what it is about, or on it where there is no room beside.
 * @param {{ at: string }} step
 * @param {number} k
 */
function place({ at }, k) {
  const [card, spot] = [document.getElementById("walk"), document.getElementById("spot")];
  const target = document.querySelector(at)?.getBoundingClientRect();
  if (!card || !spot || !target) return;
  Object.assign(spot.style, { left: `${target.left}px`, top: `${target.top}px`, width: `${target.width}px`, height: `${target.height}px` });
  const { offsetWidth: width, offsetHeight: height } = card;
  const beside = [target.right + GAP, target.left - GAP - width].find((x) => x >= GAP && x + width <= innerWidth - GAP);
  const left = beside ?? clamp(target.left + (target.width - width) / 2, GAP, innerWidth - width - GAP);
  const below = [target.bottom + GAP, target.top - GAP - height].find((y) => y >= GAP && y + height <= innerHeight - GAP);
  const top = beside === undefined ? below ?? innerHeight - height - 2 * GAP : clamp(target.top + GAP, GAP, innerHeight - height - GAP);
  Object.assign(card.style, { left: `${left}px`, top: `${top}px` });
  if (placed !== k) document.getElementById("walk-next")?.focus();
  placed = k;
}

/**
 * @param {number} value
 * @param {number} least
 * @param {number} most
 */
function clamp(value, least, most) {
  return Math.max(least, Math.min(most, value));
}
