// The planner page: draw what the county has, then the default plan.
import { request } from "./api.js";
import { chooseMeasure, drawFacilities, drawGround, drawVillages, openAtlas, watchMeasure } from "./atlas.js";
import { prepareClosures } from "./closures.js";
import { byId } from "./dom.js";
import { prepareHonesty } from "./honesty.js";
import { prepareIncidents } from "./incident.js";
import { addSwitch } from "./layer_list.js";
import { groundLayer, roadLayer } from "./layers.js";
import { prepareMenu, preparePanel } from "./panel.js";
import { preparePlanForm, runPlan } from "./plan_form.js";
import { prepareSearch } from "./search.js";
import { linePicture } from "./symbols.js";
import { page, text, textOfCode } from "./text.js";

const atlas = openAtlas("planner");

function layerOf(name) {
  return page.info.layers[name] ? request(`/api/layers/${name}`) : Promise.resolve(null);
}

// Everything is asked for at once and drawn as it comes: the panes, not the order of arrival, decide what lies on top.
async function drawLayers() {
  const ground = ["county", "townships", "rivers", "roads"].map(async (name) => {
    const collection = await layerOf(name);
    if (collection) drawGround(atlas, name, collection);
  });
  const [villages, neighbourhoods] = await Promise.all([layerOf("villages"), layerOf("neighbourhoods")]);
  drawVillages(atlas, neighbourhoods ? { villages, neighbourhoods } : { villages });
  await Promise.all(ground);
  const facilities = await layerOf("facilities");
  if (facilities) drawFacilities(atlas, facilities);
  const offices = facilities?.features.some((feature) => feature.properties.kind === "township-office");
  if (!offices) byId("measure").querySelector("[value=township]").remove();
  addCells();
  addStreets();
}

// Cells are fetched when first asked for, streets when one is close enough to see them.
function addCells() {
  if (!page.info.layers.cells) return;
  const holder = L.layerGroup();
  const box = addSwitch(atlas.map, {
    id: "cells", layer: holder, label: text("page.layer.cells"), picture: linePicture(page.theme.lines.cells), source: "cells", shown: false,
  });
  box.addEventListener("change", once(async () => {
    groundLayer(atlas.map, "cells", await layerOf("cells")).addTo(holder);
  }));
}

function addStreets() {
  if (!page.info.layers.roads) return;
  const holder = L.layerGroup();
  const streets = L.layerGroup();
  addSwitch(atlas.map, {
    id: "streets", layer: holder, label: text("page.layer.streets"), picture: linePicture(page.theme.otherRoad), source: "roads",
  });
  const fetchStreets = once(async () => roadLayer(atlas.map, await request("/api/layers/roads?streets=true")).addTo(streets));
  const look = () => {
    const near = atlas.map.getZoom() >= page.theme.streetZoom;
    if (near) fetchStreets();
    if (near) holder.addLayer(streets);
    else holder.removeLayer(streets);
  };
  atlas.map.on("zoomend", look);
  look();
}

// Run `work` at the first call; after a failure the next call tries again.
function once(work) {
  let done = null;
  return () => {
    done ??= work().catch((error) => { done = null; showStatus(error.message); });
    return done;
  };
}

async function onMeasure(measure) {
  if (measure === "township" && !atlas.seconds.township) {
    try {
      const access = await request("/api/access?kind=township-office&mode=e-bike");
      atlas.seconds.township = access.seconds;
      const mode = textOfCode(access.mode, ["page.mode"]);
      const key = page.info.layers.roads?.reconstructed?.length ? "page.basis.reconstructed" : "page.basis.roads";
      atlas.basis.township = text(key, { mode });
    } catch (error) {
      showStatus(error.message);
    }
  }
  chooseMeasure(atlas, measure);
}

function showStatus(words) {
  const status = byId("map-status");
  status.textContent = words;
  status.hidden = !words;
}

function withoutPlans() {
  atlas.measure = "people";
  byId("measure").querySelector("[value=plan]").remove();
}

async function start() {
  preparePanel();
  prepareMenu();
  prepareHonesty();
  prepareSearch(atlas);
  const plans = !byId("tab-plan").hidden;  // whoever takes reports is not asked for plans
  if (plans) preparePlanForm(atlas);
  else withoutPlans();
  prepareIncidents(atlas);
  prepareClosures(atlas);
  watchMeasure(atlas, onMeasure);
  showStatus(text("page.loading"));
  try {
    const layers = drawLayers().then(() => showStatus(""));
    await Promise.all([layers, plans && runPlan(atlas, () => ({ service: byId("plan-service").value }))]);
  } catch (error) {
    showStatus(error.message);
  }
  document.documentElement.dataset.ready = "true";
}

start();
