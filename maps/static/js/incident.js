// Report an incident by a click on the map; show its cell, its worker, the way and the deadline.
import { newKey, request } from "./api.js";
import { byId, element, fill, terms } from "./dom.js";
import { openPanel } from "./panel.js";
import { symbolMarker } from "./symbols.js";
import { formatMinutes, formatTime, page, text, textOfCode } from "./text.js";

export function prepareIncidents(atlas) {
  const state = { picking: false, layer: null, sending: false };
  byId("incident-pick").addEventListener("click", () => setPicking(atlas, state, !state.picking));
  byId("incident-centre").addEventListener("click", () => report(atlas, state, atlas.map.getCenter()));
  document.addEventListener("keydown", (event) => event.key === "Escape" && setPicking(atlas, state, false));
  atlas.map.on("click", (event) => state.picking && report(atlas, state, event.latlng));
  // While a place is being picked, a click on a village means the place and not its popup.
  atlas.map.on("popupopen", () => state.picking && atlas.map.closePopup());
  byId("tab-incident").addEventListener("click", () => listRecent(atlas, state));
}

function setPicking(atlas, state, picking) {
  state.picking = picking;
  byId("incident-pick").setAttribute("aria-pressed", String(picking));
  atlas.map.getContainer().classList.toggle("picking", picking);
  byId("pick-hint").hidden = !picking;
  if (!picking) return;
  atlas.map.closePopup();
  openPanel(false);
}

async function report(atlas, state, { lat, lng }) {
  if (state.sending) return;
  state.sending = true;
  setPicking(atlas, state, false);
  openPanel(true);
  fill(byId("incident-result"), element("p", { class: "loading" }, text("page.incident.sending")));
  const body = {
    category: byId("incident-category").value, lon: Number(lng.toFixed(6)), lat: Number(lat.toFixed(6)),
    text: byId("incident-text").value.trim(), idempotency_key: newKey(),
  };
  try {
    const created = await request("/api/incidents", { method: "POST", body });
    byId("incident-text").value = "";
    await showIncident(atlas, state, created.id);
    await listRecent(atlas, state);
  } catch (error) {
    fill(byId("incident-result"), element("p", { class: "failure", role: "alert" }, error.message));
  } finally {
    state.sending = false;
  }
}

async function showIncident(atlas, state, id) {
  const incident = await request(`/api/incidents/${encodeURIComponent(id)}`);
  fill(byId("incident-result"), incidentCard(incident));
  drawIncident(atlas, state, incident);
}

function drawIncident(atlas, state, incident) {
  state.layer?.remove();
  const here = [incident.lat, incident.lon];
  const parts = [symbolMarker(here, { shape: "diamond", colour: "#C1121F" }, {
    size: 26, label: "!", pane: "incident", title: text(`incident.category.${incident.category}`),
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
  const person = incident.assignee_name || incident.assignee;
  const code = (value, kind) => (value ? textOfCode(value, [`incident.${kind}`]) : null);
  return element("article", { class: "card", id: "incident-card" },
    element("header", {}, element("h3", {}, text(`incident.category.${incident.category}`)), element("p", { class: "kind" }, incident.id)),
    terms([
      [text("page.incident.cell"), incident.cell
        ? [incident.cell, incident.cell_name].filter(Boolean).join(" · ") : text("page.incident.no-cell")],
      [text("page.incident.assignee"), person || code(incident.level, "desk")],
      [text("page.incident.role"), code(incident.role, "role")],
      [text("page.incident.rule"), code(incident.rule, "rule")],
      [text("page.incident.reason"), code(incident.reason, "reason")],
      [text("page.incident.route"), routeText(incident)],
      [text("page.incident.due"), incident.due_at ? formatTime(incident.due_at) : null],
      incident.deadline_rule ? [text("page.incident.clock"),
        textOfCode(incident.deadline_rule, ["incident.deadline"], { count: incident.workdays })] : null,
      [text("page.incident.text"), incident.text || null],
    ]),
    page.info.layers.roster?.reconstructed?.length ? element("p", { class: "remade" }, text("page.incident.roster-remade")) : null);
}

function routeText({ role, route_seconds: seconds, route_mode: mode }) {
  if (role === "desk") return text("page.incident.no-route");
  const way = mode && seconds !== null ? ` · ${textOfCode(mode, ["page.mode"])}` : "";
  return `${formatMinutes(seconds)}${way}`;
}

async function listRecent(atlas, state) {
  const list = byId("incident-recent");
  try {
    const answer = await request("/api/incidents?limit=50");
    const rows = (Array.isArray(answer) ? answer : answer.incidents).map((incident) => element("li", {},
      element("button", { type: "button", class: "link", onclick: () => reopen(atlas, state, incident.id) },
        text(`incident.category.${incident.category}`)),
      element("small", {}, text("page.incident.due-at", { time: incident.due_at ? formatTime(incident.due_at) : text("page.unknown") }))));
    fill(list, ...(rows.length ? rows : [element("li", { class: "none" }, text("page.incident.none"))]));
  } catch (error) {
    fill(list, element("li", { class: "failure" }, error.message));
  }
}

function reopen(atlas, state, id) {
  showIncident(atlas, state, id).catch((error) =>
    fill(byId("incident-result"), element("p", { class: "failure", role: "alert" }, error.message)));
}
