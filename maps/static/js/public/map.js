// The map of a publication: every place coloured by the minutes that it gains or loses, the sites of the scheme.
import { groundLayer, loadGround, viewLimits } from "../core/ground.js";
import { placeLabels } from "../core/labels.js";

const SAME_S = 60;  // less than a minute is no change that anybody notices
/** Apart in grey print too: who loses has a dark ring. */
const LOOKS = {
  faster: { fillColor: "#0072b2", color: "#ffffff", weight: 1, fillOpacity: 0.95 },
  same: { fillColor: "#c9ced6", color: "#ffffff", weight: 1, fillOpacity: 0.95 },
  slower: { fillColor: "#f0a35e", color: "#1f2a37", weight: 1.5, fillOpacity: 1 },
};
const RADIUS = 5;
const SITE = 8;
const NEAR = 13;  // the village that was looked up with those around it

/** @typedef {{ slug: string, lang: string, service: string, texts: Record<string, string> }} Words */

/**
 * @param {HTMLElement} node
 * @param {Words} page
 * @param {(path: string) => Promise<*>} request
 * @param {string | undefined} mine the village that was looked up
 */
export async function changeMap(node, page, request, mine) {
  const [told, ground] = await Promise.all([request(`/api/p/${page.slug}`), loadGround(() => request(`/api/p/${page.slug}/ground`))]);
  const { places, schemes } = told.frozen;
  const scheme = schemes.find((/** @type {{ key: string }} */ { key }) => key !== "0");
  const map = L.map(node, { attributionControl: false, preferCanvas: true, zoomSnap: 0.25, keyboard: true });
  const points = places.ids.map((/** @type {string} */ _, /** @type {number} */ k) => L.latLng(places.lat[k], places.lon[k]));
  map.fitBounds(L.latLngBounds(points), { animate: false, padding: [16, 16] });
  groundLayer(ground).addTo(map);
  viewLimits(map, ground);
  const pane = map.createPane("places");
  pane.style.zIndex = "420";
  const labels = map.createPane("labels");
  labels.style.zIndex = "410";
  labels.style.pointerEvents = "none";
  const renderer = L.canvas({ pane: "places" });
  for (const [k, point] of points.entries()) {
    const before = places.seconds[0][k];
    const after = places.seconds[scheme.key][k];
    const circle = L.circleMarker(point, { renderer, pane: "places", radius: RADIUS, ...LOOKS[changeOf(before, after)] });
    circle.bindPopup(() => popup(page, places, k, before, after)).addTo(map);
    if (places.ids[k] === mine) {
      map.setView(point, NEAR, { animate: false });
      circle.openPopup();
    }
  }
  for (const { lon, lat, name } of scheme.sites) drawSite(map, renderer, lat, lon, name);
  const boxes = () => points.map((/** @type {L.LatLng} */ point) => {
    const { x, y } = map.latLngToContainerPoint(point);
    return { x: x - RADIUS, y: y - RADIUS, width: 2 * RADIUS, height: 2 * RADIUS };
  });
  placeLabels(map, ground, { symbols: boxes });
}

/**
 * @param {number | null} before
 * @param {number | null} after
 * @returns {"faster" | "same" | "slower"}
 */
function changeOf(before, after) {
  if (before === after) return "same";
  if (after === null) return "slower";
  if (before === null) return "faster";
  if (Math.abs(after - before) < SAME_S) return "same";
  return after < before ? "faster" : "slower";
}

/**
 * A diamond: apart from the round places in print and to whoever sees few colours.
 * @param {L.Map} map
 * @param {L.Canvas} renderer
 * @param {number} lat
 * @param {number} lon
 * @param {string} name
 */
function drawSite(map, renderer, lat, lon, name) {
  const diamond = L.polygon([], { renderer, pane: "places", color: "#ffffff", weight: 1.5, fillColor: "#000000", fillOpacity: 1 });
  const place = () => {
    const { x, y } = map.latLngToLayerPoint([lat, lon]);
    diamond.setLatLngs([[x, y - SITE], [x + SITE, y], [x, y + SITE], [x - SITE, y]].map(([a, b]) => map.layerPointToLatLng([a, b])));
  };
  place();
  map.on("zoomend", place);
  diamond.bindTooltip(() => { const words = document.createElement("span"); words.textContent = name; return words; }).addTo(map);
}

/**
 * @param {Words} page
 * @param {*} places
 * @param {number} k
 * @param {number | null} before
 * @param {number | null} after
 */
function popup(page, places, k, before, after) {
  const node = document.createElement("div");
  const name = document.createElement("strong");
  name.textContent = [places.townships[k], places.names[k]].filter(Boolean).join(" ");
  const change = document.createElement("p");
  change.textContent = sentence(page, before, after);
  const link = document.createElement("a");
  link.href = `?q=${encodeURIComponent(places.ids[k])}#mine`;
  link.textContent = page.texts.more;
  node.append(name, change, link);
  return node;
}

/**
 * @param {Words} page
 * @param {number | null} before
 * @param {number | null} after
 */
function sentence({ texts }, before, after) {
  const key = before === null ? (after === null ? "never" : "gained") : after === null ? "lost" : before === after ? "same" : "changed";
  return texts[key].replace("{before}", minutes(before)).replace("{after}", minutes(after));
}

// Minutes to a tenth, halves up, in whole numbers, as everywhere: 471 s are 7.9.
/** @param {number | null} seconds */
function minutes(seconds) {
  return seconds === null ? "" : (Math.floor((seconds + 3) / 6) / 10).toFixed(1);
}
