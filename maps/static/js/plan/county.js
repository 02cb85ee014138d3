// Of which build of the county the page tells: that of the scenario that is open, else the one that is served.
import { request, requestBytes } from "../core/api.js";

/** @import { Content } from "./content.js" */
/** @import { State } from "./state.js" */

/** @type {WeakMap<Content, string>} builds of contents that the server keeps: a scenario may have been brought onto another */
const builds = new WeakMap();
/** @type {string | null} */
let asked = null;

/**
 * @param {Content} content
 * @param {string} build version of the build that the server keeps it on
 */
export function keptOn(content, build) {
  builds.set(content, build);
}

/**
 * The build that what is open is pinned to; null where nothing is kept: then the one that is served.
 * @param {Pick<State, "scenario" | "content">} state
 */
export function buildOf({ scenario, content }) {
  return scenario ? builds.get(content) ?? scenario.build : null;
}

/** @param {string | null} build that everything is asked of from now on */
export function askOf(build) {
  asked = build;
}

/** @param {string} path of a route that tells of a county */
export function addressIn(path) {
  return asked === null ? path : `${path}${path.includes("?") ? "&" : "?"}build=${asked}`;
}

/**
 * As `request` and `requestBytes` of api.js, of the build that the page is about.
 * @param {string} path
 * @param {import("../core/api.js").Options} [options]
 * @returns {Promise<*>}
 */
export function requestOfCounty(path, options) {
  return request(addressIn(path), options);
}

/**
 * @param {string} path
 * @param {import("../core/api.js").Options} [options]
 * @returns {Promise<ArrayBuffer>}
 */
export function bytesOfCounty(path, options) {
  return requestBytes(addressIn(path), options);
}
