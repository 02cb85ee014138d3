// What else can be shown on the map, quietly and only when it is asked for: every facility, and the grid cells.
import { html, nothing, render } from "../../core/html.js";
import { facilityName, facilitySymbol } from "../../told/county.js";
import { symbolMarker } from "../../core/symbols.js";
import { formatNumber, page, text } from "../../core/text.js";
import { requestOfCounty } from "../county.js";
import { boxOf } from "./villages.js";

/** @import { PlanStore, Refusal, State } from "../state.js" */

/** @type {("facilities" | "cells")[]} */
const NAMES = ["facilities", "cells"];
const SIZE = 12;  // smaller than the service's own
const BELOW = -1000;  // the service's own lie above

/**
 * @param {L.Map} map
 * @param {PlanStore} store
 * @param {() => void} changed told once a layer came or went
 */
export function layersOn(map, store, changed) {
  const drawers = { facilities: facilityLayer, cells: cellLayer };
  /** @type {Map<string, Promise<L.Layer>>} */
  const coming = new Map();
  /** @type {State["layers"]} */
  let shown = {};
  /** @type {L.Marker[]} */
  let markers = [];
  /** @type {State["places"] | null} */
  let known = null;

  function forget() {
    for (const layer of coming.values()) layer.then((made) => made.remove(), () => {});
    coming.clear();
    shown = {};
  }

  /** @param {"facilities" | "cells"} name */
  async function turn(name) {
    const layer = coming.get(name) ?? requestOfCounty(`/api/layers/${name}`).then((told) => drawers[name](told));
    coming.set(name, layer);
    try {
      const made = await layer;
      if (store.state.layers[name]) made.addTo(map);
      else made.remove();
      changed();
    } catch (error) {
      coming.delete(name);
      store.dispatch({ type: "show", layers: { ...store.state.layers, [name]: false }, problem: /** @type {Refusal} */ (error) });
    }
  }

  return {
    /** Where the symbols stand, in pixels of the map. */
    boxes: () => markers.filter((marker) => map.hasLayer(marker)).map((marker) => boxOf(map.latLngToContainerPoint(marker.getLatLng()), SIZE / 2)),
    draw(/** @type {State} */ { layers, places }) {
      if (places !== known) forget();  // of another build of the county
      known = places;
      if (layers === shown) return;
      const turned = NAMES.filter((name) => (layers[name] ?? false) !== (shown[name] ?? false));
      shown = layers;
      turned.forEach(turn);
    },
  };

  /** @param {*} told */
  function facilityLayer({ features }) {
    markers = features.map((/** @type {*} */ { properties, geometry: { coordinates: [lon, lat] } }) => {
      const title = [properties.name || text("page.unnamed"), facilityName(properties.kind)].join(" · ");
      const marker = symbolMarker([lat, lon], facilitySymbol(properties.kind), { size: SIZE, pane: "facilities", title });
      return marker.setZIndexOffset(BELOW).bindPopup(() => cardOf(properties), { minWidth: 180 });
    });
    const kinds = [...new Set(features.map((/** @type {*} */ { properties }) => String(properties.kind)))];
    store.dispatch({ type: "show", layers: { ...store.state.layers, kinds } });
    return L.layerGroup(markers);
  }
}

/** @param {*} told */
function cellLayer(told) {
  const { colour, width } = page.theme.lines.cells;
  const renderer = L.canvas({ pane: "cells", padding: 0.3 });
  return L.geoJSON(told, /** @type {*} */ ({ pane: "cells", renderer, interactive: false, style: { color: colour, weight: width + 0.4, fill: false } }));
}

/** @param {*} facility */
function cardOf({ name, kind, capacity, floor_area_m2: area }) {
  const card = document.createElement("div");
  render(html`<h3>${name || text("page.unnamed")}</h3><p class="kind">${facilityName(kind)}</p>
    <dl class="terms">${capacity ? html`<dt>${text("page.popup.beds")}</dt><dd>${formatNumber(capacity)}</dd>` : nothing}
      ${area ? html`<dt>${text("page.popup.floor-area")}</dt><dd>${text("page.square-metres", { area: formatNumber(area) })}</dd>` : nothing}</dl>`, card);
  return card;
}
