// Minutes gained and lost on the map of the file: the marks of the page that compares schemes.
import { changeMark, changeOf, radii, weightOf } from "../compare/marks.js";
import { symbolOf } from "../plan/map/sites.js";
import { symbolMarker } from "../core/symbols.js";

/** @import { Data, View } from "./views.js" */

const PANE = "facilities";

/**
 * @param {L.Map} map
 * @param {Data} data
 * @param {(id: string) => void} onPlace
 */
export function changesOn(map, data, onPlace) {
  const group = L.layerGroup().addTo(map);
  const renderer = L.canvas({ pane: PANE, padding: 0.3 });
  const { ids, names, lat, lon, people } = data.places;
  const radiusOf = radii(data.places);
  let shown = /** @type {View | null} */ (null);

  function draw() {
    group.clearLayers();
    const view = shown;
    if (!view) return;
    const changes = ids.map((_, k) => changeOf(view.before[k], view.seconds[k]));
    const order = [...ids.keys()].sort((a, b) => weightOf(changes[a]) - weightOf(changes[b]) || people[b] - people[a]);
    for (const k of order) {
      const mark = changeMark(changes[k], [lat[k], lon[k]], { renderer, pane: PANE, radius: radiusOf(k, map.getZoom()) });
      mark.bindTooltip(() => names[k], { direction: "top" }).on("click", () => onPlace(ids[k])).addTo(group);
    }
    for (const site of view.gone) hollowMarker(site, view.service).addTo(group);
  }

  map.on("zoomend", draw);
  return {
    /** @param {View | null} view */
    show(view) {
      shown = view;
      draw();
    },
  };
}

/** @param {string} service */
export function hollowSymbol(service) {
  return { ...symbolOf(service), colour: "#ffffff" };
}

/**
 * A site that the later scheme does not have.
 * @param {{ name: string, lat: number, lon: number }} site
 * @param {string} service
 */
function hollowMarker({ name, lat, lon }, service) {
  const marker = symbolMarker([lat, lon], hollowSymbol(service), { size: 22, label: " ", pane: "plan", title: name });
  marker.options.keyboard = false;
  return marker;
}
