// Villages and neighbourhoods as circles: size by people, colour by the chosen measure.
import { classOf, coloursFor, quantileBreaks } from "./classes.js";
import { element, terms } from "./dom.js";
import { isReconstructed, reconstructedNote } from "./layers.js";
import { formatMinutes, formatNumber, formatPeople, page, text } from "./text.js";

const theme = page.theme;
const CLEAR = [52, 12];  // so that a popup, and the × that closes it, never lie under the map's own buttons

// `atlas` is the page's state: base, measure, seconds (measure -> id -> seconds), townshipName, map.
export function villageLayer(atlas, collections) {
  const renderer = L.canvas({ pane: "villages", padding: 0.3 });
  const places = Object.entries(collections).flatMap(([layer, collection]) =>
    collection.features.map((feature) => toPlace(layer, feature)));
  const group = L.layerGroup();
  const circles = new Map();
  // The large first, so that they never hide the small.
  for (const place of [...places].sort((a, b) => peopleOf(b, atlas.base) - peopleOf(a, atlas.base))) {
    const circle = L.circleMarker([place.lat, place.lon], { renderer, pane: "villages", weight: 0.8, color: "#3f4a5a" });
    circle.bindPopup(() => villagePopup(atlas, place), { minWidth: 200, maxWidth: window.innerWidth > 480 ? 300 : 214, autoPanPaddingTopLeft: CLEAR, autoPanPaddingBottomRight: CLEAR });
    circle.bindTooltip(() => element("span", {}, place.name || place.id), { direction: "top" });
    circles.set(place.id, circle.addTo(group));
  }
  const layer = { group, places, circles, legend: null };
  paintVillages(atlas, layer);
  atlas.map.on("zoomend", () => paintVillages(atlas, layer));
  return layer;
}

function toPlace(layer, feature) {
  const [lon, lat] = feature.geometry.coordinates;
  return { ...feature.properties, id: String(feature.id ?? feature.properties.id), layer, lon, lat };
}

export function peopleOf(place, base) {
  return place[base] ?? place.resident ?? place.registered ?? null;
}

export function paintVillages(atlas, layer) {
  const scale = measureScale(atlas, layer.places);
  const median = medianOf(layer.places.map((place) => peopleOf(place, atlas.base) || 0)) || 1;
  const zoomed = Math.max(0.55, 1.25 ** (atlas.map.getZoom() - 10.75));
  for (const place of layer.places) {
    const people = peopleOf(place, atlas.base) || 0;
    const radius = Math.min(15, Math.max(2, 3.4 * Math.sqrt(people / median))) * zoomed;
    const circle = layer.circles.get(place.id);
    circle.setStyle({ fillColor: scale.colourOf(place), fillOpacity: 0.92, radius });
  }
  layer.legend = scale;
}

// Breaks, colours and the colour of one place: map and legend read the same object.
export function measureScale(atlas, places) {
  const spec = theme.measures[atlas.measure];
  if (!spec) return { breaks: [], colours: [], colourOf: () => theme.plain };
  const valueOf = measureValue(atlas);
  const breaks = spec.breaks === "quantiles" ? quantileBreaks(places.map(valueOf), spec.colours.length) : [...spec.breaks];
  const colours = coloursFor(breaks, spec.colours);
  const colourOf = (place) => {
    const value = valueOf(place);
    if (value === undefined) return theme.unknown;
    return value === null ? theme.unreachable : colours[classOf(value, breaks)];
  };
  const values = places.map(valueOf);
  return { breaks, colours, colourOf, unit: spec.unit, unknown: values.includes(undefined), unreachable: values.includes(null) };
}

// undefined: not known (yet); null: no road leads there.
function measureValue(atlas) {
  if (atlas.measure === "people") return (place) => peopleOf(place, atlas.base) ?? undefined;
  const seconds = atlas.seconds[atlas.measure] || {};
  return (place) => {
    const found = seconds[place.id];
    return found === undefined || found === null ? found : found / 60;
  };
}

function medianOf(values) {
  const sorted = values.filter((value) => value > 0).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] || 0;
}

function villagePopup(atlas, place) {
  const mark = (field) => (isReconstructed(place.layer, field) ? ` · ${text("page.reconstructed.mark")}` : "");
  const minutes = (measure) => {
    const seconds = atlas.seconds[measure]?.[place.id];
    return seconds === undefined ? null : formatMinutes(seconds);
  };
  const basis = atlas.basis[atlas.measure] || atlas.basis.plan || atlas.basis.township;
  return element("div", {}, element("h3", {}, place.name || place.id), terms([
    [text("page.popup.township"), atlas.townshipName(place.township_id)],
    [text("page.popup.community"), place.community],
    [text(`page.base.${atlas.base}`), `${formatPeople(peopleOf(place, atlas.base))}${mark(atlas.base)}`],
    [text("page.popup.elders"), place.age_60_plus === undefined || place.age_60_plus === null
      ? null : `${formatNumber(place.age_60_plus)}${mark("age_60_plus")}`],
    [text("page.popup.to-plan"), minutes("plan")],
    [text("page.popup.to-township"), minutes("township")],
  ]), basis ? element("p", { class: "remade" }, text("page.popup.basis", { basis })) : null, reconstructedNote(place.layer),
  ...atlas.extras.map((extra) => extra(place)));
}
