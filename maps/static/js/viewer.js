// The exported file: the same drawing as the planner page, from data that the file carries.
import { chooseMeasure, drawFacilities, drawGround, drawVillages, openAtlas, setPlan, watchMeasure } from "./atlas.js";
import { byId, element, fill } from "./dom.js";
import { prepareHonesty } from "./honesty.js";
import { openPanel, preparePanel } from "./panel.js";
import { planBasis, planCard } from "./plan_card.js";
import { text, textOfCode } from "./text.js";

const atlas = openAtlas("planner");
const { layers, plans } = JSON.parse(byId("county-data").textContent);

function drawLayers() {
  const { villages, neighbourhoods, facilities, ...ground } = layers;
  for (const name of ["county", "townships", "rivers", "roads", "cells"]) {
    if (ground[name]) drawGround(atlas, name, ground[name]);
  }
  if (villages) drawVillages(atlas, neighbourhoods ? { villages, neighbourhoods } : { villages });
  if (facilities) drawFacilities(atlas, facilities);
}

function choosePlan(plan) {
  if (plan.status !== "infeasible") {
    atlas.basis.plan = planBasis(plan);
    setPlan(atlas, plan);
  }
  fill(byId("plan-result"), planCard(plan, { onSite: showSite, nameOf: (id) => atlas.villages?.places.find((place) => place.id === String(id))?.name || String(id) }));
}

function showSite(site) {
  openPanel(false);
  atlas.map.setView([site.lat, site.lon], Math.max(atlas.map.getZoom(), 12), { animate: false });
  atlas.planMarkers.get(site.id)?.openPopup();
}

function preparePlans() {
  const choice = byId("plan-choice");
  const names = plans.map((plan, place) => element("option", { value: place }, planName(plan)));
  fill(choice, ...names);
  choice.closest("label").hidden = plans.length < 2;
  choice.addEventListener("change", () => choosePlan(plans[Number(choice.value)]));
  if (plans.length) choosePlan(plans[0]);
}

function planName(plan) {
  const count = text("page.card.sites", { count: plan.opened?.length || 0 });
  return `${textOfCode(plan.service, ["page.service"])} · ${textOfCode(plan.model, ["page.model"])} · ${count}`;
}

preparePanel();
prepareHonesty();
if (!plans.length) atlas.measure = "people";
drawLayers();
watchMeasure(atlas, (measure) => chooseMeasure(atlas, measure));
preparePlans();
document.documentElement.dataset.ready = "true";
