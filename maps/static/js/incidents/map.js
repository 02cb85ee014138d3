// The map of the page of reports: the county's ground, the place that was chosen, the report with the way to it.
import { groundLayer, loadGround, viewLimits } from "../core/ground.js";
import { placeLabels } from "../core/labels.js";
import { request } from "../core/api.js";
import { openMap } from "../core/map.js";
import { symbolMarker } from "../core/symbols.js";
import { page, text } from "../core/text.js";
import { categoryName } from "./words.js";

/** @import { State } from "./state.js" */

const INCIDENT = { shape: "diamond", colour: "#C1121F" };
const SIZE = 26;
const NEAR = 14;  // zoom at which one place is looked at

/** @param {(at: L.LatLng) => void} onPick */
export function incidentMap(onPick) {
  const map = openMap("incidents");
  const drawn = L.featureGroup().addTo(map);
  /** @type {Pick<State, "isPicking" | "pending" | "shown">} */
  let before = { isPicking: false, pending: null, shown: null };
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());
  map.on("click", ({ latlng }) => { if (before.isPicking) onPick(latlng); });

  return {
    centre: () => map.getCenter(),
    /** @param {{ lat: number, lon: number, bounds?: [number, number, number, number] | null }} at */
    goTo({ lat, lon, bounds = null }) {
      if (bounds) map.fitBounds([[bounds[1], bounds[0]], [bounds[3], bounds[2]]], { animate: false, maxZoom: NEAR, padding: [30, 30] });
      else map.setView([lat, lon], Math.max(map.getZoom(), NEAR), { animate: false });
    },
    async loadGround() {
      const ground = await loadGround(request);
      groundLayer(ground).addTo(map);
      viewLimits(map, ground);
      placeLabels(map, ground, { symbols: () => boxes() });
    },
    draw(/** @type {State} */ { isPicking, pending, shown }) {
      map.getContainer().classList.toggle("picking", isPicking);
      const isNew = pending?.key !== before.pending?.key || shown !== before.shown;
      before = { isPicking, pending, shown };
      if (!isNew) return;
      drawn.clearLayers();
      if (pending) markerAt([pending.lat, pending.lon], "?", text("page.incident.place"));
      else if (shown) showReport(shown);
    },
  };

  /**
   * @param {L.LatLngTuple} at
   * @param {string} label
   * @param {string} title
   */
  function markerAt(at, label, title) {
    return symbolMarker(at, INCIDENT, { size: SIZE, label, pane: "incident", title }).addTo(drawn);
  }

  /** @param {*} incident */
  function showReport(incident) {
    /** @type {L.LatLngTuple} */
    const here = [incident.lat, incident.lon];
    /** @type {L.LatLngTuple[]} */
    const way = (incident.route || []).map((/** @type {[number, number]} */ [lon, lat]) => [lat, lon]);
    if (way.length > 1) drawWay(way, here);
    markerAt(here, "!", categoryName(incident.category));
    map.fitBounds(L.latLngBounds([here, ...way]).pad(0.5), { maxZoom: NEAR, animate: false });
  }

  /**
   * @param {L.LatLngTuple[]} way
   * @param {L.LatLngTuple} here
   */
  function drawWay(way, here) {
    const { colour, width } = page.theme.lines.route;
    const line = { pane: "incident", interactive: false, renderer: L.svg({ pane: "incident" }) };
    L.polyline(way, { ...line, color: "#fff", weight: width + 3, opacity: 0.9 }).addTo(drawn);
    L.polyline(way, { ...line, color: colour, weight: width, opacity: 0.95 }).addTo(drawn);
    L.polyline([way[way.length - 1], here], { ...line, color: colour, weight: 2.5, dashArray: "3 6" }).addTo(drawn);  // on foot from the road
  }

  // Where the symbol stands, in pixels of the map: names keep clear of it.
  function boxes() {
    const at = before.pending ?? before.shown;
    if (!at) return [];
    const { x, y } = map.latLngToContainerPoint([at.lat, at.lon]);
    return [{ x: x - SIZE / 2, y: y - SIZE / 2, width: SIZE, height: SIZE }];
  }
}
