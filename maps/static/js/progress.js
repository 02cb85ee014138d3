// How far a running plan is: the best so far, the bound, and the gap between them as a bar.
import { byId } from "./dom.js";
import { queueWords } from "./run.js";
import { formatGap, formatNumber, text } from "./text.js";
import { objectiveText } from "./verdict.js";

const FINEST = 1e-4;  // a gap of 0.01 % fills the bar

export function showRunning(busy) {
  byId("plan-run").disabled = busy;
  byId("plan-progress").hidden = !busy;
  byId("plan-progress-text").textContent = busy ? text("page.plan.running") : "";
  byId("plan-bar").removeAttribute("value");
  byId("plan-result").setAttribute("aria-busy", String(busy));
}

export function showProgress(run) {
  const waits = queueWords(run);
  if (waits) {
    byId("plan-progress-text").textContent = waits;
    return;
  }
  const { elapsed_s: elapsed, progress } = run;
  const parts = [text("page.plan.elapsed", { seconds: formatNumber(elapsed ?? 0) })];
  const unit = { objective_unit: progress?.objective_unit || "" };
  if (Number.isFinite(progress?.incumbent)) parts.push(text("page.plan.incumbent", { value: objectiveText(unit, progress.incumbent) }));
  if (Number.isFinite(progress?.bound)) parts.push(text(progress.sense === "max" ? "page.plan.bound-most" : "page.plan.bound", { value: objectiveText(unit, progress.bound) }));
  if (Number.isFinite(progress?.gap)) {
    parts.push(text("page.plan.gap", { share: formatGap(progress.gap) }));
    byId("plan-bar").value = certainty(progress.gap);
  }
  byId("plan-progress-text").textContent = parts.join(" · ");
}

// Gaps shrink by factors, so the bar counts factors: 100 % is empty, 1 % is half, 0.01 % is full.
export function certainty(gap) {
  return Math.max(0.02, Math.min(1, Math.log(Math.max(gap, FINEST)) / Math.log(FINEST)));
}

export function showNote(words) {
  byId("plan-progress-text").textContent = words;
}

export function showStopping() {
  byId("plan-progress-text").textContent = text("page.plan.cancelling");
}
