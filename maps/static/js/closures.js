// Roads closed on trial: a click on a road closes it, everyone's minutes are new, a second click opens it again.
import { request } from "./api.js";
import { chooseMeasure } from "./atlas.js";
import { byId, element, fill } from "./dom.js";
import { openPanel } from "./panel.js";
import { hideHint, showHint } from "./pick.js";
import { showProblems } from "./problems.js";
import { formatMinutes, formatNumber, minutesFigure, page, text, textOfCode } from "./text.js";

const REACH_PX = 14;  // how far from a road a click may be

export function prepareClosures(atlas) {
  const state = { closed: [], picking: false, layer: null, asked: 0, today: {} };
  byId("closure-pick").addEventListener("click", () => setPicking(atlas, state, !state.picking));
  byId("closure-centre").addEventListener("click", () => ask(atlas, state, { at: atlas.map.getCenter() }));
  byId("closure-clear").addEventListener("click", () => ask(atlas, state, { closed: [] }));
  document.addEventListener("keydown", (event) => event.key === "Escape" && setPicking(atlas, state, false));
  atlas.map.on("click", (event) => state.picking && ask(atlas, state, { at: event.latlng }));
  // While roads are being picked, a click on a village means the road under it.
  atlas.map.on("popupopen", () => state.picking && atlas.map.closePopup());
  for (const tab of document.querySelectorAll("[role=tab]:not(#tab-roads)")) {
    tab.addEventListener("click", () => setPicking(atlas, state, false));
  }
  // Another plan, another question: the same closures are asked again.
  atlas.afterPlan = () => {
    delete state.today.plan;
    if (state.closed.length) ask(atlas, state, {});
  };
}

function setPicking(atlas, state, picking) {
  if (state.picking === picking) return;
  state.picking = picking;
  const button = byId("closure-pick");
  button.setAttribute("aria-pressed", String(picking));
  button.textContent = text(picking ? "page.closures.picking" : "page.closures.pick");
  atlas.map.getContainer().classList.toggle("picking", picking);
  hideHint();
  if (!picking) return;
  showHint(text("page.closures.hint"), text("page.closures.picking"), () => {
    setPicking(atlas, state, false);
    openPanel(true);
  });
  atlas.map.closePopup();
  openPanel(false);
}

async function ask(atlas, state, { at = null, closed = state.closed.map((road) => road.id) }) {
  const { plan } = atlas;
  const asked = ++state.asked;
  const streets = atlas.map.getZoom() >= page.theme.streetZoom;  // only what the map shows can be meant
  const body = { closed, streets, ...(plan?.id ? { plan_id: plan.id } : questionOf(atlas, plan)) };
  if (at) Object.assign(body, { at: { lon: Number(at.lng.toFixed(6)), lat: Number(at.lat.toFixed(6)) }, within_m: reachOf(atlas.map, at) });
  byId("closure-status").textContent = text("page.closures.working");
  fill(byId("closure-problem"));
  try {
    const answer = await request("/api/closures", { method: "POST", body });
    if (asked !== state.asked) return;  // a later click is under way
    state.closed = answer.closed;
    show(atlas, state, plan, answer);
    byId("closure-status").textContent = answer.closed.length ? text("page.closures.closed", { count: answer.closed.length }) : "";
  } catch (error) {
    if (asked !== state.asked) return;
    byId("closure-status").textContent = "";
    showProblems(byId("closure-problem"), error);
    openPanel(true);
  }
}

// A plan counts its own people; one that is only drawn, such as an alternative, is described by its sites.
function questionOf(atlas, plan) {
  if (!plan) return { base: atlas.base };
  const { group } = page.services.find(({ name }) => name === plan.service);
  const { base, mode, limit_minutes } = plan;
  return { base, mode, limit_minutes, group, facilities: plan.facilities.map((site) => site.id) };
}

function reachOf(map, at) {
  const point = map.latLngToContainerPoint(at);
  return Math.min(2000, Math.max(1, map.distance(at, map.containerPointToLatLng(point.add([REACH_PX, 0])))));
}

function show(atlas, state, plan, answer) {
  state.layer?.remove();
  state.layer = L.featureGroup(answer.closed.flatMap((road) => roadMarks(atlas, state, road))).addTo(atlas.map);
  const measure = plan ? "plan" : "township";
  state.today[measure] ??= atlas.seconds[measure] ?? answer.seconds;
  atlas.seconds[measure] = answer.closed.length ? answer.seconds : state.today[measure];
  if (!answer.closed.length) delete state.today[measure];
  atlas.closures = answer.closed.length;
  byId("measure").value = measure;
  chooseMeasure(atlas, measure);
  byId("closure-clear").hidden = !answer.closed.length;
  fill(byId("closure-result"), ...(answer.closed.length ? card(atlas, state, plan, answer) : []));
}

// A closed road: white under red, so that it stands out from every class, and a line of dashes for those who see no red.
function roadMarks(atlas, state, road) {
  const line = road.line.map(([lon, lat]) => [lat, lon]);
  const renderer = L.svg({ pane: "incident" });
  const { colour, width } = page.theme.lines.closed;
  return [
    L.polyline(line, { pane: "incident", renderer, interactive: false, color: "#fff", weight: width + 4 }),
    L.polyline(line, { pane: "incident", renderer, interactive: false, color: colour, weight: width, dashArray: "2 7" }),
  ];
}

function card(atlas, state, plan, answer) {
  return [
    element("ul", { id: "closure-list", class: "rows" }, ...answer.closed.map((road) => roadRow(atlas, state, road))),
    element("p", { id: "closure-counted" }, text("page.closures.counted", {
      people: textOfCode(answer.weights_basis, ["planning.weights"]), total: formatNumber(answer.before.people_total) })),
    figures(answer),
    element("p", { id: "closure-slower" }, answer.slower.places
      ? text("page.closures.slower", { places: formatNumber(answer.slower.places), people: formatNumber(answer.slower.people) })
      : text("page.closures.nobody")),
    ...losers(answer),
    element("p", { class: "note" }, basis(plan, answer)),
    element("p", { class: "note" }, text("page.note.times-leave-out")),
  ];
}

function roadName(road) {
  const kind = road.road_class.replace(/_link$/, "");
  return [road.name || text("page.closures.unnamed"), textOfCode(kind, ["page.road"])].join(" · ");
}

function roadRow(atlas, state, road) {
  const others = state.closed.filter((other) => other.id !== road.id).map((other) => other.id);
  return element("li", {}, element("span", {}, roadName(road)),
    element("small", {}, text("page.closures.metres", { metres: formatNumber(road.length_m) })),
    element("button", { type: "button", class: "link", "aria-label": text("page.closures.open-label", { name: roadName(road) }),
      onclick: () => ask(atlas, state, { closed: others }) }, text("page.closures.open")));
}

function figures({ before, after, same_people: same, limit_minutes: minutes }) {
  const minutesOf = (seconds) => (seconds === null ? text("page.unreachable") : minutesFigure(seconds));
  const rows = [
    [text(same.left_out ? "page.closures.mean-same" : "page.closures.mean", { people: formatNumber(same.people) }),
      minutesOf(same.before_mean_s), minutesOf(same.after_mean_s)],
    [text("page.closures.worst"), minutesOf(before.worst_s), minutesOf(after.worst_s)],
    [text("page.closures.covered", { minutes: formatNumber(minutes) }), formatNumber(before.people_within_limit), formatNumber(after.people_within_limit)],
    [text("page.closures.unreachable"), formatNumber(before.unreachable_people), formatNumber(after.unreachable_people)],
  ];
  const head = ["", text("page.closures.now"), text("page.closures.then")].map((name) => element("th", { scope: "col" }, name));
  return element("div", { class: "table" }, element("table", { id: "closure-figures" }, element("thead", {}, element("tr", {}, ...head)),
    element("tbody", {}, ...rows.map(([name, ...values]) => element("tr", {}, element("th", { scope: "row" }, name),
      ...values.map((value) => element("td", { class: "number" }, value)))))));
}

function losers({ worst }) {
  if (!worst.length) return [];
  const rows = worst.map((place) => element("li", {}, element("span", {}, [place.name, place.township].filter(Boolean).join(" · ")),
    element("small", {}, text("page.closures.change", { before: formatMinutes(place.before_s), after: formatMinutes(place.after_s) }))));
  return [element("h2", {}, text("page.closures.most")), element("ul", { class: "rows" }, ...rows)];
}

function basis(plan, answer) {
  const to = text(plan ? "page.closures.to-plan" : "page.closures.to-township", { count: answer.facilities });
  const roads = page.info.layers.roads?.reconstructed?.length ? text("page.closures.remade") : "";
  return text("page.closures.basis", { to, mode: textOfCode(answer.mode, ["page.mode"]), goes: text(`page.closures.goes-${answer.goes}`), roads });
}
