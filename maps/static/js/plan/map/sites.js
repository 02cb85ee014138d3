// The sites as numbered symbols that can be dragged: where one is let go, it stands at the nearest candidate.
import { symbolMarker, symbolPicture } from "../../core/symbols.js";
import { page, text } from "../../core/text.js";
import { numberedSites } from "../numbers.js";
import { boxOf } from "./villages.js";

/** @import { Candidate, Ground, PlanStore, State } from "../state.js" */

/**
 * @param {L.Map} map
 * @param {PlanStore} store
 * @param {{ fixed?: boolean }} [options] `fixed`: where nothing can be moved
 */
export function sitesOn(map, store, { fixed = false } = {}) {
  /** @type {Map<string, L.Marker>} */
  const markers = new Map();
  const ghost = L.circleMarker([0, 0], { pane: "plan", renderer: L.svg({ pane: "plan" }), radius: 13, color: "#1f2a37", weight: 2, dashArray: "3 3", fill: false, interactive: false });
  let shown = "";
  /** @type {State["years"]} */
  let told = null;

  /** @param {State} state */
  function draw(state) {
    const { ground, content, years } = state;
    const ids = content.question.sites ?? [];
    const key = `${content.question.service} ${ids.join("\n")} ${ground ? ground.candidates.length : 0}`;
    if (key === shown && years === told) return;
    [shown, told] = [key, years];
    for (const marker of markers.values()) marker.remove();
    markers.clear();
    for (const { from: id, number } of numberedSites(state)) {
      const site = ground?.byId.get(id);
      if (site) markers.set(id, markerOf(site, number, ids.length, state).addTo(map));
    }
  }

  /**
   * @param {Candidate} site
   * @param {number} number
   * @param {number} count
   * @param {State} state
   */
  function markerOf(site, number, count, { content, years }) {
    const year = years?.get(site.id);
    const name = text("plan.site-title", { number, name: site.name });
    const title = years ? text(year === undefined ? "plan.study.stands-already" : "plan.study.opens-in", { name, year: year ?? 0 }) : name;
    const label = years ? String(year ?? "–") : String(number);
    const marker = symbolMarker([site.lat, site.lon], symbolOf(content.question.service), { size: sizeFor(count), label, pane: "plan", title });
    marker.options.draggable = !fixed;
    marker.options.autoPan = !fixed;
    marker.on("click", () => store.dispatch({ type: "show", selected: { kind: "site", id: site.id } }));
    marker.on("keypress", (/** @type {*} */ event) => { if (event.originalEvent.key === "Enter") store.dispatch({ type: "show", selected: { kind: "site", id: site.id } }); });
    marker.on("mouseover", () => store.dispatch({ type: "show", hovered: site.id }));
    marker.on("mouseout", () => store.dispatch({ type: "show", hovered: null }));
    prepareDrag(marker, site);
    return marker;
  }

  /**
   * @param {L.Marker} marker
   * @param {Candidate} site
   */
  function prepareDrag(marker, site) {
    let frame = 0;
    marker.on("dragstart", () => { store.dispatch({ type: "show", dragging: { from: site.id, to: site.id }, selected: null }); ghost.addTo(map); });
    marker.on("drag", () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => follow(marker.getLatLng(), site));
    });
    marker.on("dragend", () => {
      cancelAnimationFrame(frame);
      ghost.remove();
      const target = nearestCandidate(store.state.ground, marker.getLatLng(), store.state.content.question.sites ?? [], site.id);
      shown = "";  // the symbol goes to where its site is, also when nothing has changed
      if (!target || target.id === site.id) { store.dispatch({ type: "show", dragging: null }); draw(store.state); }
      else store.dispatch({ type: "site-moved", from: site.id, to: target.id });
    });
  }

  /**
   * @param {L.LatLng} at
   * @param {Candidate} site
   */
  function follow(at, site) {
    const { ground, content, dragging } = store.state;
    const target = nearestCandidate(ground, at, content.question.sites ?? [], site.id);
    if (!target || !dragging || target.id === dragging.to) return;
    ghost.setLatLng([target.lat, target.lon]);
    store.dispatch({ type: "show", dragging: { from: site.id, to: target.id } });
  }

  /** Where the symbols stand, in pixels of the map. */
  const boxes = () => [...markers.values()].map((marker) => boxOf(map.latLngToContainerPoint(marker.getLatLng()), sizeFor(markers.size) / 2));

  return { draw, boxes };
}

/** @param {number} count of sites: many are drawn smaller */
function sizeFor(count) {
  return count > 20 ? 22 : 32;
}

/**
 * The candidate nearest to a position on which no other site stands.
 * @param {Ground | null} ground
 * @param {{ lat: number, lng: number }} at
 * @param {readonly string[]} sites
 * @param {string} mine
 * @returns {Candidate | null}
 */
export function nearestCandidate(ground, { lat, lng }, sites, mine) {
  const shrink = Math.cos((lat * Math.PI) / 180);  // degrees of longitude are shorter than those of latitude
  let [found, least] = [/** @type {Candidate | null} */ (null), Infinity];
  for (const one of ground?.candidates ?? []) {
    const far = (one.lat - lat) ** 2 + ((one.lon - lng) * shrink) ** 2;
    if (far < least && (one.id === mine || !sites.includes(one.id))) [found, least] = [one, far];
  }
  return found;
}

/** @param {string} service */
export function symbolOf(service) {
  return page.theme.plans[service] || page.theme.otherFacility;
}

/**
 * @param {string} service
 * @param {number} number
 */
export function sitePicture(service, number) {
  return symbolPicture(symbolOf(service), { size: 24, label: String(number) });
}
