// Autosave: every step of the page becomes a revision on the server, in its order, one request at a time.
import { newKey } from "../core/api.js";
import { keptOn } from "./county.js";

/** @import { Content } from "./content.js" */
/** @import { PlanStore, Refusal, Scenario, State } from "./state.js" */

const RETRY_MS = [500, 1000, 2000, 5000];
/** Refusals of a scenario, whatever its content: what is done to it is kept as a scenario of one's own. */
const NOT_MINE = ["scenario-share-too-little", "scenario-archived", "unknown-scenario"];

/** @typedef {{ how: string, content: Content, before: Content, key: string, name?: string }} Step `key`: of the scenario, if it begins one */

/**
 * @param {PlanStore} store
 * @param {{
 *   request: (path: string, options?: object) => Promise<*>, nameNew: () => string, nameCopy: (name: string) => string,
 *   onSaved: (scenario: Scenario) => void, clock: () => string, journal: { keep: (name: string, left: *) => void },
 * }} means `nameNew` calls a scenario that nobody has named; `onSaved` hears of each revision; `journal` as core/journal.js
 */
export function autosave(store, { request, nameNew, nameCopy, onSaved, clock, journal }) {
  /** @type {WeakMap<Content, number>} */
  let revisions = new WeakMap();  // of contents that the server has
  /** @type {Step[]} */
  let waiting = [];
  let busy = false;
  let ending = Promise.resolve();
  let reverting = false;
  let failures = 0;
  let copied = false;
  /** @type {string | null} */
  let given = null;
  let isLost = false;  // the scenario that is open takes no more from here

  store.subscribe((state, before, how) => {
    if (how !== "shown" && !reverting) enqueue({ how, content: state.content, before: before.content });
  });

  /** @param {Omit<Step, "key">} step */
  function enqueue(step) {
    waiting.push({ ...step, key: given ?? newKey() });
    given = null;
    note();
    if (!busy) ending = work();
  }

  // What waits is noted in this browser before anything is sent, and again whenever something of it has arrived.
  function note() {
    const { scenario } = store.state;
    const name = nameLeft(scenario, waiting[0]?.key);
    journal.keep(name, waiting.length ? { base: scenario?.revision ?? null, isMine: !scenario || isOpenToChange(scenario), before: waiting[0].before, steps: waiting.map(({ before: _, ...step }) => step) } : null);
  }

  /** @param {Partial<State>} fields */
  const show = (fields) => store.dispatch({ type: "show", ...fields });

  async function work() {
    busy = true;
    copied = false;
    show({ saving: { state: "saving" } });
    while (waiting.length) {
      try {
        await send(waiting[0]);
        waiting.shift();
        note();
        failures = 0;
      } catch (error) {
        if (!(await afterFailure(/** @type {Refusal} */ (error), waiting[0]))) break;
      }
    }
    busy = false;
    note();
    if (store.state.saving.state !== "refused") show({ saving: { state: "saved", at: clock(), copied } });
  }

  /**
   * @param {Refusal} error
   * @param {Step} step
   * @returns {Promise<boolean>} whether to go on
   */
  async function afterFailure(error, step) {
    if (mayPass(error)) {
      show({ saving: { state: error.status === 401 ? "signed-out" : "waiting" } });
      await pause(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]);
      failures += 1;
      return true;
    }
    if (error.told?.error === "scenario-moved-on") return afterAnother(error, step);
    if (codesOf(error).some((code) => NOT_MINE.includes(code)) && step.how !== "named" && !isLost) {
      isLost = true;
      return true;
    }
    isLost = false;
    waiting = [];
    if (step.how !== "named") revert();
    show({ problem: error, saving: { state: "refused" } });
    return false;
  }

  // Somebody else has saved meanwhile: the last that was done here is kept beside theirs, and both are told.
  /**
   * @param {Refusal} error
   * @param {Step} step
   */
  function afterAnother(error, step) {
    const last = waiting[waiting.length - 1];
    if (last !== step || step.how === "undone" || step.how === "redone") {
      waiting = [{ ...last, how: "done" }];
      return true;
    }
    waiting = [];
    show({ conflict: error.told, saving: { state: "refused" } });
    return false;
  }

  // What the server refuses is not kept here either: back to what it has.
  function revert() {
    reverting = true;
    while (store.canUndo && !revisions.has(store.state.content)) store.undo({ forget: true });
    reverting = false;
  }

  /** @param {Step} step */
  async function send({ how, content, before, key, name }) {
    const scenario = await toChange(before, key);
    const known = revisions.get(content);
    const expected = scenario.revision;
    let saved;
    if (known === expected && how !== "named") return;
    if (known !== undefined && (how === "undone" || how === "redone")) {
      saved = await request(`${addressOf(scenario)}/${how === "undone" ? "undo" : "redo"}`, { method: "POST", body: { expected_revision: expected } });
    }
    if (!saved || saved.revision !== known) {
      saved = await request(addressOf(scenario), { method: "PUT", body: { ...content, expected_revision: saved?.revision ?? expected, ...(name ? { name } : {}) } });
    }
    revisions.set(content, saved.revision);
    keptOn(content, saved.county.version);
    tell({ ...scenarioOf(saved), level: scenario.level, owner_name: scenario.owner_name });
  }

  // The scenario that is open, if it may be changed as it is seen; else one of its own that begins with what is seen.
  /**
   * @param {Content} before
   * @param {string} key
   */
  async function toChange(before, key) {
    const { scenario } = store.state;
    if (!scenario) return begin({ name: nameNew(), key }, before);
    if (!isLost && isOpenToChange(scenario)) return scenario;
    const name = nameCopy(scenario.name);
    const mine = isLost ? await begin({ name, key, county: scenario.build }, before) : await clone(scenario, { name, key }, before);
    isLost = false;
    copied = true;
    return mine;
  }

  /**
   * @param {Scenario} scenario
   * @param {{ name: string, key: string }} called
   * @param {Content} before
   */
  async function clone(scenario, called, before) {
    const made = await request(`${addressOf(scenario)}/clone`, { method: "POST", body: { ...called, revision: scenario.revision } });
    return beginWith(made, before);
  }

  // What nobody has kept so far begins with what was on the page before its first step, so that this can be undone too.
  /**
   * @param {{ name: string, key: string, county?: string }} called `county`: the build that it is about, else the one that is served
   * @param {Content} before
   */
  async function begin(called, before) {
    return beginWith(await request("/api/scenarios", { method: "POST", body: { ...called, ...before } }), before);
  }

  /**
   * @param {*} made
   * @param {Content} before
   */
  function beginWith(made, before) {
    revisions = new WeakMap([[before, made.revision]]);  // what another scenario has, this one has not
    keptOn(before, made.county.version);
    return tell(scenarioOf(made));
  }

  /** @param {Scenario} scenario */
  function tell(scenario) {
    show({ scenario });
    onSaved(scenario);
    note();
    return scenario;
  }

  return {
    /**
     * What was opened is what the server has.
     * @param {Content} content
     * @param {number} revision
     */
    known(content, revision) { revisions.set(content, revision); },

    /**
     * From now on what is on the page is saved as this scenario; the steps so far can still be undone.
     * @param {Scenario} scenario
     */
    moveTo(scenario) {
      revisions = new WeakMap([[store.state.content, scenario.revision]]);
      tell(scenario);
    },

    /** @param {string} key of the next step, which was asked for before and may have arrived */
    goOnWith(key) { given = key; },

    /** @param {string} [name] that the scenario is called by from now on; without one it is kept as it is */
    keep(name) { enqueue({ how: "named", content: store.state.content, before: store.state.content, name }); },

    /** Whether everything that was done here is on the server. */
    get isDone() { return !busy && !waiting.length; },

    /** Resolves once it is, or was refused. */
    async done() { while (busy) await ending; },
  };
}

/** @param {Scenario} scenario */
export function isOpenToChange({ level, archived, revision, head }) {
  return (level === "owner" || level === "edit") && !archived && revision === head;
}

// The server is away, or wants to be asked later, or somebody has to sign in again: nothing of it speaks against the content.
// A build that is gone does not come back by being asked for.
/** @param {Refusal} error */
function mayPass(error) {
  const { mayPass: may, status = 0 } = error;
  return !codesOf(error).includes("no-such-build") && (may || status === 401 || status === 429 || status >= 500);
}

/** @param {Refusal} error */
function codesOf({ told, faults = [] }) {
  return [told?.error, ...faults.map(({ code }) => code)];
}

// Or sooner, if one comes back to the page: after having signed in elsewhere, or having mended the network.
/** @param {number} ms */
function pause(ms) {
  return new Promise((wake) => {
    const timer = setTimeout(go, ms);
    function go() {
      clearTimeout(timer);
      for (const name of ["focus", "online"]) window.removeEventListener(name, go);
      wake(undefined);
    }
    for (const name of ["focus", "online"]) window.addEventListener(name, go);
  });
}

/**
 * Under which name the journal has what is left of steps.
 * @param {{ id: string } | null} scenario
 * @param {string} [key] of the first step, where no scenario is there yet
 */
export function nameLeft(scenario, key = "") {
  return scenario ? `of ${scenario.id}` : `new ${key}`;
}

/** @param {{ id: string }} scenario */
export function addressOf({ id }) {
  return `/api/scenarios/${encodeURIComponent(id)}`;
}

/**
 * @param {*} told as the server tells it
 * @param {number} [revision] the one that is looked at
 * @returns {Scenario}
 */
export function scenarioOf(told, revision = told.revision) {
  const { id, name, level, owner_name, archived, stale, county } = told;
  return { id, name, level, revision, head: told.revision, owner_name, archived, stale, build: county.version };
}

/**
 * @param {*} told
 * @returns {Content}
 */
export function contentOf({ question, edits }) {
  return { question, edits };
}
