// Who is nearest to which of a set of sites. Of equally near ones the candidate of the lowest row is taken, as in planning.
import { UNREACHABLE, neverIn } from "./matrix.js";

/**
 * The nearest and the second nearest site of every place: −1 and UNREACHABLE where there is none.
 * @typedef {{
 *   sites: number[], first: Int32Array, firstS: Int32Array, second: Int32Array, secondS: Int32Array,
 * }} Ranked
 */

/** @typedef {{ sites: number[], allocation: Int32Array, seconds: Int32Array }} Allocated `sites` ascending */

/** @typedef {{ rows: number, seconds: Uint16Array | Int32Array }} Times as in a matrix, column by column */

/**
 * @param {Times} times
 * @param {Iterable<number>} sites candidates, in any order
 * @returns {Ranked}
 */
export function rankSites({ rows, seconds }, sites) {
  const ascending = [...new Set(sites)].sort((a, b) => a - b);
  const ranked = {
    sites: ascending, first: new Int32Array(rows).fill(-1), firstS: new Int32Array(rows).fill(UNREACHABLE),
    second: new Int32Array(rows).fill(-1), secondS: new Int32Array(rows).fill(UNREACHABLE),
  };
  const { first, firstS, second, secondS } = ranked;
  const never = neverIn(seconds);
  for (const site of ascending) {
    for (let i = 0, at = site * rows; i < rows; i += 1, at += 1) {
      const here = seconds[at];
      if (here === never) continue;
      if (here < firstS[i]) {
        second[i] = first[i];
        secondS[i] = firstS[i];
        first[i] = site;
        firstS[i] = here;
      } else if (here < secondS[i]) {
        second[i] = site;
        secondS[i] = here;
      }
    }
  }
  return ranked;
}

/**
 * Everybody at the nearest site.
 * @param {Ranked} ranked
 * @returns {Allocated}
 */
export function allocationOf({ sites, first, firstS }) {
  return { sites, allocation: first, seconds: firstS };
}

/**
 * Everybody at the nearest site once one site stands elsewhere: `from` goes (null: none does), `to` comes (null: none).
 * Whatever the number of sites, it costs one look at each place.
 * @param {Times} times
 * @param {Ranked} ranked the sites as they are
 * @param {{ from?: number | null, to?: number | null }} move
 * @returns {Allocated}
 */
export function allocateMoved({ rows, seconds: times }, ranked, { from = null, to = null }) {
  const { first, firstS, second, secondS } = ranked;
  const allocation = new Int32Array(rows);
  const seconds = new Int32Array(rows);
  const never = neverIn(times);
  for (let i = 0, at = (to ?? 0) * rows; i < rows; i += 1, at += 1) {
    const left = first[i] === from && from !== to;
    let site = left ? second[i] : first[i];
    let least = left ? secondS[i] : firstS[i];
    if (to !== null && times[at] !== never && (times[at] < least || (times[at] === least && to < site))) {
      site = to;
      least = times[at];
    }
    allocation[i] = site;
    seconds[i] = least;
  }
  const kept = ranked.sites.filter((site) => site !== from && site !== to);
  const sites = to === null ? kept : [...kept, to].sort((a, b) => a - b);
  return { sites, allocation, seconds };
}
