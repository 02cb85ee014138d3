// The state of the page of reports, and every way in which it changes.
import { createStore } from "../core/state.js";

/** @import { Store } from "../core/state.js" */

/** @typedef {Error & { faults?: *[], more?: number }} Refusal as api.js makes it */

/**
 * A place that was chosen and is not reported yet; `place` is what the server knows of it, `failure` why it knows nothing,
 * `key` lets it recognise a repeated report.
 * @typedef {{ key: string, lon: number, lat: number, place: * | null, failure: string | null, isSending: boolean }} Pending
 */

/**
 * `shown` is the report that is looked at; `list` of those that one may read, null until it is there; `told`: what was done
 * last, in words.
 * @typedef {{
 *   category: string, words: string, isPicking: boolean, pending: Pending | null, shown: * | null, told: string,
 *   problem: Refusal | null, list: *[] | null, listProblem: Refusal | null,
 * }} State
 */

/** @typedef {{ type: "show" } & Partial<State>} Action */

/** @typedef {Store<State, Action, null>} IncidentStore */

/** @returns {IncidentStore} */
export function createIncidentStore() {
  /** @type {State} */
  const initial = { category: "", words: "", isPicking: false, pending: null, shown: null, told: "", problem: null, list: null, listProblem: null };
  /** @type {(state: State, action: Action) => State} */
  const reduce = (state, { type: _type, ...fields }) => ({ ...state, ...fields });
  return createStore(reduce, initial, { partOf: () => null, withPart: (state) => state });  // a report that is filed cannot be undone
}
