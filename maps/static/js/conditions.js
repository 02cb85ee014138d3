// The constraints of a plan: figures for all sites, and what is said of single villages.
import { byId, element, fill } from "./dom.js";
import { figuresOf, inputOf } from "./question.js";
import { offered, placeOf, prepareStatuses, setStatus, setStatuses, statusName } from "./statuses.js";
import { symbolPicture } from "./symbols.js";
import { formatNumber, page, text } from "./text.js";

const FIGURES = figuresOf("condition");
const EXTENSION = ["included", "extension_yuan"];  // what a site holds for its money, and what one more costs
const MONEY = figuresOf("money", "cost");

export function prepareConditions(atlas) {
  prepareStatuses(atlas, () => showStatuses(atlas));
  for (const name of [...FIGURES, "split"]) inputOf(name).addEventListener("input", () => countConditions(atlas));
  byId("status-add").addEventListener("click", () => addStatus(atlas));
  byId("status-place").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();  // the form is not to be sent
    addStatus(atlas);
  });
  byId("status-place").addEventListener("focus", () => listPlaces(atlas), { once: true });
}

// Show the fields that the model can use: beds need a model that counts them, money one that spends it.
export function enableConditions(atlas, service, model) {
  const knows = (name) => model.needs.includes(name) || model.takes.includes(name);
  atlas.money = knows("budget_yuan");
  byId("plan-money").hidden = !atlas.money;
  byId("plan-split").closest("label").hidden = !knows("split");
  byId("capacity-words").textContent = text(service.name === "elder-centre" ? "page.conditions.beds" : "page.conditions.capacity");
  // What the model cannot do without is in sight and marked.
  const needsCapacity = model.needs.includes("capacity");
  if (needsCapacity) byId("plan-conditions").open = true;
  byId("plan-capacity").setAttribute("aria-required", String(needsCapacity));
  byId("plan-budget_yuan").setAttribute("aria-required", String(model.needs.includes("budget_yuan")));
  for (const option of byId("status-kind").options) option.hidden = !offered(atlas).includes(option.value);
  countConditions(atlas);
}

export function readConditions(atlas) {
  const shown = (name) => !inputOf(name).closest("[hidden]");
  const given = [...FIGURES, ...MONEY].filter(shown).map((name) => [name, inputOf(name).value]).filter(([, value]) => value !== "");
  const wanted = Object.fromEntries(given.map(([name, value]) => [name, Number(value)]));
  if (shown("split") && byId("plan-split").checked) wanted.split = true;
  if (atlas.statuses.size) wanted.status = Object.fromEntries(atlas.statuses);
  return wanted;
}

// Fill in the conditions of a plan, so that form and card never disagree.
export function showConditions(atlas, conditions, usual) {
  for (const name of [...FIGURES, ...MONEY]) inputOf(name).value = conditions[name] ?? usual[name] ?? "";
  byId("plan-split").checked = Boolean(conditions.split);
  setStatuses(atlas, conditions.status || []);
}

function countConditions(atlas) {
  for (const name of EXTENSION) inputOf(name).closest("label").hidden = byId("plan-capacity").value === "";
  const filled = FIGURES.filter((name) => inputOf(name).value !== "").length;
  const count = filled + (byId("plan-split").checked ? 1 : 0) + atlas.statuses.size;
  byId("plan-conditions-count").textContent = count ? formatNumber(count) : text("page.conditions.none");
}

function showStatuses(atlas) {
  fill(byId("plan-statuses"), ...[...atlas.statuses].map(([id, status]) => statusRow(atlas, id, status)));
  countConditions(atlas);
}

function statusRow(atlas, id, status) {
  const place = placeOf(atlas, id);
  const name = place?.name || id;
  const township = place ? atlas.townshipName(place.township_id) : null;
  const remove = element("button", {
    type: "button", "aria-label": text("page.conditions.remove", { name }),
    onclick: () => {
      setStatus(atlas, id, null);
      (byId("plan-statuses").querySelector("button") || byId("status-place")).focus();
    },
  }, "×");
  return element("li", {}, symbolPicture(page.theme.statuses[status], { size: 14 }),
    element("strong", {}, statusName(status)), element("span", {}, [name, township].filter(Boolean).join(" · ")), remove);
}

// Names that several places share are listed with their ids, and only so do they count.
function listPlaces(atlas) {
  const options = (atlas.villages?.places || []).map((place) => element("option", {
    value: nameOf(atlas, place), label: atlas.townshipName(place.township_id) || "",
  }));
  fill(byId("status-places"), ...options);
}

function nameOf(atlas, place) {
  atlas.named ??= new Map();
  if (!atlas.named.size) {
    for (const { name } of atlas.villages.places) atlas.named.set(name, (atlas.named.get(name) || 0) + 1);
  }
  return atlas.named.get(place.name) > 1 ? `${place.name} ${place.id}` : place.name;
}

function addStatus(atlas) {
  const words = byId("status-place").value.trim();
  const place = atlas.villages?.places.find((one) => nameOf(atlas, one) === words || one.id === words);
  byId("status-failure").hidden = Boolean(place) || !words;
  if (!place) {
    byId("status-failure").textContent = words ? text("page.conditions.unknown-place", { name: words }) : "";
    return;
  }
  setStatus(atlas, place.id, byId("status-kind").value);
  byId("status-place").value = "";
}
