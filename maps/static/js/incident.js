// Report an incident: a place chosen on the map, confirmed, filed; then its cell, its worker, the way and the deadline.
import { ApiError, newKey, request } from "./api.js";
import { byId, element, fill, terms } from "./dom.js";
import { openPanel } from "./panel.js";
import { hideHint, isTouch, showHint } from "./pick.js";
import { clearProblems, showProblems } from "./problems.js";
import { symbolMarker } from "./symbols.js";
import { tableRow } from "./tables.js";
import { formatMinutes, formatTime, page, text, textOfCode } from "./text.js";

const INCIDENT = { shape: "diamond", colour: "#C1121F" };

export function prepareIncidents(atlas) {
  const state = { picking: false, layer: null, pending: null };
  byId("incident-pick").addEventListener("click", () => setPicking(atlas, state, !state.picking));
  byId("incident-centre").addEventListener("click", () => choose(atlas, state, atlas.map.getCenter()));
  document.addEventListener("keydown", (event) => event.key === "Escape" && (state.picking ? setPicking(atlas, state, false) : cancel(state)));
  atlas.map.on("click", (event) => state.picking && choose(atlas, state, event.latlng));
  // While a place is being picked, a click on a village means the place and not its popup.
  atlas.map.on("popupopen", () => state.picking && atlas.map.closePopup());
  const tab = byId("tab-incident");
  tab.addEventListener("click", () => listRecent(atlas, state));
  if (tab.getAttribute("aria-selected") === "true") listRecent(atlas, state);
  // What is confirmed is what stands there, so a change while it is asked is asked anew.
  byId("incident-category").addEventListener("change", () => askAgain(atlas, state));
  byId("incident-text").addEventListener("input", () => askAgain(atlas, state));
  for (const tab of document.querySelectorAll("[role=tab]:not(#tab-incident)")) {
    tab.addEventListener("click", () => setPicking(atlas, state, false));
  }
}

function setPicking(atlas, state, picking) {
  if (state.picking === picking || (picking && !hasCategory())) return;
  state.picking = picking;
  byId("incident-pick").setAttribute("aria-pressed", String(picking));
  atlas.map.getContainer().classList.toggle("picking", picking);
  hideHint();
  if (!picking) return;
  cancel(state);
  showHint(text(isTouch() ? "page.incident.hint-touch" : "page.incident.hint"), text("page.incident.cancel"), () => {
    setPicking(atlas, state, false);
    openPanel(true);
  });
  atlas.map.closePopup();
  openPanel(false);
}

// Nothing is filed under a category that nobody chose.
function hasCategory() {
  const category = byId("incident-category");
  clearProblems([category]);
  if (category.value) return true;
  showProblems(byId("incident-result"), new ApiError(text("page.incident.no-category"),
    { faults: [{ field: "category", expected: "", mend: text("page.incident.no-category") }] }), inputsOf());
  return false;
}

function inputsOf() {
  return { category: byId("incident-category"), text: byId("incident-text") };
}

// A place was chosen: what would be filed stands there to be confirmed; nothing has been sent yet.
async function choose(atlas, state, { lat, lng }) {
  if (!hasCategory()) return;
  setPicking(atlas, state, false);
  openPanel(true);
  const pending = {
    key: newKey(), lon: Number(lng.toFixed(6)), lat: Number(lat.toFixed(6)), place: null, failure: null, sending: false,
  };
  state.pending = pending;
  drawPlace(atlas, state, pending);
  fill(byId("incident-result"), element("p", { class: "loading" }, text("page.incident.looking")));
  try {
    pending.place = await request(`/api/place?lon=${pending.lon}&lat=${pending.lat}`);
  } catch (error) {
    pending.failure = error.message;  // a place that cannot be looked up can be reported all the same
  }
  if (state.pending !== pending) return;
  fill(byId("incident-result"), confirmCard(atlas, state, pending));
  byId("incident-confirm").focus();
  byId("incident-question").scrollIntoView({ block: "nearest" });
}

function askAgain(atlas, state) {
  const { pending } = state;
  if (!pending || pending.sending || !(pending.place || pending.failure)) return;
  if (hasCategory()) fill(byId("incident-result"), confirmCard(atlas, state, pending));
}

function drawPlace(atlas, state, { lat, lon }) {
  state.layer?.remove();
  state.layer = symbolMarker([lat, lon], INCIDENT, { size: 26, label: "?", pane: "incident", title: text("page.incident.place") }).addTo(atlas.map);
}

function confirmCard(atlas, state, pending) {
  const { place, failure } = pending;
  const warning = placeWarning(place, failure);
  const category = () => categoryName(byId("incident-category").value);
  return element("article", { class: "card", id: "incident-question", role: "group", "aria-label": text("page.incident.confirm-title") },
    element("header", {}, element("h3", {}, text("page.incident.confirm-title"))),
    warning ? element("p", { class: "verdict fair", id: "incident-warning", role: "alert" }, warning) : null,
    terms([
      [text("page.incident.category"), category()],
      [text("page.incident.place"), place?.cell ? [place.cell_name, place.township].filter(Boolean).join(" · ") : `${pending.lon}, ${pending.lat}`],
      [text("page.incident.cell"), place ? place.cell || text("page.incident.no-cell") : null],
      [text("page.incident.text"), byId("incident-text").value.trim() || null],
    ]),
    element("div", { class: "choice" },
      element("button", { type: "button", class: "primary", id: "incident-confirm", onclick: () => report(atlas, state, pending) },
        text(warning ? "page.incident.confirm-anyway" : "page.incident.confirm")),
      element("button", { type: "button", id: "incident-cancel", onclick: () => cancel(state) }, text("page.incident.cancel"))));
}

function placeWarning(place, failure) {
  if (failure) return text("page.incident.unchecked", { reason: failure });
  if (place.inside === false) return text("page.incident.outside");
  return place.cell ? null : text("page.incident.outside-cells");
}

function cancel(state) {
  if (!state.pending || state.pending.sending) return;
  state.pending = null;
  state.layer?.remove();
  fill(byId("incident-result"), element("p", { class: "note", role: "status" }, text("page.incident.not-sent")));
  byId("incident-pick").focus();
}

async function report(atlas, state, pending) {
  if (pending.sending || state.pending !== pending || !hasCategory()) return;
  pending.sending = true;
  const { lon, lat, key } = pending;
  const body = { category: byId("incident-category").value, lon, lat, text: byId("incident-text").value.trim(), idempotency_key: key };
  fill(byId("incident-result"), element("p", { class: "loading" }, text("page.incident.sending")));
  try {
    const created = await request("/api/incidents", { method: "POST", body });
    state.pending = null;
    byId("incident-text").value = "";
    byId("incident-category").value = "";
    // Who may not read incidents is shown what the report itself told: all but the way.
    const incident = byId("incident-recent") ? await incidentOf(created.id).catch(() => created) : created;
    show(atlas, state, incident);
    await listRecent(atlas, state);
  } catch (error) {
    pending.sending = false;
    showProblems(byId("incident-result"), error, inputsOf());
    if (state.pending) byId("incident-result").append(confirmCard(atlas, state, pending));
  }
}

function incidentOf(id) {
  return request(`/api/incidents/${encodeURIComponent(id)}`);
}

function show(atlas, state, incident) {
  fill(byId("incident-result"), incidentCard(incident));
  drawIncident(atlas, state, incident);
}

function drawIncident(atlas, state, incident) {
  state.layer?.remove();
  const here = [incident.lat, incident.lon];
  const parts = [symbolMarker(here, INCIDENT, {
    size: 26, label: "!", pane: "incident", title: categoryName(incident.category),
  })];
  const way = (incident.route || []).map(([lon, lat]) => [lat, lon]);
  if (way.length > 1) {
    const { colour, width } = page.theme.lines.route;
    const line = { pane: "incident", interactive: false, renderer: L.svg({ pane: "incident" }) };
    parts.unshift(L.polyline(way, { ...line, color: "#fff", weight: width + 3, opacity: 0.9 }),
      L.polyline(way, { ...line, color: colour, weight: width, opacity: 0.95 }),
      L.polyline([way.at(-1), here], { ...line, color: colour, weight: 2.5, dashArray: "3 6" }));  // on foot from the road
  }
  state.layer = L.featureGroup(parts).addTo(atlas.map);
  atlas.map.fitBounds(L.latLngBounds([here, ...way]).pad(0.5), { maxZoom: 14, animate: false });
}

function incidentCard(incident) {
  const code = (value, kind) => (value ? textOfCode(value, [`incident.${kind}`]) : null);
  return element("article", { class: "card", id: "incident-card" },
    element("header", {}, element("h3", {}, categoryName(incident.category)), element("p", { class: "kind" }, incident.id)),
    terms([
      [text("page.incident.cell"), incident.cell
        ? [incident.cell, incident.cell_name].filter(Boolean).join(" · ") : text("page.incident.no-cell")],
      [text("page.incident.assignee"), handlerOf(incident)],
      [text("page.incident.role"), code(incident.role, "role")],
      [text("page.incident.rule"), code(incident.rule, "rule")],
      [text("page.incident.reason"), code(incident.reason, "reason")],
      [text("page.incident.route"), routeText(incident)],
      [text("page.incident.due"), incident.due_at ? formatTime(incident.due_at) : null],
      incident.deadline_rule ? [text("page.incident.clock"),
        textOfCode(incident.deadline_rule, ["incident.deadline"], { count: incident.workdays })] : null,
      tableRow(incident.tables),
      [text("page.incident.text"), incident.text || null],
    ]),
    page.info.layers.roster?.reconstructed?.length ? element("p", { class: "remade" }, text("page.incident.roster-remade")) : null);
}

// The office may call its kinds of incident as it likes.
function categoryName(code) {
  return page.categories?.[code] ?? text(`incident.category.${code}`);
}

function handlerOf({ assignee_name: name, assignee, level }) {
  return name || assignee || (level ? textOfCode(level, ["incident.desk"]) : null);
}

function routeText({ role, route_seconds: seconds, route_mode: mode }) {
  if (role === "desk") return text("page.incident.no-route");
  const way = mode && seconds !== null ? ` · ${textOfCode(mode, ["page.mode"])}` : "";
  return `${formatMinutes(seconds)}${way}`;
}

async function listRecent(atlas, state) {
  const list = byId("incident-recent");
  if (!list) return;  // not everybody who reports may read what others reported
  try {
    const answer = await request("/api/incidents?limit=50");
    const rows = (Array.isArray(answer) ? answer : answer.incidents).map((incident) => element("li", {},
      element("button", { type: "button", class: "link", onclick: () => reopen(atlas, state, incident.id) },
        categoryName(incident.category)),
      element("span", {}, [incident.cell_name || text("page.incident.no-cell"), handlerOf(incident)].filter(Boolean).join(" · "),
        element("small", {}, text("page.incident.due-at", { time: incident.due_at ? formatTime(incident.due_at) : text("page.unknown") })))));
    fill(list, ...(rows.length ? rows : [element("li", { class: "none" }, text("page.incident.none"))]));
  } catch (error) {
    fill(list, element("li", { class: "failure" }, error.message));
  }
}

function reopen(atlas, state, id) {
  incidentOf(id).then((incident) => show(atlas, state, incident)).catch((error) =>
    fill(byId("incident-result"), element("p", { class: "failure", role: "alert" }, error.message)));
}
