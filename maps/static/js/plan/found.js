// What can be found by name, code or pinyin, as the server's search tells it, and what choosing it means.
import { requestOfCounty } from "./county.js";

/** @import { Hit } from "../core/found.js" */
/** @import { Acts } from "./page.js" */
/** @import { Candidate, Ground, PlanStore } from "./state.js" */

export { foundWords, hitRow } from "../core/found.js";

const MOST = 12;

/**
 * @param {string} words
 * @param {AbortSignal} signal
 * @returns {Promise<Hit[]>}
 */
export function search(words, signal) {
  return requestOfCounty(`/api/search?q=${encodeURIComponent(words)}`, { signal });
}

/**
 * Candidates on which no site stands: those of which the name says what was typed, and those that the search finds.
 * @param {Ground} ground
 * @param {readonly string[]} sites
 * @param {string} words
 * @param {AbortSignal} signal
 * @returns {Promise<Hit[]>}
 */
export async function searchCandidates(ground, sites, words, signal) {
  const named = ground.candidates.filter(({ name, id }) => name === words || id === words);
  const found = (await search(words, signal)).flatMap(({ id }) => ground.byId.get(id) ?? []);
  const alike = ground.candidates.filter(({ name }) => name.includes(words));
  return [...new Set([...named, ...found, ...alike])].filter(({ id }) => !sites.includes(id)).slice(0, MOST).map(hitOf);
}

/**
 * @param {Candidate} candidate
 * @returns {Hit}
 */
function hitOf({ id, name, township, lon, lat, origin }) {
  return { id, name, kind: origin, township, community: null, lon, lat };
}

/**
 * Goes to what was found; a village, a site or a road is chosen there.
 * @param {Hit} hit
 * @param {PlanStore} store
 * @param {Acts} acts
 */
export function choose(hit, store, acts) {
  const { content, ground, places } = store.state;
  const { id, lon, lat } = hit;
  if (places.has(id) || ground?.byId.has(id)) store.dispatch({ type: "show", part: "map", selected: { kind: content.question.sites?.includes(id) && !places.has(id) ? "site" : "village", id } });
  else if (hit.line) store.dispatch({ type: "show", part: "map", selected: { kind: "road", id, road: hit, at: [lon, lat] } });
  acts.goTo({ lon, lat, bounds: hit.bounds ?? null });
}
