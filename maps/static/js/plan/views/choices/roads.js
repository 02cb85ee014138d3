// What the roads of edits are called and where they lie: asked for once, told when it is there.
import { requestOfCounty } from "../../county.js";
import { showForm } from "./asking.js";

/** @import { Edit } from "../../content.js" */
/** @import { PlanStore } from "../../state.js" */

const OF_ROADS = ["road-closed", "road-slowed"];
const WITHIN_M = 20;  // of its own line a road certainly lies

/** @type {Set<string>} */
const asked = new Set();

/**
 * @param {PlanStore} store
 * @param {readonly Edit[]} edits
 */
export function nameRoads(store, edits) {
  for (const { op, target } of edits) {
    if (OF_ROADS.includes(op) && target && !asked.has(target)) {
      asked.add(target);
      roadOf(target).then((road) => showForm(store, { roads: { ...store.state.form.roads, [target]: road } }), (error) => { if (error.mayPass) asked.delete(target); });
    }
  }
}

/**
 * @param {string} target a piece by its id, or a name that many pieces have
 * @returns {Promise<{ name: string | null, road_class: string, bridge: boolean, bounds: [number, number, number, number], lon: number, lat: number }>}
 */
async function roadOf(target) {
  const lines = (await requestOfCounty(`/api/roads?${new URLSearchParams({ target })}`)).map((/** @type {*} */ piece) => piece.line);
  const line = lines[Math.floor(lines.length / 2)];
  const [lon, lat] = line[Math.floor(line.length / 2)];
  const near = new URLSearchParams({ lon: String(lon), lat: String(lat), within_m: String(WITHIN_M), streets: "true" });
  const road = await requestOfCounty(`/api/roads/near?${near}`).catch(() => null);
  const isIt = road && (road.id === target || road.name === target);
  return { name: isIt ? road.name : target, road_class: road?.road_class ?? "", bridge: isIt && lines.length === 1 && road.bridge, lon, lat, bounds: boundsOf(lines.flat()) };
}

/**
 * @param {[number, number][]} positions
 * @returns {[number, number, number, number]} west, south, east, north
 */
export function boundsOf(positions) {
  const lons = positions.map(([lon]) => lon);
  const lats = positions.map(([, lat]) => lat);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}
