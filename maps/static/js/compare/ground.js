// The ground of all maps of the page, asked for once and only when there is something to show on it.
import { loadGround } from "../core/ground.js";

/** @import { Ground } from "../core/ground_data.js" */

/**
 * @param {(path: string) => Promise<*>} request
 * @returns {() => Promise<Ground>}
 */
export function askedOnce(request) {
  /** @type {Promise<Ground> | null} */
  let asked = null;
  return () => (asked ??= loadGround(request));
}
