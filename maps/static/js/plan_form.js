// Ask the server for a plan, follow its progress, and draw what comes back.
import { newKey, request } from "./api.js";
import { setPlan } from "./atlas.js";
import { byId, element, fill, terms } from "./dom.js";
import { openPanel } from "./panel.js";
import { objectiveText, planBasis, planCard } from "./plan_card.js";
import { readRooms, showRooms } from "./rooms.js";
import { formatGap, formatNumber, page, text, textOfCode } from "./text.js";

const POLL_MS = 500;
let running = null;

export function preparePlanForm(atlas) {
  const form = byId("plan-form");
  byId("plan-service").addEventListener("change", (event) => fillDefaults(event.target.value));
  byId("plan-model").addEventListener("change", enableFields);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    runPlan(atlas, readForm());
  });
  byId("plan-cancel").addEventListener("click", cancelPlan);
  fillDefaults(byId("plan-service").value);
}

function serviceOf(name) {
  return page.services.find((service) => service.name === name);
}

function fillDefaults(name) {
  const service = serviceOf(name);
  const models = service.models.map((model) => element("option", { value: model }, text(`page.model.${model}`)));
  fill(byId("plan-model"), ...models);
  showRequest({ ...service.defaults, service: name });
  showRooms(service.rooms);
  showDefaults(service);
}

// Every default can be changed, and says where it comes from.
function showDefaults(service) {
  const names = {
    model: "page.form.model", p: "page.form.p", limit_minutes: "page.form.limit", mode: "page.form.mode",
    group: "page.card.base", candidates: "page.card.candidates",
  };
  const rows = Object.entries(names).filter(([field]) => service.bases?.[field]).map(([field, name]) =>
    [text(name), textOfCode(service.bases[field], ["planning.basis"])]);
  byId("plan-defaults").hidden = !rows.length;
  fill(byId("plan-defaults-list"), terms(rows));
}

// Fill the form with what was computed, so that form and card never disagree.
function showRequest(wanted) {
  for (const [field, id] of [["service", "plan-service"], ["model", "plan-model"], ["p", "plan-p"],
    ["limit_minutes", "plan-limit"], ["mode", "plan-mode"], ["base", "plan-base"]]) {
    if (wanted[field] !== undefined) byId(id).value = wanted[field] ?? "";
  }
  enableFields();
}

function enableFields() {
  const fewest = byId("plan-model").value === "lscp";
  byId("plan-p").disabled = fewest;
  byId("plan-p").closest("label").classList.toggle("off", fewest);
}

function readForm() {
  const wanted = {
    service: byId("plan-service").value, model: byId("plan-model").value, mode: byId("plan-mode").value,
    base: byId("plan-base").value,
  };
  if (!byId("plan-p").disabled && byId("plan-p").value) wanted.p = Number(byId("plan-p").value);
  if (byId("plan-limit").value) wanted.limit_minutes = Number(byId("plan-limit").value);
  const rooms = readRooms();
  return rooms ? { ...wanted, rooms } : wanted;
}

export async function runPlan(atlas, wanted) {
  const run = { key: newKey(), id: null };
  running = run;
  showRunning(true);
  try {
    let answer = await request("/api/plans", { method: "POST", body: wanted });
    run.id = answer.id;
    do {
      answer = await request(`/api/plans/${encodeURIComponent(run.id)}`);
      if (running !== run) return;
      showProgress(answer);
      if (answer.state === "running") await new Promise((wake) => { setTimeout(wake, POLL_MS); });
    } while (answer.state === "running");
    finishPlan(atlas, answer);
  } catch (error) {
    if (running === run) showFailure(error.message);
  } finally {
    if (running === run) showRunning(false);
  }
}

function finishPlan(atlas, answer) {
  if (!answer.result) {
    showFailure(answer.message || text(answer.state === "cancelled" ? "page.plan.cancelled" : "page.plan.failed"));
    return;
  }
  const plan = answer.result;
  if (byId("plan-service").value !== plan.service) fillDefaults(plan.service);
  showRequest(plan);
  if (plan.status !== "infeasible") {
    atlas.basis.plan = planBasis(plan);
    setPlan(atlas, plan);
  }
  fill(byId("plan-result"), planCard(plan, { onSite: (site) => showSite(atlas, site) }));
}

function showSite(atlas, site) {
  openPanel(false);
  atlas.map.setView([site.lat, site.lon], Math.max(atlas.map.getZoom(), 12), { animate: false });
  atlas.planMarkers.get(site.id)?.openPopup();
}

async function cancelPlan() {
  if (!running?.id) return;
  byId("plan-progress-text").textContent = text("page.plan.cancelling");
  await request(`/api/plans/${encodeURIComponent(running.id)}`, { method: "DELETE" }).catch((error) => showFailure(error.message));
}

function showRunning(busy) {
  byId("plan-run").disabled = busy;
  byId("plan-progress").hidden = !busy;
  byId("plan-progress-text").textContent = busy ? text("page.plan.running") : "";
  byId("plan-result").setAttribute("aria-busy", String(busy));
}

function showProgress({ elapsed_s: elapsed, progress }) {
  const parts = [text("page.plan.elapsed", { seconds: formatNumber(elapsed ?? 0) })];
  const unit = { objective_unit: progress?.objective_unit || "" };
  if (Number.isFinite(progress?.incumbent)) parts.push(text("page.plan.incumbent", { value: objectiveText(unit, progress.incumbent) }));
  if (Number.isFinite(progress?.bound)) parts.push(text("page.plan.bound", { value: objectiveText(unit, progress.bound) }));
  if (Number.isFinite(progress?.gap)) parts.push(text("page.plan.gap", { share: formatGap(progress.gap) }));
  byId("plan-progress-text").textContent = parts.join(" · ");
}

function showFailure(words) {
  fill(byId("plan-result"), element("p", { class: "failure", role: "alert" }, words));
}
