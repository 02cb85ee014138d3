// The state of the workbench, and every way in which it changes. Undo and redo bring back the content alone.
import { createStore } from "../core/state.js";
import { withEdit, withEditChanged, withFields, withSiteMoved, withSites, withStatus, withoutEdit } from "./content.js";

/** @import { Matrix } from "../core/matrix.js" */
/** @import { Store } from "../core/state.js" */
/** @import { Content, Edit, Status } from "./content.js" */

/**
 * A village or neighbourhood, as its layer tells it.
 * @typedef {{
 *   id: string, name: string, township: string, community: string | null, layer: string, lon: number, lat: number,
 *   resident: number | null, registered: number | null, elders: number | null,
 * }} Place
 */

/**
 * A place where the service may stand; `row` in the matrix.
 * @typedef {{ id: string, name: string, township: string | null, origin: string, lon: number, lat: number, row: number }} Candidate
 */

/**
 * Travel times, people and loads under the edits of a content; `of` is `groundOf` it.
 * @typedef {{ of: Content, matrix: Matrix, candidates: Candidate[], byId: Map<string, Candidate>, rows: Map<string, number> }} Ground
 */

/**
 * `revision` is the one that is looked at, `head` the one that counts; `stale`: what was built anew in its county
 * since; `build`: the version of the county that it is pinned to.
 * @typedef {{ id: string, name: string, level: string, revision: number, head: number, owner_name: string, archived: boolean, stale: *, build: string }} Scenario
 */

/**
 * `copied`: into a scenario of its own, since the one that was open cannot be changed; `link`: its link was copied just now.
 * @typedef {{ state: "none" | "saving" | "saved" | "waiting" | "signed-out" | "refused", at?: string, copied?: boolean, link?: boolean }} Saving
 */

/** @typedef {{ kind: "village" | "site", id: string } | { kind: "road", id: string, road: *, at: [lon: number, lat: number] }} Selected */

/** @typedef {{ key: string, line: [number, number][] | null, metres: number | null, seconds: number | null, on_foot: boolean }} Way from the chosen village to its site */

/**
 * What a click on the map does: looks, takes a site there, adds one, closes a road, draws an area, builds a road.
 * @typedef {{ kind: "look" | "add" | "close" | "flood" | "bridge" } | { kind: "move", from: string }} Tool
 */

/** @typedef {Error & { faults?: *[], more?: number, mayPass?: boolean, told?: *, status?: number }} Refusal as api.js makes it */

/**
 * `plan` is what the server says of a content, `answered` what a model once said of its question; `asking`: on the way.
 * @typedef {{ of: Content, plan: *, answered: * }} Confirmed
 */

// `form` is what stands in fields and is not asked yet: figures that cannot be read, names that were pasted.

/** @typedef {{ facilities?: boolean, cells?: boolean, kinds?: string[] }} Layers `kinds` of the facilities that there are */

/**
 * A study: `body` was asked, `run` is on while it is computed, `answer` is what came of it; `curve`: which one is looked at.
 * @typedef {{
 *   isOpen?: boolean, body?: Record<string, *>, run?: * | null, answer?: * | null, problem?: Refusal | null, isStopped?: boolean, curve?: string,
 * }} Study
 */

/**
 * `told`: what the server told for the dialog that is open; `recovered`: so many steps of a tab that was killed came back;
 * `years`: in which each site opens, while the map tells them; `layers`: what else is shown on the map; `office`: seconds
 * to the township's office, once they were asked for.
 * @typedef {{
 *   content: Content, scenario: Scenario | null, saving: Saving, places: Map<string, Place>, ground: Ground | null,
 *   confirmed: Confirmed | null, run: * | null, infeasible: * | null, problem: Refusal | null, dragging: { from: string, to: string } | null,
 *   selected: Selected | null, hovered: string | null, tool: Tool, colour: string, part: string,
 *   dialog: string | null, conflict: * | null, told: Record<string, *>, table: Record<string, *>, way: Way | null, form: Record<string, *>, recovered: number,
 *   study: Record<string, Study>, years: Map<string, number> | null, layers: Layers, office: Map<string, number | null> | null,
 * }} State
 */

/** @typedef {{ type: string, [field: string]: * }} Action */

/** @typedef {Store<State, Action, Content>} PlanStore */

/** Actions that change what the scenario says: each is a step that can be undone. */
/** @type {Record<string, (content: Content, action: Action) => Content>} */
const STEPS = {
  "fields": (content, { fields }) => withFields(content, fields),
  "sites": (content, { sites }) => withSites(content, sites),
  "site-added": (content, { id }) => withSites(content, [...(content.question.sites ?? []), id]),
  "site-removed": (content, { id }) => withSites(content, (content.question.sites ?? []).filter((site) => site !== id)),
  "site-moved": (content, { from, to }) => withSiteMoved(content, from, to),
  "status": (content, { ids, status }) => withStatus(content, ids, /** @type {Status | null} */ (status)),
  "edit": (content, { edit }) => withEdit(content, /** @type {Edit} */ (edit)),
  "edit-changed": (content, { edit, instead }) => withEditChanged(content, /** @type {Edit} */ (edit), /** @type {Edit} */ (instead)),
  "edit-removed": (content, { edit }) => withoutEdit(content, /** @type {Edit} */ (edit)),
  // A place that nobody proposed so far, with a site on it.
  "candidate-added": (content, { edit }) => withSites(withEdit(content, edit), [...(content.question.sites ?? []), edit.target]),
  // Every facility that stands is kept, and so many more are asked for.
  "kept-standing": (content, { ids, more }) => withFields(withStatus(content, ids, "existing"), { p: ids.length + more }),
  "content": (_content, action) => action.content,
};

/** Everything else: what is shown, looked at, under way. Each action sets the fields that it names. */
const SHOWN = ["scenario", "saving", "places", "ground", "confirmed", "run", "infeasible", "problem", "dragging", "selected", "hovered", "tool", "colour", "part", "dialog", "conflict", "told", "table", "way", "form", "recovered", "study", "years", "layers", "office"];

/**
 * @param {State} state
 * @param {Action} action
 * @returns {State}
 */
export function reduce(state, action) {
  if (action.type === "opened") return { ...state, content: action.content, ...shown(action), infeasible: null, problem: null, years: null, office: null };
  if (action.type === "show") return { ...state, ...shown(action) };
  const content = STEPS[action.type](state.content, action);
  if (content === state.content) return { ...state, ...shown(action) };  // as when what was solved are the sites that stand there
  return { ...state, content, ...shown(action), dragging: null, infeasible: null, problem: null, years: null, recovered: 0 };
}

/** @param {Action} action */
function shown(action) {
  return Object.fromEntries(SHOWN.filter((name) => name in action).map((name) => [name, action[name]]));
}

/**
 * @param {Content} content
 * @returns {PlanStore}
 */
export function createPlanStore(content) {
  /** @type {State} */
  const initial = {
    content, scenario: null, saving: { state: "none" }, places: new Map(), ground: null, confirmed: null, run: null, infeasible: null,
    problem: null, dragging: null, selected: null, hovered: null, tool: { kind: "look" }, colour: "plan", part: "map",
    dialog: null, conflict: null, told: {}, table: {}, way: null, form: {}, recovered: 0, study: {}, years: null, layers: {}, office: null,
  };
  return createStore(reduce, initial, {
    partOf: (state) => state.content, withPart: (state, part) => ({ ...state, content: part, infeasible: null, problem: null, dragging: null, years: null }),
    starts: ({ type }) => type === "opened",
  });
}
