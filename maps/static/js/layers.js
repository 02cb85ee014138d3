// The ground under the villages: county, townships, cells, rivers, roads, facilities. Each becomes one Leaflet layer.
import { element, terms } from "./dom.js";
import { lineScale } from "./map.js";
import { symbolMarker } from "./symbols.js";
import { formatNumber, page, text, textOfCode } from "./text.js";

const GROUND = { county: "townships", townships: "townships", cells: "cells", rivers: "rivers" };
const theme = page.theme;

export function groundLayer(map, name, collection) {
  const look = theme.lines[name];
  const pane = GROUND[name];
  const renderer = name === "cells" ? L.canvas({ pane, padding: 0.4 }) : L.svg({ pane, padding: 0.4 });
  const layer = L.geoJSON(collection, {
    pane, renderer, interactive: false,
    style: {
      color: look.colour, weight: look.width, dashArray: look.dash, fill: Boolean(look.fill), fillColor: look.fill,
      fillOpacity: 1, lineJoin: "round",
    },
  });
  return name === "townships" ? L.layerGroup([layer, townshipLabels(collection)]) : layer;
}

function townshipLabels(collection) {
  return L.layerGroup(collection.features.map((feature) => {
    const html = element("span", {}, feature.properties.name);
    const icon = L.divIcon({ html, className: "township-label", iconSize: [0, 0] });
    return L.marker(labelPoint(feature.geometry), { icon, pane: "labels", interactive: false, keyboard: false });
  }));
}

// Centroid of the largest ring: good enough for a label.
function labelPoint(geometry) {
  const rings = (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates).map((part) => part[0]);
  const sums = rings.map((ring) => ring.slice(1).reduce(([area, x, y], [x1, y1], k) => {
    const [x0, y0] = ring[k];
    const cross = x0 * y1 - x1 * y0;
    return [area + cross, x + (x0 + x1) * cross, y + (y0 + y1) * cross];
  }, [0, 0, 0]));
  const [area, x, y] = sums.reduce((best, sum) => (Math.abs(sum[0]) > Math.abs(best[0]) ? sum : best));
  return [y / (3 * area), x / (3 * area)];
}

export function roadStyle(roadClass) {
  return theme.roads[String(roadClass).replace(/_link$/, "")] || theme.otherRoad;
}

// Small roads first, so that a national road is never cut by a village link.
export function roadLayer(map, collection) {
  const features = [...collection.features].sort((a, b) =>
    roadStyle(a.properties.road_class).width - roadStyle(b.properties.road_class).width);
  const style = (feature) => {
    const { colour, width } = roadStyle(feature.properties.road_class);
    return { color: colour, weight: width * lineScale(map), lineCap: "round", lineJoin: "round" };
  };
  const layer = L.geoJSON({ type: "FeatureCollection", features }, {
    pane: "roads", renderer: L.canvas({ pane: "roads", padding: 0.2 }), interactive: false, smoothFactor: 1.4, style,
  });
  map.on("zoomend", () => layer.setStyle(style));
  return layer;
}

export function facilitySymbol(kind) {
  return theme.facilities[kind] || theme.otherFacility;
}

export function facilityName(kind) {
  return textOfCode(kind, ["page.kind"]);
}

// One Leaflet layer for each kind, so that each can be switched by itself.
export function facilityLayers(collection, townshipName) {
  const kinds = new Map();
  for (const feature of collection.features) {
    const { kind, name } = feature.properties;
    if (!kinds.has(kind)) kinds.set(kind, L.layerGroup());
    const [lon, lat] = feature.geometry.coordinates;
    const size = kind === "county-centre" ? 20 : 14;
    symbolMarker([lat, lon], facilitySymbol(kind), { size, pane: "facilities", title: name })
      .bindPopup(() => facilityPopup(feature.properties, townshipName)).addTo(kinds.get(kind));
  }
  return kinds;
}

function facilityPopup(facility, townshipName) {
  return element("div", {}, element("h3", {}, facility.name || text("page.unnamed")), terms([
    [text("page.popup.kind"), facilityName(facility.kind)],
    [text("page.popup.township"), townshipName(facility.township_id)],
    [text("page.popup.beds"), facility.capacity ? formatNumber(facility.capacity) : null],
    [text("page.popup.floor-area"), facility.floor_area_m2
      ? text("page.square-metres", { area: formatNumber(facility.floor_area_m2) }) : null],
  ]), reconstructedNote("facilities"));
}

// Whether a field of a layer was reconstructed; without a field, whether anything of it was.
export function isReconstructed(layer, field = null) {
  const fields = page.info.layers[layer]?.reconstructed || [];
  return field === null ? fields.length > 0 : fields.includes(field);
}

export function reconstructedNote(layer) {
  const fields = (page.info.layers[layer]?.reconstructed || []).map((field) => textOfCode(field, ["page.field"]));
  const words = text("page.reconstructed.fields", { fields: fields.join(text("page.comma")) });
  return fields.length ? element("p", { class: "remade" }, words) : null;
}
