// Villages on the map: size by people, colour by minutes to the site that they go to; the worst served stand out.
import { classOf, coloursFor, quantileBreaks } from "../../core/classes.js";
import { reachOf, secondsShown } from "../frame.js";
import { page } from "../../core/text.js";
import { UNREACHABLE } from "../../core/matrix.js";

/** @import { Evaluation } from "../../core/evaluate.js" */
/** @import { Ground, Place, PlanStore, State } from "../state.js" */

/** @typedef {{ breaks: number[], colours: string[], unit: string | null, unreachable: boolean }} Scale */

const LARGEST = 13;
const SMALLEST = 1.8;
/** Colours that are those of another measure. @type {Record<string, string>} */
const MEASURES = { townships: "plan", office: "township" };
/** Those beyond the limit stand out; the others let the ground show through. */
const SERVED = { color: "#ffffff", weight: 0.6, fillOpacity: 0.8 };
/** Without any way: a ring, which no colour class is, nor the symbol of any service. */
const CUT_OFF = { color: page.theme.unreachable, weight: 2.6, fillColor: "#ffffff", fillOpacity: 1 };
const BEYOND = { color: "#1f2a37", weight: 1.8, fillOpacity: 1 };

/**
 * @param {L.Map} map
 * @param {PlanStore} store
 */
export function villagesOn(map, store) {
  const renderer = L.canvas({ pane: "villages", padding: 0.3 });
  const group = L.layerGroup().addTo(map);
  /** @type {Map<string, L.CircleMarker>} */
  const circles = new Map();
  /** @type {string[]} */
  let painted = [];
  let median = 1;

  /** @param {Place} place */
  const radiusOf = (place) => Math.min(LARGEST, Math.max(SMALLEST, 2.9 * Math.sqrt((peopleAt(place) ?? 0) / median))) * Math.max(0.5, 1.25 ** (map.getZoom() - 11));

  function draw(/** @type {Map<string, Place>} */ places) {
    group.clearLayers();
    circles.clear();
    const people = [...places.values()].map((place) => peopleAt(place) ?? 0).filter((count) => count > 0).sort((a, b) => a - b);
    median = people[Math.floor(people.length / 2)] || 1;
    // The large first, so that they never hide the small.
    for (const place of [...places.values()].sort((a, b) => (peopleAt(b) ?? 0) - (peopleAt(a) ?? 0))) {
      const circle = L.circleMarker([place.lat, place.lon], { renderer, pane: "villages", ...SERVED, radius: radiusOf(place), fillColor: page.theme.plain });
      circle.on("click", (event) => { L.DomEvent.stopPropagation(event); onVillage(place, store); });
      circle.on("mouseover", () => store.dispatch({ type: "show", hovered: place.id }));
      circle.on("mouseout", () => store.dispatch({ type: "show", hovered: null }));
      circle.bindTooltip(() => place.name, { direction: "top" });
      circles.set(place.id, circle.addTo(group));
    }
    painted = [];
  }

  map.on("zoomend", () => { for (const [id, circle] of circles) circle.setRadius(radiusOf(/** @type {Place} */ (store.state.places.get(id)))); });

  return {
    circles, draw,
    /** Where the circles stand, in pixels of the map. */
    boxes: () => [...circles.values()].map((circle) => boxOf(map.latLngToContainerPoint(circle.getLatLng()), circle.getRadius())),
    /**
     * @param {State} state
     * @param {Evaluation | null} evaluation
     */
    paint(state, evaluation) {
      const colours = coloursOf(state, evaluation);
      const beyond = beyondLimit(state, evaluation);
      let k = 0;
      for (const [id, circle] of circles) {
        const fillColor = colours.get(id) ?? page.theme.unknown;
        const look = fillColor === page.theme.unreachable ? CUT_OFF : beyond.has(id) ? BEYOND : SERVED;
        const key = `${fillColor} ${look.color}`;
        if (painted[k] !== key) circle.setStyle({ fillColor, ...look });
        painted[k] = key;
        k += 1;
      }
    },
  };
}

/**
 * @param {Place} place
 * @param {PlanStore} store
 */
function onVillage(place, store) {
  const { tool, ground } = store.state;
  if (tool.kind === "move" && ground?.byId.has(place.id)) store.dispatch({ type: "site-moved", from: tool.from, to: place.id, tool: { kind: "look" }, selected: { kind: "site", id: place.id } });
  else if (tool.kind === "add" && ground?.byId.has(place.id)) store.dispatch({ type: "site-added", id: place.id, tool: { kind: "look" }, selected: { kind: "site", id: place.id } });
  else store.dispatch({ type: "show", selected: { kind: "village", id: place.id } });
}

/** @param {Place} place */
function peopleAt(place) {
  return place.resident ?? place.registered;
}

/**
 * @param {State} state
 * @returns {Scale}
 */
export function scaleOf({ colour, places }) {
  const spec = page.theme.measures[MEASURES[colour] ?? colour];
  if (!spec) return { breaks: [], colours: [], unit: null, unreachable: false };
  const breaks = spec.breaks === "quantiles" ? quantileBreaks([...places.values()].map((place) => peopleAt(place)), spec.colours.length) : [...spec.breaks];
  return { breaks, colours: coloursFor(breaks, spec.colours), unit: spec.unit, unreachable: colour !== "people" };
}

/**
 * @param {State} state
 * @param {Evaluation | null} evaluation
 * @returns {Map<string, string>}
 */
function coloursOf(state, evaluation) {
  const { breaks, colours } = scaleOf(state);
  if (state.colour === "people") return new Map([...state.places.values()].map((place) => [place.id, colours[classOf(peopleAt(place) ?? 0, breaks)]]));
  if (state.colour === "office") return officeColours(state.office ?? new Map(), breaks, colours);
  if (state.colour !== "plan" || !evaluation || !state.ground) return new Map();
  const seconds = secondsShown(state, evaluation);
  const ids = state.ground.matrix.about.demand_ids;
  return new Map(ids.map((id, row) => [id, seconds[row] >= UNREACHABLE ? page.theme.unreachable : colours[classOf(seconds[row] / 60, breaks)]]));
}

/**
 * @param {Map<string, number | null>} office seconds to the township's office
 * @param {number[]} breaks
 * @param {string[]} colours
 */
function officeColours(office, breaks, colours) {
  return new Map([...office].map(([id, seconds]) => [id, seconds === null ? page.theme.unreachable : colours[classOf(seconds / 60, breaks)]]));
}

/**
 * @param {State} state
 * @param {Evaluation | null} evaluation
 * @returns {Set<string>}
 */
function beyondLimit(state, evaluation) {
  const { colour, ground } = state;
  if (colour !== "plan" || !evaluation || !ground) return new Set();
  const reach = reachOf(state);
  const seconds = secondsShown(state, evaluation);
  return new Set(ground.matrix.about.demand_ids.filter((_, row) => seconds[row] > reach));
}

/**
 * Minutes of a place to the site that it goes to: undefined where they are not known, null where no way leads there.
 * @param {Ground | null} ground
 * @param {Evaluation | null} evaluation
 * @param {string} id
 */
export function secondsOf(ground, evaluation, id) {
  const row = ground?.rows.get(id);
  if (row === undefined || !evaluation) return undefined;
  return evaluation.seconds[row] >= UNREACHABLE ? null : evaluation.seconds[row];
}

/**
 * The site that a place goes to.
 * @param {Ground | null} ground
 * @param {Evaluation | null} evaluation
 * @param {string} id
 */
export function siteOf(ground, evaluation, id) {
  const row = ground?.rows.get(id);
  if (row === undefined || !evaluation || !ground || evaluation.allocation[row] < 0) return null;
  return ground.candidates[evaluation.allocation[row]];
}

/**
 * @param {L.Point} middle
 * @param {number} radius
 */
export function boxOf({ x, y }, radius) {
  return { x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius };
}
