// What the file carries, in the form that the modules of the workbench read.
import { UNREACHABLE } from "../core/matrix.js";

/**
 * @typedef {{ id: string, name: string, lon: number, lat: number }} Site
 * @typedef {{ name: string, title: string, service: string, limit_s: number, seconds: (number | null)[],
 *   before: (number | null)[], sites: Site[], gone: Site[] }} View
 * @typedef {{ ids: string[], names: string[], townships: (string | null)[], lon: number[], lat: number[],
 *   people: number[] }} Places
 * @typedef {{ places: Places, views: View[], ground: *, rowOf: Map<string, number>, labels: string[],
 *   byId: Map<string, *>, view: (name: string) => View }} Data
 */

/**
 * @param {{ places: Places, views: View[], ground: * }} told
 * @returns {Data}
 */
export function dataOf(told) {
  const { ids, names, townships, lon, lat, people } = told.places;
  const byId = new Map(ids.map((id, row) => [id, { id, name: names[row], township: townships[row], lon: lon[row], lat: lat[row], resident: people[row] }]));
  return {
    ...told, byId,
    rowOf: new Map(ids.map((id, row) => [id, row])),
    labels: names.map((name, row) => (townships[row] ? `${name} · ${townships[row]}` : name)),
    view: (name) => told.views.find((one) => one.name === name) ?? told.views[0],
  };
}

/**
 * The part of the workbench's state that its map reads.
 * @param {Data} data
 * @param {View | undefined} view
 */
export function stateOf(data, view) {
  const candidates = (view?.sites ?? []).map((site, row) => ({ ...site, row }));
  return {
    places: data.byId, colour: view ? "plan" : "people", tool: { kind: "look" }, dragging: null, selected: null, hovered: null,
    content: { question: { service: view?.service ?? "", sites: candidates.map(({ id }) => id) }, edits: [] },
    ground: {
      candidates, byId: new Map(candidates.map((one) => [one.id, one])), rows: data.rowOf,
      matrix: { about: { demand_ids: data.places.ids, limit_s: view?.limit_s ?? Infinity } },
    },
  };
}

/**
 * @param {Data} data
 * @param {View} view
 * @returns {*}
 */
export function evaluationOf(data, view) {
  return { seconds: Int32Array.from(data.places.ids, (_, row) => view.seconds[row] ?? UNREACHABLE), allocation: [] };
}
