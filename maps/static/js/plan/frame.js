// What is told of the sites: what the server has confirmed of them, else what was worked out here a moment ago.

import { UNREACHABLE } from "../core/matrix.js";

/** @import { Evaluation, Figures } from "../core/evaluate.js" */
/** @import { State } from "./state.js" */

/**
 * What is told of a site; `load` and `capacity` are missing where nothing has a capacity.
 * @typedef {{ people: number, mean_s: number | null, worst_s: number | null, load?: number | null, capacity?: number | null }} SiteTold
 */

/**
 * `plan` is the server's, null until it has confirmed just these sites; `provisional`: loads that may still change.
 * @typedef {{ plan: * | null, measures: Figures, sites: Map<string, SiteTold>, provisional: boolean }} Frame
 */

/**
 * The server's plan of what is on the page now.
 * @param {Pick<State, "confirmed" | "content" | "dragging">} state
 */
export function confirmedPlan({ confirmed, content, dragging }) {
  return confirmed && confirmed.of === content && !dragging ? confirmed.plan : null;
}

/**
 * @param {State} state
 * @param {Evaluation} evaluation
 * @returns {Frame}
 */
export function frameOf(state, evaluation) {
  const plan = confirmedPlan(state);
  const { candidates } = /** @type {import("./state.js").Ground} */ (state.ground);
  const sites = plan ? plan.facilities.map((/** @type {*} */ one) => [one.id, one]) : evaluation.facilities.map((one) => [candidates[one.site].id, one]);
  const loaded = evaluation.measures.loads !== null;
  return { plan, measures: plan?.measures ?? evaluation.measures, sites: new Map(sites), provisional: loaded && (!plan || plan.provisional) };
}

/**
 * Seconds within which people count as served: the limit, or the longest time that is asked where it is less.
 * @param {Pick<State, "content" | "ground">} state
 */
export function reachOf({ content, ground }) {
  const limit = ground?.matrix.about.limit_s ?? Infinity;
  const most = content.question.max_minutes;
  return typeof most === "number" ? Math.min(limit, most * 60) : limit;
}

/** @type {{ plan: *, seconds: ArrayLike<number> } | null} */
let allocated = null;

/**
 * Seconds by row, UNREACHABLE where there is no way: as the server allocates within capacities once it has, else to the nearest.
 * @param {State} state
 * @param {Evaluation} evaluation
 * @returns {ArrayLike<number>}
 */
export function secondsShown(state, evaluation) {
  const plan = confirmedPlan(state);
  if (plan?.allocated_by !== "capacity") return evaluation.seconds;
  if (allocated && allocated.plan === plan) return allocated.seconds;
  const { secondsOf } = goingOf(state, evaluation);
  const seconds = evaluation.seconds.map((_, row) => secondsOf(row) ?? UNREACHABLE);
  allocated = { plan, seconds };
  return seconds;
}

/**
 * Where each place goes and how long it takes: as the server has it where sites take only so much, else to the nearest.
 * @param {State} state
 * @param {Evaluation} evaluation
 * @returns {{ siteOf: (row: number) => string | null, secondsOf: (row: number) => number | null }}
 */
export function goingOf(state, evaluation) {
  const ground = /** @type {import("./state.js").Ground} */ (state.ground);
  const plan = confirmedPlan(state);
  if (plan?.allocated_by === "capacity") {
    /** @type {Map<string, *>} */
    const sent = new Map();
    for (const one of plan.allocation) if (!(sent.get(one.demand_id)?.seconds >= one.seconds)) sent.set(one.demand_id, one);  // of parts the one that goes farthest
    const of = (/** @type {number} */ row) => sent.get(ground.matrix.about.demand_ids[row]);
    return { siteOf: (row) => of(row)?.facility_id ?? null, secondsOf: (row) => of(row)?.seconds ?? null };
  }
  const { allocation, seconds } = evaluation;
  return { siteOf: (row) => (allocation[row] < 0 ? null : ground.candidates[allocation[row]].id), secondsOf: (row) => (allocation[row] < 0 ? null : seconds[row]) };
}
