// Studies of a plan under its card: why here, what one good costs in another, what to build in which year.
import { setPlan } from "./atlas.js";
import { element, fill } from "./dom.js";
import { placeOf } from "./statuses.js";
import { frontierBox } from "./study_frontier.js";
import { whyHereBox } from "./study_why.js";
import { yearsBox } from "./study_years.js";
import { page, text } from "./text.js";

export function studySection(atlas, plan, planId) {
  if (!plan.opened?.length) return null;
  const service = page.services.find(({ name }) => name === plan.service);
  const shown = element("p", { class: "shown", role: "status", hidden: true });
  const draw = (study, answer, drawn, words) => {
    setPlan(atlas, sketched(atlas, plan, { places: study.places, demand: answer.demand, drawn }));
    const back = element("button", { type: "button", onclick: () => { setPlan(atlas, plan); shown.hidden = true; } }, text("page.study.back"));
    fill(shown, text("page.study.on-map", { name: words }), " ", back);
    shown.hidden = false;
  };
  const tools = { plan, planId, service, draw };
  return element("section", { class: "studies", id: "plan-studies" }, element("h3", {}, text("page.study.title")), shown,
    whyHereBox(tools), frontierBox(tools), yearsBox(tools));
}

// A plan of a study as the map draws plans.
function sketched(atlas, plan, { places, demand, drawn }) {
  const facilities = drawn.opened.map((id, place) => ({ id, ...places[id], ...drawn.facilities[place] }));
  const allocation = demand.map((id, row) => ({
    demand_id: id, facility_id: drawn.opened[drawn.to[row]] ?? null, seconds: drawn.seconds[row],
  }));
  const spokes = demand.flatMap((id, row) => {
    const [from, site] = [placeOf(atlas, id), facilities[drawn.to[row]]];
    return from && site ? [[from.lon, from.lat, site.lon, site.lat]] : [];
  });
  return { ...plan, id: null, opened: drawn.opened, facilities, allocation, spokes };
}
