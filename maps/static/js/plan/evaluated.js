// What the sites on the page mean for people, worked out here at once: nobody is asked.
import { caseOf, evaluate, evaluateMoved } from "../core/evaluate.js";
import { rankSites } from "../core/nearest.js";

/** @import { Case, Evaluation } from "../core/evaluate.js" */
/** @import { Ranked } from "../core/nearest.js" */
/** @import { Ground, State } from "./state.js" */

/** @typedef {{ ground: Ground, sites: readonly string[] | undefined, theCase: Case, ranked: Ranked, settled: Evaluation }} Worked */

/** @type {Worked | null} */
let worked = null;
/** @type {{ of: Worked, from: string, to: string, found: Evaluation } | null} */
let moved = null;

/**
 * @param {State} state
 * @returns {Evaluation | null} null until travel times are there
 */
export function evaluationOf({ ground, content, dragging }) {
  if (!ground) return null;
  const { sites } = content.question;
  if (!worked || worked.ground !== ground || worked.sites !== sites) worked = work(ground, sites);
  if (!dragging) return worked.settled;
  const { from, to } = dragging;
  if (!moved || moved.of !== worked || moved.from !== from || moved.to !== to) {
    const rows = { from: ground.byId.get(from)?.row ?? null, to: ground.byId.get(to)?.row ?? null };
    moved = { of: worked, from, to, found: evaluateMoved(worked.theCase, worked.ranked, rows) };
  }
  return moved.found;
}

/**
 * @param {Ground} ground
 * @param {readonly string[] | undefined} sites
 * @returns {Worked}
 */
function work(ground, sites) {
  const theCase = caseOf(ground.matrix, { maxTimeS: ground.matrix.about.max_time_s ?? null });
  const rows = (sites ?? []).flatMap((id) => ground.byId.get(id)?.row ?? []);
  return { ground, sites, theCase, ranked: rankSites(theCase, rows), settled: evaluate(theCase, rows) };
}
