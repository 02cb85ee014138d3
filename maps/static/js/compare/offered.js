// The schemes that can be compared: the service as it stands, and the scenarios and plans that the visitor may see.

/** @import { Offered } from "./state.js" */

const MOST = 100;  // scenarios that are offered; of older ones the workbench has the list

/**
 * @param {(path: string) => Promise<*>} request
 * @returns {Promise<Offered[]>}
 */
export async function offeredSchemes(request) {
  const [{ scenarios }, { runs }] = await Promise.all([request(`/api/scenarios?limit=${MOST}`), request("/api/runs")]);
  const plans = runs.filter((/** @type {*} */ run) => run.kind === "plan" && run.state === "done" && !run.scenario);
  return [
    ...scenarios.map((/** @type {*} */ one) => ({ reference: one.id, name: one.name, service: null, at: one.changed_at })),
    ...plans.map((/** @type {*} */ run) => ({ reference: run.id, name: "", service: run.service ?? null, at: run.ended_at })),
  ];
}
