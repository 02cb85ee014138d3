// The Leaflet map that folium built, and its panes: the order in which things lie on one another.
import { creditSources } from "./credit.js";

// Bottom to top. Only panes with "touch" take clicks: a canvas above would swallow those meant for the one below.
/** @type {[pane: string, touch: boolean][]} */
const PANES = [
  ["townships", false], ["cells", false], ["rivers", false], ["roads", false], ["spokes", false],
  ["villages", true], ["facilities", true], ["plan", true], ["status", true], ["labels", false], ["incident", true],
];

/**
 * @param {string} name
 * @returns {L.Map}
 */
export function openMap(name) {
  const map = window.countyMaps[name];
  PANES.forEach(([pane, touch], place) => {
    const node = map.createPane(pane);
    node.style.zIndex = String(400 + 10 * place);
    if (!touch) node.style.pointerEvents = "none";
  });
  fitOnPaper(map);
  creditSources(map);
  return map;
}

/**
 * Paper has another shape than the screen: show there what the screen shows, and come back afterwards.
 * @param {L.Map} map
 */
function fitOnPaper(map) {
  /** @type {L.LatLngBounds | null} */
  let view = null;
  window.matchMedia("print").addEventListener("change", ({ matches }) => {
    if (matches) view = map.getBounds().pad(-0.02);
    map.invalidateSize({ animate: false });
    if (view) map.fitBounds(view, { animate: false });
  });
}
