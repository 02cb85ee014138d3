// The state of the comparison: which schemes stand beside each other, which two are looked at, and what the server tells.
import { createStore } from "../core/state.js";

/** @import { Store } from "../core/state.js" */

/** @typedef {Error & { faults?: *[], more?: number }} Refusal as api.js makes it */

/**
 * What `GET /api/compare` tells; README says what each part is.
 * @typedef {{
 *   service: string, service_name: string, limit_minutes: number | null, base: string, weights_basis: string, notes: string[], differs: string[],
 *   versions: { differ: boolean, layers: string[], places: *[], people: *[] },
 *   schemes: Scheme[], measures: Measure[], differences: Difference[], places: Places, actions: Record<string, Action[]>,
 *   futures: Futures | null, curve: Curve | null, made_good: *[], heard: Heard[],
 * }} Comparison
 */

/** A publication of a scheme, and how many remarks came in. @typedef {{ key: string, slug: string, title: string, stage: string, total: number, answered: number }} Heard */

/**
 * A trade-off curve with the schemes that lie beside it; `x` and `y` in the units of the axes.
 * @typedef {{
 *   run: string, curve: string, complete: boolean, question: *, axes: string[], chart: string,
 *   points: { first: number, second: number, x: number, y: number, proof: string | null, opened: string[], names: string[] }[],
 *   schemes: { key: string, x: number, y: number, sites: number }[], elsewhere: string[],
 * }} Curve
 */

/** @typedef {{ today: number | null, p5: number | null, median: number | null, p95: number | null, least: number | null, most: number | null, none: number }} Spread */

/**
 * The schemes in common random futures, as `POST /api/futures` comes to.
 * @typedef {{
 *   run: string, seed: number, count: number, computed: number, note: string, schemes: { key: string, opened: string[] }[],
 *   assumptions: { code: string, words: string }[], figures: { code: string, name: string, unit: string, better: string | null }[],
 *   ranges: Record<string, Record<string, Spread>>,
 *   pairs: { first: string, second: string, figures: Record<string, { first: number, alike: number, second: number }> }[],
 *   resolved: { keys: string[], of: number, statuses: Record<string, number>, chosen: { id: string, name: string, township: string | null, times: number }[] }[],
 * }} Futures
 */

/**
 * @typedef {{
 *   key: string, reference: string, kind: "today" | "run" | "scenario", name: string, county_version: string, status: string,
 *   proof: string | null, gap: number | null, bound: number | null, objective: number | null, objective_unit: string | null,
 *   mode: string, limit_minutes: number, verdict: { level: string, words: string, more: string }, asked: string, sites: *[], measures: *, spent_yuan: number | null, edits_told: string[], question: *,
 * }} Scheme
 */

/**
 * @typedef {{
 *   code: string, name: string, unit: string, definition: string, better: "more" | "less" | null, comparable: boolean,
 *   values: Record<string, number>, best: string[],
 * }} Measure
 */

/**
 * @typedef {{ id: string, name: string, township: string | null, lon: number, lat: number, people: number, elders: number | null, before_s: number, after_s: number | null, more_s: number | null }} Loser
 */

/**
 * @typedef {{
 *   from: string, to: string, measures: Record<string, number>,
 *   people: { same: number, gain: number, lose: number, newly_served: number, no_longer_served: number, unserved: number },
 *   person_seconds: { gained: number, lost: number, net: number }, losers: Loser[],
 *   losers_sum: { places: number, people: number, elders: number | null }, townships: *[],
 * }} Difference
 */

/** @typedef {{ ids: string[], names: string[], townships: (string | null)[], lon: number[], lat: number[], people: number[], elders: number[] | null, seconds: Record<string, (number | null)[]> }} Places columns */

/** @typedef {{ act: string, site: string, name: string, township: string | null, yuan: number | null, year?: number | null, floor_area_m2?: number | null }} Action */

/** A scheme that can be taken in: its reference, its name, and what tells it apart. @typedef {{ reference: string, name: string, service: string | null, at: string | null }} Offered */

/**
 * `pair`: keys of the two that are looked at; `madeGood`: the fewest added sites of the pairs that were asked for, by
 * "from-to", `making` while they are sought; `futuresRun`, `studyRun`: the runs whose futures and curve are shown or wanted,
 * `asking` and `drawing` while they are computed.
 * @typedef {{
 *   references: readonly string[], comparison: Comparison | null, pair: readonly [string, string] | null, offered: Offered[] | null,
 *   sort: import("../core/rows.js").Sort | null, chosen: string | null, madeGood: Record<string, *>, making: boolean,
 *   futures: Futures | null, futuresRun: string | null, asking: Asking | null, futuresProblem: Refusal | null,
 *   curve: Curve | null, studyRun: string | null, drawing: Asking | null, curveProblem: Refusal | null,
 *   problem: Refusal | null, loading: boolean,
 * }} State
 */

/** A run that is waited for, null until the server has it. @typedef {{ run: import("../core/run.js").Run | null }} Asking */

/**
 * @typedef {{ type: "show" } & Partial<State>
 *   | { type: "references", references: readonly string[] }
 *   | { type: "told", comparison: Comparison }
 *   | { type: "pair", pair: readonly [string, string] }} Change
 */

/** @typedef {Store<State, Change, null>} CompareStore */

/**
 * @param {import("./address.js").Asked} asked
 * @returns {CompareStore}
 */
export function createCompareStore(asked) {
  /** @type {State} */
  const initial = {
    ...asked, comparison: null, offered: null, sort: null, chosen: null, madeGood: {}, making: false, problem: null, loading: false,
    futures: null, asking: null, futuresProblem: null, curve: null, drawing: null, curveProblem: null,
  };
  return createStore(reduce, initial, { partOf: () => null, withPart: (state) => state });
}

/** What was asked about other schemes says nothing of these. */
const NOT_ASKED = {
  madeGood: {}, making: false, futures: null, futuresRun: null, asking: null, futuresProblem: null,
  curve: null, drawing: null, curveProblem: null,  // its run may well be of those that are left
};

/**
 * @param {State} state
 * @param {Change} change
 * @returns {State}
 */
function reduce(state, change) {
  const { type, ...fields } = change;
  switch (type) {
    case "references":
      return { ...state, ...fields, ...(tooFew(/** @type {{ references?: readonly string[] }} */ (fields)) ? { comparison: null } : {}), ...NOT_ASKED, chosen: null, problem: null };
    case "told": {
      const { comparison } = /** @type {{ comparison: Comparison }} */ (fields);
      return { ...state, comparison, pair: pairIn(comparison, state.pair), making: false, futures: comparison.futures, curve: comparison.curve, problem: null, loading: false };
    }
    case "pair":
      return { ...state, ...fields, making: false, chosen: null };
    default:
      return { ...state, ...fields };
  }
}

/** @param {{ references?: readonly string[] }} fields what was compared before stays in sight until its successor is there */
function tooFew({ references = [] }) {
  return references.length < 2;
}

/**
 * The pair that is looked at: the one that was, where both are still there, else the first two.
 * @param {Comparison} comparison
 * @param {readonly [string, string] | null} pair
 * @returns {readonly [string, string]}
 */
function pairIn({ schemes }, pair) {
  const keys = schemes.map(({ key }) => key);
  return pair && pair[0] !== pair[1] && pair.every((key) => keys.includes(key)) ? pair : [keys[0], keys[1]];
}

/**
 * What changes from one scheme to another; the server tells each pair once, the other way round it is turned.
 * @param {Comparison} comparison
 * @param {readonly [string, string]} pair
 */
export function differenceOf({ differences }, [from, to]) {
  return differences.find((one) => one.from === from && one.to === to) ?? null;
}

/**
 * @param {Comparison} comparison
 * @param {string} key
 */
export function schemeOf({ schemes }, key) {
  return /** @type {Scheme} */ (schemes.find((one) => one.key === key));
}
