// Travel times under the edits of a content: asked for once each, and kept for the way back.
import { decodeMatrix } from "../core/matrix.js";
import { bodyOf, groundOf, same } from "./content.js";

/** @import { Content } from "./content.js" */
/** @import { Ground } from "./state.js" */

const MOST = 8;  // so many are kept: 1.5 MB each for 865 places
const MOST_TIMES = 16_000_000;  // and no more in all, 32 MB, beside the one that is used: of a large county each has 50 MB

/**
 * @param {(path: string, options?: object) => Promise<ArrayBuffer>} load
 */
export function travelTimes(load) {
  /** @type {Map<string, Promise<Ground>>} */
  const kept = new Map();
  return (/** @type {Content} */ content) => {
    const of = groundOf(content);
    const key = JSON.stringify(of);
    const coming = kept.get(key) ?? fetchGround(of, load);
    kept.delete(key);  // the one used last stays longest
    kept.set(key, coming);
    coming.catch(() => kept.delete(key));
    for (const oldest of [...kept.keys()].slice(0, -MOST)) kept.delete(oldest);
    coming.then(forget, () => {});
    return coming;
  };

  // Those used longest ago go first.
  async function forget() {
    let times = 0;
    const [, ...others] = [...kept].reverse();
    for (const [key, coming] of others) {
      times += await coming.then(({ matrix }) => matrix.seconds.length, () => 0);
      if (times > MOST_TIMES) kept.delete(key);
    }
  }
}

/**
 * @param {Ground | null} ground
 * @param {Content} content
 */
export function isGroundOf(ground, content) {
  return ground !== null && same(ground.of, groundOf(content));
}

/**
 * Whether a plan is of the same county and the same tables as travel times.
 * @param {Ground} ground
 * @param {{ county_version: string, tables?: Record<string, number> }} plan
 */
export function isAsBuiltFor({ matrix: { about } }, { county_version: version, tables }) {
  return about.county_version === version && same(about.tables ?? {}, tables ?? {});
}

/**
 * @param {Content} of
 * @param {(path: string, options?: object) => Promise<ArrayBuffer>} load
 * @returns {Promise<Ground>}
 */
async function fetchGround(of, load) {
  const matrix = await decodeMatrix(await load("/api/matrices", { method: "POST", body: bodyOf(of) }));
  const { candidate_ids: ids, candidate_positions: positions, candidate_names: names, candidate_townships: townships, candidate_origins: origins, demand_ids: places } = matrix.about;
  const candidates = ids.map((id, row) => ({
    id, row, name: names[row] || id, township: townships?.[row] || null, origin: origins[row], lon: positions[row][0], lat: positions[row][1],
  }));
  return {
    of, matrix, candidates, byId: new Map(candidates.map((one) => [one.id, one])), rows: new Map(places.map((id, row) => [id, row])),
  };
}
