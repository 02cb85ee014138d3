// What a click on the map does with the tool that is chosen: adds a site, closes a road, draws an area, builds a road.
import { page, text } from "../../core/text.js";
import { requestOfCounty } from "../county.js";
import { nearestCandidate } from "./sites.js";

/** @import { Edit } from "../content.js" */
/** @import { PlanStore, State } from "../state.js" */

const REACH_PX = 14;  // how far from a road or a candidate a click may be
const BUILT_KMH = 40;  // a county road; the list of changes lets it be set otherwise
const DECIMALS = 5;  // of a degree: about a metre

/** @typedef {[lon: number, lat: number]} Position */

/**
 * @param {L.Map} map
 * @param {PlanStore} store
 */
export function toolsOn(map, store) {
  /** @type {Position[]} */
  let corners = [];
  const sketch = L.polyline([], { pane: "incident", renderer: L.svg({ pane: "incident" }), color: page.theme.lines.closed.colour, weight: 3, dashArray: "4 5", interactive: false }).addTo(map);
  map.doubleClickZoom.disable();

  /** @type {Record<string, (at: L.LatLng) => void | Promise<void>>} */
  const clicks = { look: () => store.dispatch({ type: "show", selected: null }), move: moveTo, add: addAt, close: closeAt, flood: cornerAt, bridge: endAt };

  map.on("click", (event) => { Promise.resolve(clicks[store.state.tool.kind](event.latlng)).catch((error) => store.dispatch({ type: "show", problem: error })); });
  map.on("mousemove", (event) => { if (corners.length) sketchTo(positionOf(event.latlng)); });
  map.on("dblclick", () => { if (store.state.tool.kind === "flood") finish(); });
  document.addEventListener("keydown", (event) => {
    if (store.state.tool.kind === "look") return;
    if (event.key === "Escape") { clear(); store.dispatch({ type: "show", tool: { kind: "look" } }); }
    if (event.key === "Enter" && store.state.tool.kind === "flood" && corners.length) finish();
  });
  store.subscribe((state, before) => {
    if (state.tool !== before.tool) clear();
    map.getContainer().classList.toggle("picking", state.tool.kind !== "look");
  });

  function clear() {
    corners = [];
    sketch.setLatLngs([]);
  }

  /** @param {Position} [next] where the pointer is */
  function sketchTo(next) {
    const drawn = next ? [...corners, next] : corners;
    const closed = store.state.tool.kind === "flood" && drawn.length > 2 ? [...drawn, drawn[0]] : drawn;
    sketch.setLatLngs(closed.map(([lon, lat]) => [lat, lon]));
  }

  /** @param {L.LatLng} at */
  function moveTo(at) {
    const { tool, ground, content } = store.state;
    if (tool.kind !== "move") return;
    const target = nearestCandidate(ground, at, content.question.sites ?? [], tool.from);
    if (target) store.dispatch({ type: "site-moved", from: tool.from, to: target.id, tool: { kind: "look" }, selected: { kind: "site", id: target.id } });
  }

  // On a candidate a site is added there; elsewhere the place is proposed as well.
  /** @param {L.LatLng} at */
  function addAt(at) {
    const near = nearestCandidate(store.state.ground, at, store.state.content.question.sites ?? [], "");
    const away = near ? map.latLngToContainerPoint([near.lat, near.lon]).distanceTo(map.latLngToContainerPoint(at)) : Infinity;
    if (near && away <= REACH_PX) store.dispatch({ type: "site-added", id: near.id, tool: { kind: "look" }, selected: { kind: "site", id: near.id } });
    else {
      const target = freeName(store.state, "new-candidate", "plan.new-candidate");
      store.dispatch({ type: "candidate-added", edit: { op: "new-candidate", target, at: positionOf(at) }, tool: { kind: "look" } });
    }
  }

  /** @param {L.LatLng} at */
  async function closeAt(at) {
    const [lon, lat] = positionOf(at);
    const streets = map.getZoom() >= page.theme.streetZoom;  // only what the map shows can be meant
    const query = new URLSearchParams({ lon: String(lon), lat: String(lat), within_m: String(reachOf(map, at)), streets: String(streets) });
    const road = await requestOfCounty(`/api/roads/near?${query}`);
    const closed = store.state.content.edits.find(({ op, target }) => op === "road-closed" && (target === road.id || (road.name && target === road.name)));
    if (closed) store.dispatch({ type: "edit-removed", edit: closed });
    else store.dispatch({ type: "edit", edit: { op: "road-closed", target: road.id } });
  }

  /** @param {L.LatLng} at */
  function cornerAt(at) {
    const next = positionOf(at);
    const last = corners.at(-1);
    if (!last || last[0] !== next[0] || last[1] !== next[1]) corners.push(next);
    sketchTo();
  }

  function finish() {
    const area = corners;
    clear();
    if (area.length < 3) return;
    const target = freeName(store.state, "flooded", "plan.new-flood");
    store.dispatch({ type: "edit", edit: { op: "flooded", target, area }, tool: { kind: "look" } });
  }

  /** @param {L.LatLng} at */
  function endAt(at) {
    corners.push(positionOf(at));
    sketchTo();
    if (corners.length < 2) return;
    const [start, end] = corners;
    clear();
    const target = freeName(store.state, "road-built", "plan.new-road");
    store.dispatch({ type: "edit", edit: { op: "road-built", target, start, end, speed_kmh: BUILT_KMH }, tool: { kind: "look" } });
  }

  return { finish };
}

/**
 * @param {L.LatLng} at
 * @returns {Position}
 */
function positionOf({ lng, lat }) {
  return [Number(lng.toFixed(DECIMALS)), Number(lat.toFixed(DECIMALS))];
}

/**
 * @param {L.Map} map
 * @param {L.LatLng} at
 */
function reachOf(map, at) {
  const point = map.latLngToContainerPoint(at);
  return Math.min(2000, Math.max(1, map.distance(at, map.containerPointToLatLng(point.add([REACH_PX, 0])))));
}

/**
 * A name that no edit of its kind has yet.
 * @param {State} state
 * @param {string} op
 * @param {string} key
 */
function freeName({ content }, op, key) {
  const taken = new Set(content.edits.filter((/** @type {Edit} */ edit) => edit.op === op).map(({ target }) => target));
  for (let number = 1; ; number += 1) {
    const name = text(key, { number });
    if (!taken.has(name)) return name;
  }
}
