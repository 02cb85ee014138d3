// What a set of sites means for people when everybody goes to the nearest: the figures of planning/measures, by the same
// definitions and under the same codes, in whole numbers where those are whole.
import { allocateMoved, allocationOf, rankSites } from "./nearest.js";
import { UNREACHABLE } from "./matrix.js";

/** @import { Matrix } from "./matrix.js" */
/** @import { Allocated, Ranked } from "./nearest.js" */

/**
 * Who travels, and what sites can take.
 * @typedef {{
 *   rows: number, columns: number, seconds: Uint16Array | Int32Array, weights: Float64Array, limitS: number | null,
 *   maxTimeS: number | null, loads: Float64Array | null, capacities: Float64Array | null,
 * }} Case
 */

/**
 * `load` and `capacity` are null where nothing has a capacity, `mean_s` and `worst_s` where nobody comes.
 * @typedef {{
 *   site: number, people: number, mean_s: number | null, worst_s: number | null, load: number | null,
 *   capacity: number | null,
 * }} SiteFigures
 */

/**
 * @typedef {{
 *   people_total: number, people_within_limit: number | null, unreachable_people: number, mean_s: number | null,
 *   p95_s: number | null, worst_s: number | null, median_s: number | null, served_people: number,
 *   over_capacity_people: number, outside_people: number, loads: LoadFigures | null,
 * }} Figures
 */

/** @typedef {{ load: number, capacity: number, fullest_percent: number | null, sites_over_capacity: number }} LoadFigures */

/** @typedef {Allocated & { measures: Figures, facilities: SiteFigures[] }} Evaluation */

/**
 * @param {Matrix} matrix
 * @param {{
 *   limitS?: number | null, maxTimeS?: number | null, weights?: ArrayLike<number>, loads?: ArrayLike<number> | null,
 *   capacities?: ArrayLike<number> | null,
 * }} [otherwise] what differs from what the matrix says
 * @returns {Case}
 */
export function caseOf({ rows, columns, seconds, about }, otherwise = {}) {
  const { limitS = about.limit_s, maxTimeS = null, weights = about.weights } = otherwise;
  const { loads = about.loads ?? null, capacities = about.capacities ?? null } = otherwise;
  const counted = capacities !== null && loads !== null;
  return {
    rows, columns, seconds, limitS, maxTimeS, weights: Float64Array.from(weights),
    loads: counted ? Float64Array.from(loads) : null, capacities: counted ? Float64Array.from(capacities) : null,
  };
}

/**
 * @param {Case} theCase
 * @param {Iterable<number>} sites candidates by their rows
 * @returns {Evaluation}
 */
export function evaluate(theCase, sites) {
  return measured(theCase, allocationOf(rankSites(theCase, sites)));
}

/**
 * As `evaluate` of the sites with one moved, for a frame of a drag: `ranked` is found once, by `rankSites`.
 * @param {Case} theCase
 * @param {Ranked} ranked
 * @param {{ from?: number | null, to?: number | null }} move
 * @returns {Evaluation}
 */
export function evaluateMoved(theCase, ranked, move) {
  return measured(theCase, allocateMoved(theCase, ranked, move));
}

/**
 * @param {Case} theCase
 * @param {Allocated} allocated
 * @returns {Evaluation}
 */
function measured(theCase, allocated) {
  const counts = countSites(theCase, allocated);
  const facilities = allocated.sites.map((site, k) => siteFigures(theCase, counts, site, k));
  const measures = {
    ...timesOf(theCase, allocated), ...servedOf(theCase, allocated, counts), loads: loadsOf(theCase, facilities),
  };
  return { ...allocated, measures, facilities };
}

/** @typedef {ReturnType<typeof countSites>} Counts */

/**
 * People, their seconds and loads at each site, in the order of the sites; `near`: people within reach.
 * @param {Case} theCase
 * @param {Allocated} allocated
 */
function countSites(theCase, { sites, allocation, seconds }) {
  const { columns, loads, rows, weights } = theCase;
  const places = new Int32Array(columns);
  sites.forEach((site, k) => { places[site] = k; });
  const empty = () => new Float64Array(sites.length);
  const counts = { people: empty(), near: empty(), personS: empty(), worstS: empty().fill(-1), load: empty() };
  const reachS = reachOf(theCase);
  for (let i = 0; i < rows; i += 1) {
    if (allocation[i] >= 0) {
      const k = places[allocation[i]];
      const people = weights[i];
      counts.people[k] += people;
      counts.personS[k] += people * seconds[i];
      if (people > 0 && seconds[i] > counts.worstS[k]) counts.worstS[k] = seconds[i];
      if (seconds[i] <= reachS) counts.near[k] += people;
      if (loads) counts.load[k] += loads[i];
    }
  }
  return counts;
}

/**
 * @param {Case} theCase
 * @param {Counts} counts
 * @param {number} site
 * @param {number} k
 * @returns {SiteFigures}
 */
function siteFigures({ capacities }, counts, site, k) {
  const people = counts.people[k];
  return {
    site, people, mean_s: people ? counts.personS[k] / people : null, worst_s: people ? counts.worstS[k] : null,
    load: capacities ? counts.load[k] : null, capacity: capacities ? capacities[site] : null,
  };
}

/**
 * As planning/measures/travel_times.py: those who have no way are part of the total only, places without people of nothing.
 * @param {Case} theCase
 * @param {Allocated} allocated
 */
function timesOf({ limitS, rows, weights }, { seconds }) {
  let [total, within, reached, personS, count] = [0, 0, 0, 0, 0];
  const keys = new Float64Array(rows);
  for (let i = 0; i < rows; i += 1) {
    total += weights[i];
    if (weights[i] > 0 && seconds[i] < UNREACHABLE) {
      reached += weights[i];
      personS += weights[i] * seconds[i];
      if (limitS !== null && seconds[i] <= limitS) within += weights[i];
      keys[count] = seconds[i] * rows + i;
      count += 1;
    }
  }
  const sorted = keys.subarray(0, count).sort();
  const at = (/** @type {number} */ percent) => (count ? percentile(sorted, weights, reached, percent) : null);
  return {
    people_total: total, people_within_limit: limitS === null ? null : within, unreachable_people: total - reached,
    mean_s: count ? personS / reached : null, p95_s: at(95), worst_s: at(100), median_s: at(50),
  };
}

/**
 * The least seconds that at least `percent` of 100 people do not exceed.
 * @param {Float64Array} sorted seconds * rows + row
 * @param {Float64Array} weights
 * @param {number} total
 * @param {number} percent
 */
function percentile(sorted, weights, total, percent) {
  // Whole numbers: percent × total / 100, rounded up, without a product that could be too large to be exact.
  const hundreds = Math.floor(total / 100);
  const needed = percent * hundreds + Math.ceil((percent * (total - 100 * hundreds)) / 100);
  let running = 0;
  let k = -1;
  while (running < needed) {
    k += 1;
    running += weights[sorted[k] % weights.length];
  }
  return Math.floor(sorted[k] / weights.length);
}

/** @param {Case} theCase */
function reachOf({ limitS, maxTimeS }) {
  return Math.min(limitS ?? UNREACHABLE, maxTimeS ?? UNREACHABLE, UNREACHABLE - 1);
}

/**
 * As planning/measures/served.py: of a site that is too full the same share of all its people counts, rounded down.
 * @param {Case} theCase
 * @param {Allocated} allocated
 * @param {Counts} counts
 */
function servedOf({ capacities, weights }, { sites }, { load, near }) {
  const everyone = weights.reduce((sum, people) => sum + people, 0);
  const reached = near.reduce((sum, people) => sum + people, 0);
  const served = sites.reduce((sum, site, k) => sum + (capacities && load[k] > capacities[site]
    ? shareOf(near[k], capacities[site], load[k]) : near[k]), 0);
  return { served_people: served, over_capacity_people: reached - served, outside_people: everyone - reached };
}

/**
 * people × most ÷ wanted, rounded down.
 * @param {number} people
 * @param {number} most
 * @param {number} wanted
 */
function shareOf(people, most, wanted) {
  const product = people * most;
  if (Number.isSafeInteger(product)) return Math.floor(product / wanted);
  return Number((BigInt(people) * BigInt(most)) / BigInt(wanted));
}

/**
 * As planning/measures/loads.py.
 * @param {Case} theCase
 * @param {SiteFigures[]} facilities
 * @returns {LoadFigures | null}
 */
function loadsOf({ capacities }, facilities) {
  if (!capacities || !facilities.length) return null;
  const pairs = facilities.map(({ load, capacity }) => [Number(load), Number(capacity)]);
  const full = pairs.filter(([, most]) => most > 0).map(([one, most]) => (100 * one) / most);
  return {
    load: pairs.reduce((sum, [one]) => sum + one, 0), capacity: pairs.reduce((sum, [, most]) => sum + most, 0),
    fullest_percent: full.length ? Math.max(...full) : null, sites_over_capacity: pairs.filter(([one, most]) => one > most).length,
  };
}
