// The state of one page and what redraws when it changes. Used alike by the planner and by the exported file.
import { byId, element } from "./dom.js";
import { facilityLayers, groundLayer, roadLayer } from "./layers.js";
import { addFacilitySwitches, addGroundSwitch, addVillageSwitch } from "./layer_list.js";
import { drawLegend } from "./legend.js";
import { fitTo, openMap } from "./map.js";
import { showPlan } from "./plan_layer.js";
import { page, text } from "./text.js";
import { paintVillages, villageLayer } from "./villages.js";

const SHOWN = { county: true, townships: true, cells: false, rivers: true, roads: true };

export function openAtlas(name) {
  const townships = new Map();
  creditSources(window.countyMaps[name]);
  return {
    map: openMap(name), base: "resident", measure: "plan", plan: null, villages: null, kinds: [], seconds: {}, basis: {},
    drawn: {}, extras: [], statuses: new Map(), townships, townshipName: (id) => townships.get(String(id)) || null,
  };
}

// Who the data come from, as their licences ask for; the control takes markup, so the words are escaped.
function creditSources(map) {
  const told = Object.values(page.info.layers).flatMap((layer) => (layer.licence || "").split(";"));
  const licences = [...new Set(told.map((licence) => licence.trim()).filter(Boolean))];
  if (!licences.length) return;
  const words = text("page.credit", { licences: licences.join("; ") });
  map.attributionControl.addAttribution(element("span", {}, words).innerHTML);
  map.attributionControl.getContainer().title = words;
}

export function drawGround(atlas, name, collection) {
  if (name === "townships") {
    for (const feature of collection.features) atlas.townships.set(String(feature.id), feature.properties.name);
  }
  const layer = name === "roads" ? roadLayer(atlas.map, collection) : groundLayer(atlas.map, name, collection);
  atlas.drawn[name] = layer;
  addGroundSwitch(atlas.map, name, layer, { shown: SHOWN[name] });
  if (name === "county") fitTo(atlas.map, layer);
}

export function drawFacilities(atlas, collection) {
  const kinds = facilityLayers(collection, atlas.townshipName);
  addFacilitySwitches(atlas.map, kinds);
  atlas.kinds = [...kinds.keys()];
  drawLegend(atlas);
}

export function drawVillages(atlas, collections) {
  const places = Object.values(collections).flatMap((collection) => collection.features);
  if (!places.some((place) => "resident" in place.properties)) atlas.base = "registered";
  atlas.villages = villageLayer(atlas, collections);
  addVillageSwitch(atlas.map, atlas.villages);
  if (!page.info.layers.county) fitTo(atlas.map, L.featureGroup(atlas.villages.group.getLayers()));
  drawLegend(atlas);
}

export function chooseMeasure(atlas, measure) {
  atlas.measure = measure;
  repaint(atlas);
}

export function repaint(atlas) {
  if (atlas.villages) paintVillages(atlas, atlas.villages);
  drawLegend(atlas);
}

export function setPlan(atlas, plan) {
  atlas.plan = plan;
  if (plan.base) atlas.base = plan.base;
  atlas.seconds.plan = Object.fromEntries(plan.allocation.map((row) => [row.demand_id, row.seconds]));
  showPlan(atlas, plan);
  repaint(atlas);
  atlas.afterPlan?.();
}

// Without a plan nothing of an earlier one stays on the map: it would answer another question.
export function clearPlan(atlas) {
  atlas.plan = null;
  atlas.planLayer?.remove();
  delete atlas.seconds.plan;
  delete atlas.basis.plan;
  repaint(atlas);
  atlas.afterPlan?.();
}

// Show one place: the map goes there and its popup opens.
export function focusPlace(atlas, { id, lon, lat, name }) {
  atlas.highlight?.remove();
  atlas.highlight = L.circleMarker([lat, lon], { pane: "incident", radius: 16, color: "#D55E00", weight: 3, fill: false, interactive: false })
    .addTo(atlas.map);
  atlas.map.setView([lat, lon], Math.max(atlas.map.getZoom(), 13), { animate: false });
  const circle = atlas.villages?.circles.get(id);
  if (circle) circle.openPopup();
  else L.popup().setLatLng([lat, lon]).setContent(document.createTextNode(name)).openOn(atlas.map);
}

export function watchMeasure(atlas, onChange) {
  const choice = byId("measure");
  choice.value = atlas.measure;
  choice.addEventListener("change", () => onChange(choice.value));
}

