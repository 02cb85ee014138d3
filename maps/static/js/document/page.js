// The file that opens without a server: the map of a document, drawn by the modules of the workbench.
import { groundLayer, viewLimits } from "../core/ground.js";
import { decodeGround } from "../core/ground_data.js";
import { placeLabels } from "../core/labels.js";
import { byId, element, fill } from "../core/dom.js";
import { openMap } from "../core/map.js";
import { sitesOn } from "../plan/map/sites.js";
import { villagesOn } from "../plan/map/villages.js";
import { formatMinutes, page, text } from "../core/text.js";
import { changesOn } from "./changes.js";
import { drawLegend } from "./legend.js";
import { dataOf, evaluationOf, stateOf } from "./views.js";

/** @import { View } from "./views.js" */

const CLOSE = 14;  // zoom at which one place is looked at
const data = dataOf(JSON.parse(byId("map-data").textContent ?? "{}"));
const map = openMap("document");
const select = /** @type {HTMLSelectElement} */ (/** @type {unknown} */ (byId("view")));
const find = /** @type {HTMLInputElement} */ (/** @type {unknown} */ (byId("find")));

/** @type {*} what the modules of the workbench read and tell */
const store = {
  state: stateOf(data, data.views[0]),
  dispatch(/** @type {*} */ { selected }) { if (selected) tell(selected.id); },
};
const villages = villagesOn(map, store);
const sites = sitesOn(map, store, { fixed: true });
const changes = changesOn(map, data, (id) => tell(id));
const ground = decodeGround(data.ground, page.theme.ground);

/** @param {View} view */
function show(view) {
  const isChange = view.before.length > 0;
  const pane = map.getPane("villages");
  store.state = stateOf(data, view);
  if (pane) pane.style.display = isChange ? "none" : "";
  villages.paint(store.state, evaluationOf(data, view));
  changes.show(isChange ? view : null);
  sites.draw(store.state);
  drawLegend(byId("legend"), view, data);
  names.refresh();
  select.value = view.name;
}

/** The minutes of a place, in every view of the file. @param {string} id */
function tell(id) {
  const row = data.rowOf.get(id);
  if (row === undefined) return;
  const { names: called, townships, people } = data.places;
  const title = text("document.here", { place: called[row], township: townships[row] ?? "", people: people[row] });
  const times = data.views.filter((view) => !view.before.length).map((view) =>
    element("li", {}, text("document.time", { view: view.title, minutes: formatMinutes(view.seconds[row]) })));
  fill(byId("chosen"), element("strong", {}, title), element("ul", {}, ...times));
}

function goTo(/** @type {string} */ name) {
  const row = data.places.names.indexOf(name.trim().split(" · ")[0]);
  const exact = data.labels.indexOf(name.trim());
  const at = exact >= 0 ? exact : row;
  if (at < 0) return;
  map.setView([data.places.lat[at], data.places.lon[at]], CLOSE, { animate: false });
  tell(data.places.ids[at]);
}

villages.draw(store.state.places);
groundLayer(ground).addTo(map);
viewLimits(map, ground);
const names = placeLabels(map, ground, { symbols: () => [...villages.boxes(), ...sites.boxes()] });
fill(byId("place-names"), ...data.labels.map((label) => element("option", { value: label })));
select.addEventListener("change", () => show(data.view(select.value)));
find.addEventListener("change", () => goTo(find.value));
for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button[data-view]"))) {
  button.hidden = false;
  button.addEventListener("click", () => {
    show(data.view(button.dataset.view ?? ""));
    if (window.matchMedia("(max-width: 900px)").matches) byId("map-side").scrollIntoView();
  });
}
new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());
if (data.views.length) show(data.views[0]);
else villages.paint(store.state, /** @type {*} */ (null));
document.documentElement.dataset.ready = "true";
