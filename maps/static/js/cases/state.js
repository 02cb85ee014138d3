// The state of a page of cases, and every way in which it changes.
import { createStore } from "../core/state.js";

/** @import { Store } from "../core/state.js" */

/** @typedef {*} Case as api/case_views.py tells it */

/** @typedef {Error & { faults?: *[], more?: number, status?: number }} Refusal as api.js makes it */

/**
 * A move that somebody fills in: `key` lets the server recognise it if it is sent again, `sent` are the files that have
 * arrived already.
 * @typedef {{
 *   move: string, key: string, values: Record<string, *>, words: string, files: { key: string, file: File }[],
 *   sent: string[], people: *[] | null, isSending: boolean, problem: Refusal | null,
 * }} Doing
 */

/**
 * `opened` is the case that is looked at, `duplicates` those that may be the same, once a desk has asked for them; `told`:
 * what was done last, in words; `here`: where the reader stands, once they have let the page know; `now`: the moment that
 * deadlines are told by; `link`: how changes come in.
 * @typedef {{
 *   list: Case[] | null, listProblem: Refusal | null, filter: Record<string, string>, opened: Case | null,
 *   duplicates: Duplicate[] | null, doing: Doing | null, problem: Refusal | null, told: string,
 *   here: { lon: number, lat: number } | null, now: number, link: "waiting" | "live" | "asking", leave: Leave | null,
 * }} State
 */

/** @typedef {{ id: string, state: string, reported_at: string, metres: number, minutes_apart: number }} Duplicate */

/** @typedef {{ values: Record<string, string>, isSending: boolean, problem: Refusal | null, told: string }} Leave */

/** @typedef {{ type: "show" } & Partial<State>} Action */

/** @typedef {Store<State, Action, null>} CaseStore */

/**
 * @param {Record<string, string>} filter
 * @returns {CaseStore}
 */
export function createCaseStore(filter) {
  /** @type {State} */
  const initial = {
    list: null, listProblem: null, filter, opened: null, duplicates: null, doing: null, problem: null, told: "", here: null,
    now: Date.now(), link: "waiting", leave: null,
  };
  /** @type {(state: State, action: Action) => State} */
  const reduce = (state, { type: _type, ...fields }) => ({ ...state, ...fields });
  return createStore(reduce, initial, { partOf: () => null, withPart: (state) => state });  // what was done to a case cannot be undone
}
