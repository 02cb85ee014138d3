// What the workbench asks of the server: the scenario that an address names, the plan of a question, figures confirmed.
import { request } from "../core/api.js";
import { askRun, errorOf, followRun, planFileAddress } from "../core/run.js";
import { addressIn, keptOn, requestOfCounty } from "./county.js";
import { bodyOf, openQuestion, withSites } from "./content.js";
import { addressOf, contentOf, scenarioOf } from "./saving.js";

/** @import { Content, Edit } from "./content.js" */
/** @import { Place, Scenario } from "./state.js" */

/** @returns {Promise<Map<string, Place>>} */
export async function loadPlaces(/** @type {Record<string, *>} */ layers) {
  const names = ["villages", "neighbourhoods"].filter((name) => layers[name]);
  const [townships, ...collections] = await Promise.all([layers.townships ? requestOfCounty("/api/layers/townships") : null, ...names.map((name) => requestOfCounty(`/api/layers/${name}`))]);
  const called = new Map((townships?.features ?? []).map((/** @type {*} */ one) => [String(one.id), one.properties.name]));
  const places = collections.flatMap((collection, k) => collection.features.map((/** @type {*} */ one) => placeOf(one, names[k], called)));
  return new Map(places.map((place) => [place.id, place]));
}

/**
 * @param {*} feature
 * @param {string} layer
 * @param {Map<string, string>} townships
 * @returns {Place}
 */
function placeOf({ id, properties, geometry }, layer, townships) {
  const [lon, lat] = geometry.coordinates;
  const told = properties.township_id;
  return {
    id: String(id), layer, lon, lat, name: properties.name || String(id), township: townships.get(String(told)) ?? (told ? String(told) : ""),
    community: properties.community ?? null, resident: properties.resident ?? null, registered: properties.registered ?? null,
    elders: properties.age_60_plus ?? null,
  };
}

/**
 * Seconds of each place to the nearest office of a township, by e-bike as people go there; null: no way.
 * @returns {Promise<Map<string, number | null>>}
 */
export async function loadOfficeTimes() {
  const told = await requestOfCounty("/api/access?kind=township-office&mode=e-bike");
  return new Map(Object.entries(told.seconds));
}

/**
 * @param {{ scenario: string, revision: number | null }} asked
 * @returns {Promise<{ scenario: Scenario, content: Content, at: string }>} `at`: when it was changed last
 */
export async function openScenario({ scenario: id, revision }) {
  const told = await request(addressOf({ id }));
  if (revision === null || revision === told.revision) return opened(scenarioOf(told), told, told.changed_at);
  const then = await request(`${addressOf({ id })}/revisions/${revision}`);
  return opened({ ...scenarioOf(told, revision), build: then.county_version }, then, then.at);
}

/**
 * @param {Scenario} scenario
 * @param {*} told
 * @param {string} at
 */
function opened(scenario, told, at) {
  const content = contentOf(told);
  keptOn(content, scenario.build);
  return { scenario, content, at };
}

/**
 * Solves the question of a content; null once nobody wants it any more.
 * @param {Content} content
 * @param {{ tell: (run: *) => void, isWanted: () => boolean }} means
 * @returns {Promise<*>} the plan
 */
export async function solve(content, { tell, isWanted }) {
  const begun = await askRun(addressIn("/api/plans"), bodyOf(openQuestion(content)));
  tell(begun);
  const run = await followRun(begun, { tell, isWanted });
  if (run === null) return null;
  if (!run.result) throw errorOf(run);
  return { ...run.result, id: run.id };
}

/**
 * The file of a plan that a model has made: the same question is the run that is there.
 * @param {Content} content
 */
export async function planFileOf(content) {
  const { id } = await askRun(addressIn("/api/plans"), bodyOf(openQuestion(content)));
  return { address: planFileAddress(id), name: `plan-${id.slice(0, 8)}.json` };
}

/**
 * What the server says of the sites of a content.
 * @param {Content} content
 */
export function confirm(content) {
  return requestOfCounty("/api/evaluations", { method: "POST", body: bodyOf(content) });
}

/**
 * The question of a service as it usually is, with the sites that its plan opens; null once nobody wants it any more.
 * @param {string} service
 * @param {{ tell: (run: *) => void, isWanted: () => boolean }} means
 * @param {readonly Edit[]} [edits] under which it is asked
 * @returns {Promise<Content | null>}
 */
export async function usualContent(service, means, edits = []) {
  /** @type {Content} */
  const usual = { question: { service }, edits };
  const plan = await solve(usual, means);
  return plan && withSites(usual, plan.opened ?? []);
}
