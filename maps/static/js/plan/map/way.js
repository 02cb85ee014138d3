// The way from the chosen village to its site, asked for once it is chosen, and the road that was found by name.
import { bodyOf } from "../content.js";
import { requestOfCounty } from "../county.js";
import { evaluationOf } from "../evaluated.js";
import { goingOf } from "../frame.js";

/** @import { PlanStore, State } from "../state.js" */

/**
 * @param {L.Map} map
 * @param {PlanStore} store
 */
export function wayOn(map, store) {
  const renderer = L.svg({ pane: "incident" });
  const look = { pane: "incident", renderer, interactive: false, smoothFactor: 0 };
  const under = L.polyline([], { ...look, color: "#fff", weight: 7, opacity: 0.9 }).addTo(map);
  const over = L.polyline([], { ...look, color: "#17365c", weight: 3.5 }).addTo(map);
  let asking = new AbortController();
  /** @type {unknown} */
  let drawn = null;

  store.subscribe((state, before) => {
    if (state.selected === before.selected && state.content === before.content && state.ground === before.ground && state.confirmed === before.confirmed) return;
    const wanted = wantedWay(state);
    if (wanted === keyOf(state.way)) return;
    asking.abort();
    if (state.way) store.dispatch({ type: "show", way: null });
    if (wanted) ask(wanted);
  });

  /** @param {string} wanted */
  async function ask(wanted) {
    const { content } = store.state;
    const [from, to] = JSON.parse(wanted);
    asking = new AbortController();
    const told = await requestOfCounty("/api/ways", { method: "POST", body: { ...bodyOf({ ...content, question: withoutSites(content.question) }), from, to }, signal: asking.signal }).catch(() => null);
    if (told && wantedWay(store.state) === wanted && store.state.content === content) store.dispatch({ type: "show", way: { key: wanted, ...told } });
  }

  return (/** @type {State} */ { way, selected }) => {
    const lines = selected?.kind === "road" ? selected.road.line : way?.line ? [way.line] : null;
    if (lines === drawn || (way && way.line === drawn)) return;
    drawn = selected?.kind === "road" ? lines : way?.line ?? null;
    const parts = lines?.length && typeof lines[0][0] === "number" ? [lines] : lines ?? [];
    const latLngs = parts.map((/** @type {[number, number][]} */ part) => part.map(([lon, lat]) => L.latLng(lat, lon)));
    over.setStyle({ color: selected?.kind === "road" ? "#D55E00" : "#17365c" });
    for (const line of [under, over]) line.setLatLngs(latLngs);
  };
}

/** @param {State["way"]} way */
function keyOf(way) {
  return way?.key ?? null;
}

/**
 * From which village to which site a way is wanted.
 * @param {State} state
 */
function wantedWay(state) {
  const { selected, ground } = state;
  if (selected?.kind !== "village" || !ground || state.dragging) return null;
  const row = ground.rows.get(selected.id);
  const evaluation = row === undefined ? null : evaluationOf(state);
  const site = evaluation && row !== undefined ? goingOf(state, evaluation).siteOf(row) : null;
  return site && site !== selected.id ? JSON.stringify([selected.id, site, JSON.stringify(ground.of)]) : null;
}

/** @param {import("../content.js").Question} question */
function withoutSites(question) {
  const { sites: _, ...rest } = question;
  return rest;
}
