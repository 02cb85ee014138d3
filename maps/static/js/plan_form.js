// Ask the server for a plan, follow its progress, and draw what comes back.
import { clearPlan, setPlan } from "./atlas.js";
import { enableConditions, prepareConditions, readConditions, showConditions } from "./conditions.js";
import { byId, element, fill, terms } from "./dom.js";
import { openPanel } from "./panel.js";
import { planBasis, planCard } from "./plan_card.js";
import { clearProblems, refuseUnread, showProblems } from "./problems.js";
import { fieldsOf, inputOf, questionInputs } from "./question.js";
import { showNote, showProgress, showRunning, showStopping } from "./progress.js";
import { readRooms, showRooms } from "./rooms.js";
import { addressOf, askRun, cancelRun, errorOf, followRun, repeatRun } from "./run.js";
import { placeOf } from "./statuses.js";
import { studySection } from "./studies.js";
import { stopStudy } from "./study_job.js";
import { page, text, textOfCode } from "./text.js";

const SECTIONS = [studySection];  // further parts of the card: (atlas, plan, id) => element or null
let running = null;
let earlier = null;  // the last answer that was a plan

export function preparePlanForm(atlas) {
  const form = byId("plan-form");
  prepareConditions(atlas);
  byId("plan-service").addEventListener("change", (event) => fillDefaults(atlas, event.target.value));
  byId("plan-model").addEventListener("change", () => chooseModel(atlas));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    runPlan(atlas, () => readForm(atlas)).then(look);
    byId("plan-progress").scrollIntoView({ block: "nearest" });
  });
  byId("plan-cancel").addEventListener("click", cancelPlan);
  fillDefaults(atlas, byId("plan-service").value);
}

function serviceOf(name) {
  return page.services.find((service) => service.name === name);
}

function fillDefaults(atlas, name) {
  const service = serviceOf(name);
  const models = service.models.map((model) => element("option", { value: model.name }, text(`page.model.${model.name}`)));
  fill(byId("plan-model"), ...models);
  showRequest(atlas, { ...service.defaults, service: name });
  showRooms(service.rooms);
  showDefaults(service);
}

// Every default can be changed, and says where it comes from.
function showDefaults(service) {
  const beds = service.name === "elder-centre" ? "page.conditions.beds" : "page.conditions.capacity";
  const names = {
    model: "page.form.model", p: "page.form.p", limit_minutes: "page.form.limit", mode: "page.form.mode",
    group: "page.card.base", candidates: "page.card.candidates", capacity: beds,
    opening_yuan: "page.conditions.opening_yuan", extension_yuan: "page.conditions.extension_yuan",
  };
  const rows = Object.entries(names).filter(([field]) => service.bases?.[field]).map(([field, name]) =>
    [text(name), textOfCode(service.bases[field], ["planning.basis"])]);
  byId("plan-defaults").hidden = !rows.length;
  fill(byId("plan-defaults-list"), terms(rows));
}

// Fill the form with what was computed, so that form and card never disagree.
function showRequest(atlas, wanted) {
  for (const field of fieldsOf(["question", "cost"], ["choice", "words", "whole", "number"])) {
    if (wanted[field] !== undefined) inputOf(field).value = wanted[field] ?? "";
  }
  enableFields(atlas);
}

// A number of sites that a model may have is left open until it is asked for.
function chooseModel(atlas) {
  const { models, defaults } = serviceOf(byId("plan-service").value);
  const model = models.find(({ name }) => name === byId("plan-model").value);
  byId("plan-p").value = model.needs.includes("p") ? byId("plan-p").value || (defaults.p ?? "") : "";
  enableFields(atlas);
}

// The model says which figures it needs and which it can use.
function enableFields(atlas) {
  const service = serviceOf(byId("plan-service").value);
  const model = service.models.find(({ name }) => name === byId("plan-model").value);
  const known = [...model.needs, ...model.takes].includes("p");
  byId("plan-p").disabled = !known;
  byId("plan-p").closest("label").classList.toggle("off", !known);
  byId("plan-upper_p").closest("label").hidden = ![...model.needs, ...model.takes].includes("upper_p");
  byId("plan-model-words").textContent = text(`page.about-model.${model.name}`);
  enableConditions(atlas, service, model);
}

function readForm(atlas) {
  refuseUnread(questionInputs());
  const wanted = {
    service: byId("plan-service").value, model: byId("plan-model").value, mode: byId("plan-mode").value,
    base: byId("plan-base").value, ...readConditions(atlas),
  };
  if (!byId("plan-p").disabled && byId("plan-p").value) wanted.p = Number(byId("plan-p").value);
  if (byId("plan-limit_minutes").value) wanted.limit_minutes = Number(byId("plan-limit_minutes").value);
  if (!byId("plan-upper_p").closest("label").hidden && byId("plan-upper_p").value) wanted.upper_p = Number(byId("plan-upper_p").value);
  const rooms = readRooms();
  return rooms ? { ...wanted, rooms } : wanted;
}

// `ask` gives the question; what it cannot read is told like a refusal of the server. Returns where to look then.
export async function runPlan(atlas, ask) {
  return follow(atlas, () => askRun("/api/plans", ask()));
}

async function follow(atlas, start) {
  const mine = { id: null };
  running = mine;
  showRunning(true);
  stopStudy();
  clearProblems(Object.values(questionInputs()));
  try {
    const begun = await start();
    mine.id = begun.id;
    const run = await followRun(begun, { tell: showProgress, isWanted: () => running === mine });
    return run === null || running !== mine ? null : finishPlan(atlas, run);
  } catch (error) {
    return running === mine ? showRefusal(atlas, error) : null;
  } finally {
    if (running === mine) showRunning(false);
  }
}

function look(place) {
  place?.scrollIntoView({ block: place.id === "plan-result" ? "start" : "center" });
}

function finishPlan(atlas, answer) {
  if (!answer.result) {
    const place = showRefusal(atlas, errorOf(answer));
    if (answer.state === "interrupted") byId("plan-result").firstElementChild.after(repeatButton(atlas, answer));
    return place;
  }
  const plan = { ...answer.result, id: answer.id };
  if (byId("plan-service").value !== plan.service) fillDefaults(atlas, plan.service);
  showRequest(atlas, plan);
  const isPlan = plan.status !== "infeasible";
  if (isPlan) {
    atlas.basis.plan = planBasis(plan);
    setPlan(atlas, plan);
  } else {
    clearPlan(atlas);
  }
  const result = fill(byId("plan-result"), planCard(plan, {
    onSite: (site) => showSite(atlas, site), nameOf: (id) => placeOf(atlas, String(id))?.name || String(id),
    file: `${addressOf(answer.id)}/plan-file`,
    sections: SECTIONS.map((section) => (shown) => section(atlas, shown, answer.id)),
  }));
  if (isPlan) earlier = answer;
  else result.append(...wayBack(atlas));
  return result;
}

function showSite(atlas, site) {
  openPanel(false);
  atlas.map.setView([site.lat, site.lon], Math.max(atlas.map.getZoom(), 12), { animate: false });
  atlas.planMarkers.get(site.id)?.openPopup();
}

async function cancelPlan() {
  if (!running?.id) return;
  showStopping();
  await cancelRun(running.id).catch((error) => showNote(error.message));
}

// What was cut off from outside may well come to its end the next time.
function repeatButton(atlas, { id }) {
  const again = () => follow(atlas, () => repeatRun(id)).then(look);
  return element("button", { type: "button", id: "plan-repeat", class: "repeat", onclick: again }, text("page.run.repeat"));
}

// Without an answer the map shows none: an earlier plan would be taken for it, and comes back only when asked for.
function showRefusal(atlas, error) {
  clearPlan(atlas);
  const place = showProblems(byId("plan-result"), error, questionInputs());
  byId("plan-result").append(...wayBack(atlas));
  return place;
}

function wayBack(atlas) {
  if (!earlier) return [];
  const back = element("button", { type: "button", id: "plan-earlier", onclick: () => showEarlier(atlas) }, text("page.plan.earlier"));
  return [element("p", { class: "note" }, text("page.plan.cleared")), back];
}

function showEarlier(atlas) {
  clearProblems(Object.values(questionInputs()));
  const { service, conditions } = earlier.result;
  fillDefaults(atlas, service);
  showConditions(atlas, conditions, serviceOf(service).defaults);
  look(finishPlan(atlas, earlier));
}
