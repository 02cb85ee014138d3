// The ground of a county as GET /api/ground sends it; gis/ground/__init__.py tells its form.

/** @typedef {[west: number, north: number, east: number, south: number]} Box metres of the ground */

/** A line or a ring with its points one after the other, and what it lies in. @typedef {{ xy: Int32Array, box: Box }} Path */

/** @typedef {{ zoom: number, roads: [name: string, paths: Path[]][] }} Band roads with the smallest class first */

/** @typedef {{ x: number, y: number, text: string }} PointName */

/** @typedef {{ x: number, y: number, angle: number, reach: number }} Spot radians; metres to both sides */

/** @typedef {{ text: string, roadClass: string, spots: Spot[] }} LineName */

/** @typedef {{ townships: PointName[], villages: PointName[], roads: LineName[], rivers: LineName[] }} Names */

/** @typedef {{ colour: string, widths: number[], casing?: string, dash?: number[] }} LineLook */

/** @typedef {{ colour: string, size: number, weight: number, from?: number }} NameLook */

/**
 * As maps/theme.py tells it.
 * @typedef {{
 *   zooms: number[], outside: string, rim: string, land: string, settlement: string, settlementEdge: string,
 *   county: LineLook, townships: LineLook, rivers: LineLook, roads: Record<string, LineLook>, otherRoad: LineLook,
 *   bridgeCasing: string,
 *   names: { halo: string, townships: NameLook, villages: NameLook, roads: NameLook, rivers: NameLook },
 * }} Look
 */

/**
 * @typedef {{
 *   origin: [x: number, y: number], unit: number, size: [width: number, height: number],
 *   extent: [west: number, south: number, east: number, north: number],
 *   county: Path[], townships: Path[], settlements: Path[], rivers: Path[], bands: Band[],
 *   bridges: [name: string, paths: Path[]][], names: Names, look: Look,
 * }} Ground
 */

/** @typedef {Record<string, number[][]>} SentRoads */

/** @typedef {{ name: string, class?: string, spots: number[][] }} SentLine */

/**
 * @typedef {{
 *   origin: [number, number], unit: number, size: [number, number], extent: [number, number, number, number],
 *   county: number[][], townships: number[][], settlements: number[][], rivers: number[][],
 *   bands: { zoom: number, roads: SentRoads }[], bridges: SentRoads,
 *   names: {
 *     townships: [number, number, string][], villages: [number, number, string][], roads: SentLine[], rivers: SentLine[],
 *   },
 * }} SentGround
 */

const PART = 24;  // points of a line that are looked at together: a tile draws only the parts that meet it
const HALF = Math.PI * 6378137;  // of the world of web maps, metres

/**
 * @param {SentGround} sent
 * @param {Look} look
 * @returns {Ground}
 */
export function decodeGround(sent, look) {
  const { origin, unit, size, extent, names } = sent;
  return {
    origin, unit, size, extent, look, county: sent.county.map(ringOf), townships: sent.townships.flatMap(partsOf),
    settlements: sent.settlements.map(ringOf), rivers: sent.rivers.flatMap(partsOf),
    bands: sent.bands.map(({ zoom, roads }) => ({ zoom, roads: roadsOf(roads) })), bridges: roadsOf(sent.bridges),
    names: {
      townships: names.townships.map(pointName), villages: names.villages.map(pointName),
      roads: names.roads.map(lineName), rivers: names.rivers.map(lineName),
    },
  };
}

/**
 * Pixels of a metre of the ground at a zoom, and where the ground's corner lies in the world's pixels.
 * @param {Ground} ground
 * @param {number} zoom
 */
export function placing({ origin, unit }, zoom) {
  const perMetre = 128 * 2 ** zoom / HALF;
  return { scale: unit * perMetre, left: (HALF + origin[0]) * perMetre, top: (HALF - origin[1]) * perMetre };
}

/** @param {number[]} steps a point, then the steps from each to the next */
function pointsOf(steps) {
  const xy = Int32Array.from(steps);
  for (let k = 2; k < xy.length; k += 1) xy[k] += xy[k - 2];
  return xy;
}

/** @param {number[]} steps */
function ringOf(steps) {
  return boxed(pointsOf(steps));
}

/** @param {number[]} steps */
function partsOf(steps) {
  const xy = pointsOf(steps);
  /** @type {Path[]} */
  const parts = [];
  for (let k = 0; k < xy.length - 2; k += 2 * (PART - 1)) parts.push(boxed(xy.subarray(k, k + 2 * PART)));
  return parts;
}

/**
 * @param {Int32Array} xy
 * @returns {Path}
 */
function boxed(xy) {
  /** @type {Box} */
  const box = [xy[0], xy[1], xy[0], xy[1]];
  for (let k = 2; k < xy.length; k += 2) {
    box[0] = Math.min(box[0], xy[k]);
    box[1] = Math.min(box[1], xy[k + 1]);
    box[2] = Math.max(box[2], xy[k]);
    box[3] = Math.max(box[3], xy[k + 1]);
  }
  return { xy, box };
}

/**
 * @param {SentRoads} roads
 * @returns {[string, Path[]][]}
 */
function roadsOf(roads) {
  /** @type {[string, Path[]][]} */
  const decoded = Object.entries(roads).map(([name, paths]) => [name, paths.flatMap(partsOf)]);
  return decoded.reverse();
}

/** @param {[number, number, string]} sent */
function pointName([x, y, text]) {
  return { x, y, text };
}

/** @param {SentLine} sent */
function lineName({ name, class: roadClass = "", spots }) {
  const turned = spots.map(([x, y, degrees, reach]) => ({ x, y, angle: (degrees * Math.PI) / 180, reach }));
  return { text: name, roadClass, spots: turned };
}
