// The page of a worker: my cases, the most urgent first; the one I go to, the way there, and what I did.
import { html, nothing } from "../core/html.js";
import { text } from "../core/text.js";
import { refusal } from "../cases/form.js";
import { caseView } from "../cases/one.js";
import { startCases } from "../cases/page.js";
import { caseRows } from "../cases/rows.js";
import { createCaseStore } from "../cases/state.js";
import { metresBetween } from "../cases/words.js";
import { leaveActs, leaveView } from "./leave.js";

/** @import { FormActs } from "../cases/form.js" */

const MOVES = ["accept", "arrive", "handle", "feed-back", "return", "ask-extension", "verify", "note", "attach", "close-road", "open-road"];

const MOST = 200;

const store = createCaseStore({ order: "deadline" });
const leave = leaveActs(store);

startCases(store, {
  name: "worker",
  showsAll: true,
  listOf: () => `/api/incidents?assignee=me&state=open&order=deadline&limit=${MOST}`,
  viewsOf: (acts) => [["live", () => liveView(acts)], ["list", () => listView(acts)], ["one", () => oneView(acts)], ["leave", () => leaveView(store.state, leave)]],
});

/** @param {FormActs} acts */
function liveView(acts) {
  const { link, problem, filter, here } = store.state;
  const byDistance = filter.order === "distance" && here !== null;
  return html`<div class="bar"><h2>${text("cases.mine")}</h2>
      <button type="button" id="by-distance" aria-pressed=${String(byDistance)} @click=${() => turnDistance(acts)}>${text("cases.by-distance")}</button>
      <a class="button" href="/incidents">${text("cases.report")}</a></div>
    ${link === "asking" ? html`<p class="note" role="status">${text("cases.link-asking")}</p>` : nothing}
    ${problem ? refusal(problem) : nothing}`;
}

/** @param {FormActs} acts */
function turnDistance(acts) {
  if (store.state.filter.order === "distance") return acts.show({ filter: { order: "deadline" } });
  if (!navigator.geolocation) return acts.show({ problem: new Error(text("cases.no-position")) });
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => acts.show({ here: { lon: coords.longitude, lat: coords.latitude }, filter: { order: "distance" }, problem: null }),
    () => acts.show({ problem: new Error(text("cases.no-position")) }),
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
  );
  return undefined;
}

/** @param {FormActs} acts */
function listView(acts) {
  const { list, here, filter } = store.state;
  const from = filter.order === "distance" ? here : null;
  const sorted = from && list ? [...list].sort((a, b) => metresBetween(from, a) - metresBetween(from, b)) : list;
  const more = (list?.length ?? 0) >= MOST ? text("cases.more-mine", { count: MOST }) : "";
  return caseRows({ ...store.state, list: sorted }, acts, { more });
}

/** @param {FormActs} acts */
function oneView(acts) {
  return caseView(store.state, acts, { only: MOVES, ways: true });
}
