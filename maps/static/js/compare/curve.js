// The trade-off curve on the conditions of one of the schemes: a study that is asked for as a run, and its points as schemes.
import { request } from "../core/api.js";
import { awaitRun } from "./await_run.js";
import { comparisonAddress } from "./address.js";
import { schemeOf } from "./state.js";

/** @import { CompareStore, Curve, Scheme } from "./state.js" */

const COUNT = 20;  // points at most: more are hard to tell apart

/**
 * @param {CompareStore} store
 * @param {string} key of a scheme
 * @param {string} curve
 */
export async function askCurve(store, key, curve) {
  const { comparison } = store.state;
  if (!comparison) return;
  const scheme = schemeOf(comparison, key);
  const { p, budget_yuan: budget, ...asked } = conditionsOf(scheme);
  const plan = curve === "mean-worst" ? { ...asked, p: scheme.sites.length } : asked;  // the others have a point for each number of sites
  const money = curve === "coverage-budget" ? { budget_yuan: budget ?? scheme.spent_yuan ?? 0 } : {};
  const address = `/api/studies?build=${encodeURIComponent(scheme.county_version)}`;
  const ended = await awaitRun(store, "drawing", address, { kind: "frontier", plan, curve, count: COUNT, ...money });
  if (!ended) return;
  const { curve: told } = await request(comparisonAddress({ ...store.state, futuresRun: null, studyRun: ended.id }));
  if (store.state.comparison === comparison) store.dispatch({ type: "show", curve: told, studyRun: ended.id, drawing: null });
}

/**
 * A point of the curve becomes a scenario, and so a scheme beside the others.
 * @param {Curve} curve
 * @param {number} place
 * @param {string} name
 * @returns {Promise<string>} its reference
 */
export async function keptPoint({ question, points }, place, name) {
  const { opened } = points[place];
  const { edits, p: _, ...asked } = flat(question);
  return (await request("/api/scenarios", { method: "POST", body: { name, question: { ...asked, p: opened.length, sites: opened }, edits } })).id;
}

/** What of a scheme's question is no choice of sites. @param {Scheme} scheme */
function conditionsOf({ question }) {
  const { sites: _, ...asked } = flat(question);
  return asked;
}

/**
 * A question as `POST /api/plans` takes it, from how an answer tells it.
 * @param {*} question
 * @returns {Record<string, *>}
 */
function flat({ conditions = {}, rooms: _, ...asked }) {
  const { status = [], ...others } = conditions;
  const said = { ...asked, ...others, ...(status.length ? { status: Object.fromEntries(status) } : {}) };
  const isSaid = (/** @type {*} */ value) => value !== null && value !== false && !(Array.isArray(value) && !value.length);
  return { edits: [], ...Object.fromEntries(Object.entries(said).filter(([, value]) => isSaid(value))) };
}
