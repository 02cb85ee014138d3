// The map of cases: each by the tone of its deadline, the one that is looked at with the way to it.
import { request } from "../core/api.js";
import { groundLayer, loadGround, viewLimits } from "../core/ground.js";
import { placeLabels } from "../core/labels.js";
import { openMap } from "../core/map.js";
import { symbolMarker } from "../core/symbols.js";
import { page } from "../core/text.js";
import { categoryName, leftWords, toneOf } from "./words.js";

/** @import { Case, State } from "./state.js" */

const SIZE = 20;
const LARGE = 30;
const NEAR = 14;

/**
 * @param {string} name
 * @param {(id: string) => void} onOpen
 */
export function caseMap(name, onOpen) {
  const map = openMap(name);
  const all = L.featureGroup().addTo(map);
  const way = L.featureGroup().addTo(map);
  /** @type {Map<string, { marker: L.Marker, look: string }>} */
  const markers = new Map();
  let shown = "";  // the case whose way is drawn
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());

  /**
   * @param {Case} one
   * @param {number} now
   * @param {boolean} isOpened
   */
  function put(one, now, isOpened) {
    const tone = toneOf(one, now);
    const look = `${tone} ${isOpened} ${one.lon} ${one.lat}`;
    const known = markers.get(one.id);
    if (known?.look === look) return;
    known?.marker.remove();
    const { shape, colour } = page.tones[tone];
    const title = `${categoryName(one.category)} · ${leftWords(one, now)}`;
    const marker = symbolMarker([one.lat, one.lon], { shape, colour }, { size: isOpened ? LARGE : SIZE, pane: isOpened ? "incident" : "status", title }).addTo(all);
    marker.on("click", () => onOpen(one.id));
    marker.on("keypress", ({ originalEvent }) => { if (/** @type {*} */ (originalEvent).key === "Enter") onOpen(one.id); });
    markers.set(one.id, { marker, look });
  }

  /** @param {Case} opened */
  function drawWay(opened) {
    way.clearLayers();
    /** @type {L.LatLngTuple} */
    const here = [opened.lat, opened.lon];
    /** @type {L.LatLngTuple[]} */
    const course = (opened.route ?? []).map((/** @type {[number, number]} */ [lon, lat]) => [lat, lon]);
    if (course.length > 1) {
      const { colour, width } = page.theme.lines.route;
      const line = { pane: "plan", interactive: false, renderer: L.svg({ pane: "plan" }) };
      L.polyline(course, { ...line, color: "#fff", weight: width + 3, opacity: 0.9 }).addTo(way);
      L.polyline(course, { ...line, color: colour, weight: width, opacity: 0.95 }).addTo(way);
      L.polyline([course[course.length - 1], here], { ...line, color: colour, weight: 2.5, dashArray: "3 6" }).addTo(way);  // on foot from the road
    }
    map.fitBounds(L.latLngBounds([here, ...course]).pad(0.4), { maxZoom: NEAR, animate: false });
  }

  return {
    centre: () => map.getCenter(),
    async loadGround() {
      const ground = await loadGround(request);
      groundLayer(ground).addTo(map);
      viewLimits(map, ground);
      placeLabels(map, ground, { symbols: () => [] });
    },
    draw(/** @type {State} */ { list, opened, now }) {
      const seen = new Map((list ?? []).map((one) => [one.id, one]));
      if (opened) seen.set(opened.id, opened);
      for (const [id, { marker }] of markers) {
        if (seen.has(id)) continue;
        marker.remove();
        markers.delete(id);
      }
      for (const one of seen.values()) put(one, now, one.id === opened?.id);
      const key = opened ? `${opened.id} ${opened.assignee} ${opened.lon} ${opened.lat}` : "";
      if (key === shown) return;
      shown = key;
      if (opened) drawWay(opened);
      else way.clearLayers();
    },
    // All that there is to do, from near enough.
    showAll() {
      if (all.getLayers().length) map.fitBounds(all.getBounds().pad(0.2), { maxZoom: NEAR - 1, animate: false });
    },
  };
}
