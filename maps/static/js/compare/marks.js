// The marks of places on the maps of the comparison: circles by minutes; gains are circles, losses triangles, so that grey
// print keeps them apart.
import { classOf } from "../core/classes.js";
import { page } from "../core/text.js";

/** @import { Places } from "./state.js" */

/**
 * A class of change: which way, and how many of the limits it goes beyond.
 * @typedef {{ way: "gain" | "same" | "lose" | "newly" | "gone" | "neither", step: number }} Change
 */

const LARGEST = 11;
const SMALLEST = 1.6;
const EDGE = "#2b3440";
const ORDER = ["neither", "same", "gain", "newly", "lose", "gone"];  // what lies above what: losses are never hidden

/** @returns {{ breaks: number[], gain: string[], loss: string[], same: string }} */
export const changeTheme = () => page.theme.change;

/**
 * @param {number | null} before seconds, null where nobody serves the place
 * @param {number | null} after
 * @returns {Change}
 */
export function changeOf(before, after) {
  if (before === null || after === null) {
    return { way: before === after ? "neither" : before === null ? "newly" : "gone", step: 0 };
  }
  const more = after - before;
  const step = classOf(Math.abs(more), changeTheme().breaks.map((limit) => limit * 60)) - 1;
  return step < 0 ? { way: "same", step: 0 } : { way: more > 0 ? "lose" : "gain", step };
}

/** @param {Change} change */
export const weightOf = ({ way, step }) => 10 * ORDER.indexOf(way) + step;

/**
 * Pixels of a place: by its people, more from near.
 * @param {Pick<Places, "people">} places
 */
export function radii({ people }) {
  const some = people.filter((count) => count > 0).sort((a, b) => a - b);
  const median = some[Math.floor(some.length / 2)] || 1;
  return (/** @type {number} */ k, /** @type {number} */ zoom) =>
    Math.min(LARGEST, Math.max(SMALLEST, 2.6 * Math.sqrt(people[k] / median))) * Math.max(0.6, 1.25 ** (zoom - 10.5));
}

/** @type {*} Leaflet's own workings, which its types leave out: 1.9.4 is pinned */
const CircleMarker = L.CircleMarker;

/** A triangle of the size of a circle marker, with its point up: who loses. */
const Triangle = CircleMarker.extend({
  _updatePath() {
    const { _ctx: context } = this._renderer;
    if (!this._renderer._drawing || this._empty()) return;
    const { x, y } = this._point;
    const reach = 1.35 * this._radius;
    context.beginPath();
    context.moveTo(x, y - reach);
    context.lineTo(x + 0.95 * reach, y + 0.62 * reach);
    context.lineTo(x - 0.95 * reach, y + 0.62 * reach);
    context.closePath();
    this._renderer._fillStroke(context, this);
  },
});

/**
 * @param {Change} change
 * @param {L.LatLngTuple} at
 * @param {L.CircleMarkerOptions & { radius: number }} options
 * @returns {L.CircleMarker}
 */
export function changeMark({ way, step }, at, { radius, ...options }) {
  const { gain, loss, same } = changeTheme();
  const look = { ...options, color: EDGE, weight: 0.7, fillOpacity: 1 };
  if (way === "lose") return new Triangle(at, { ...look, radius, fillColor: loss[step] });
  if (way === "gone") return new Triangle(at, { ...look, radius: 1.1 * radius, weight: 2.2, color: "#000", fillColor: page.theme.unreachable });
  if (way === "gain") return L.circleMarker(at, { ...look, radius, fillColor: gain[step] });
  if (way === "newly") return L.circleMarker(at, { ...look, radius, weight: 2.2, fillColor: gain[gain.length - 1] });
  return L.circleMarker(at, { ...look, radius: 0.6 * radius, fillColor: way === "same" ? same : page.theme.unknown });
}

/** @param {number | null} seconds */
export function minuteColour(seconds) {
  const { breaks, colours } = page.theme.measures.plan;
  return seconds === null ? page.theme.unreachable : colours[classOf(seconds, breaks.map((/** @type {number} */ limit) => limit * 60))];
}
