// The list of layers with their switches; each row is a piece of the legend too.
import { byId, element } from "./dom.js";
import { facilityName, facilitySymbol, isReconstructed } from "./layers.js";
import { dotPicture, linePicture, symbolPicture } from "./symbols.js";
import { page, text } from "./text.js";

// The list keeps this order whatever arrives first.
const ORDER = ["villages", "facilities", "roads", "streets", "rivers", "cells", "townships", "county"];

function insertRow(row, id) {
  const rank = ORDER.indexOf(id.startsWith("facilities") ? "facilities" : id);
  row.dataset.rank = rank;
  const list = byId("layer-list");
  list.insertBefore(row, [...list.children].find((other) => Number(other.dataset.rank) > rank) || null);
}

// Add a switch for a drawn Leaflet layer. Returns the checkbox.
export function addSwitch(map, { id, layer, label, picture, source, shown = true, count = null }) {
  const box = element("input", { type: "checkbox", id: `layer-${id}`, checked: shown });
  box.addEventListener("change", () => (box.checked ? layer.addTo(map) : layer.remove()));
  const mark = isReconstructed(source) ? element("span", { class: "mark", title: text("page.reconstructed.mark-long") },
    text("page.reconstructed.mark")) : null;
  const number = count === null ? null : element("span", { class: "count" }, String(count));
  const parts = [box, picture, element("span", {}, label), mark, number].filter(Boolean);
  insertRow(element("li", {}, element("label", {}, ...parts)), id);
  if (shown) layer.addTo(map);
  return box;
}

export function addGroundSwitch(map, name, layer, { shown }) {
  const picture = name === "roads" ? linePicture(page.theme.roads.primary) : linePicture(page.theme.lines[name]);
  return addSwitch(map, { id: name, layer, label: text(`page.layer.${name}`), picture, source: name, shown });
}

export function addVillageSwitch(map, layer) {
  const label = page.info.layers.neighbourhoods ? text("page.layer.villages-and-neighbourhoods") : text("page.layer.villages");
  const options = { id: "villages", layer: layer.group, label, picture: dotPicture(page.theme.plain), source: "villages" };
  return addSwitch(map, { ...options, count: layer.places.length });
}

export function addFacilitySwitches(map, kinds) {
  for (const [kind, layer] of kinds) {
    addSwitch(map, {
      id: `facilities-${kind}`, layer, label: facilityName(kind), picture: symbolPicture(facilitySymbol(kind)),
      source: "facilities", count: layer.getLayers().length,
    });
  }
}
