// What one does with scenarios as a whole: call, copy, put away, share, take along as a file, bring onto the county of now.
import { text } from "../core/text.js";
import { linkOf } from "./link.js";
import { addressOf, isOpenToChange, scenarioOf } from "./saving.js";

/** @import { autosave } from "./saving.js" */
/** @import { PlanStore, Refusal, Scenario, State } from "./state.js" */

const PAGE = 20;  // scenarios in a list
const STEPS = 30;  // revisions in a history

/**
 * @param {PlanStore} store
 * @param {{
 *   request: (path: string, options?: object) => Promise<*>, saving: ReturnType<typeof autosave>,
 *   open: (wanted: { id: string, revision: number | null } | null) => Promise<void>,
 * }} means
 */
export function scenarioActs(store, { request, saving, open }) {
  /** @param {Partial<State>} fields */
  const show = (fields) => store.dispatch({ type: "show", ...fields });
  /** @param {Record<string, *>} fields */
  const tell = (fields) => show({ told: { ...store.state.told, ...fields } });

  /**
   * What goes wrong is told in the dialog, if one is open, else beside the choices; it stays until something else is
   * begun: what arrives meanwhile does not wipe it out.
   * @template {*[]} Given
   * @param {(...given: Given) => Promise<void>} act
   */
  const told = (act) => async (/** @type {Given} */ ...given) => {
    if (store.state.told.problem) tell({ problem: null });
    try {
      await act(...given);
    } catch (error) {
      if (store.state.dialog || store.state.conflict) tell({ problem: error });
      else show({ problem: /** @type {Refusal} */ (error) });
    }
  };

  // What is open as a scenario that the server keeps, its last step included.
  async function kept() {
    if (!store.state.scenario) saving.keep();
    await saving.done();
    return /** @type {Scenario} */ (store.state.scenario);
  }

  /**
   * @param {Scenario} scenario
   * @param {number} revision
   */
  async function cloned(scenario, revision) {
    const name = text("plan.copy-name", { name: scenario.name });
    return request(`${addressOf(scenario)}/clone`, { method: "POST", body: { name, revision } });
  }

  const acts = {
    /** @param {string} name */
    rename(name) { saving.keep(name); },

    createNew: told(async () => open(null)),

    copy: told(async () => {
      const scenario = await kept();
      await open({ id: (await cloned(scenario, scenario.revision)).id, revision: null });
    }),

    /** @param {{ id: string }} which */
    archive: told(async (/** @type {{ id: string }} */ which) => {
      await saving.done();
      await putAway(which, request(addressOf(which), { method: "DELETE" }));
    }),

    restore: told(async (/** @type {{ id: string }} */ which) => putAway(which, request(`${addressOf(which)}/restore`, { method: "POST" }))),

    // Another than the one that is open, or another step of it.
    openOther: told(async (/** @type {string} */ id, /** @type {number | null} */ revision = null) => open({ id, revision })),

    /** @returns {Promise<string>} the address of what is open, whole */
    async link() { return new URL(linkOf(await kept()), location.origin).href; },

    listScenarios: told(async (/** @type {boolean} */ archived, /** @type {string | null} */ after = null) => {
      const query = new URLSearchParams({ archived: String(archived), limit: String(PAGE), ...(after ? { after } : {}) });
      const { scenarios, following } = await request(`/api/scenarios?${query}`);
      tell({ archived, scenarios: after ? [...(store.state.told.scenarios ?? []), ...scenarios] : scenarios, following });
    }),

    listRevisions: told(async (/** @type {number | null} */ before = null) => {
      const { scenario } = store.state;
      if (!scenario) return;
      const query = new URLSearchParams({ limit: String(STEPS), ...(before ? { before: String(before) } : {}) });
      const revisions = await request(`${addressOf(scenario)}/revisions?${query}`);
      tell({ revisions: before ? [...(store.state.told.revisions ?? []), ...revisions] : revisions, more: revisions.length === STEPS });
    }),

    listShares: told(async () => {
      tell({ shares: await request(`${addressOf(await kept())}/shares`) });
    }),

    share: told(async (/** @type {Record<string, *>} */ body) => {
      await request(`${addressOf(await kept())}/shares`, { method: "POST", body });
      await acts.listShares();
    }),

    unshare: told(async (/** @type {string} */ id) => {
      await request(`${addressOf(await kept())}/shares/${encodeURIComponent(id)}`, { method: "DELETE" });
      await acts.listShares();
    }),

    exportFile: told(async () => {
      const scenario = await kept();
      location.assign(`${addressOf(scenario)}/export?revision=${scenario.revision}`);
    }),

    importFile: told(async (/** @type {File} */ file, /** @type {boolean} */ ontoCurrent = false) => {
      tell({ file });
      const body = await file.text().then(JSON.parse).catch(() => { throw Object.assign(new Error(text("plan.dialog.not-a-scenario-file")), { faults: [] }); });
      const made = await request(`/api/scenarios/import${ontoCurrent ? "?onto_current=true" : ""}`, { method: "POST", body });
      await open({ id: made.id, revision: null });
    }),

    lookAtRebase: told(async () => {
      tell({ rebase: await request(`${addressOf(await kept())}/rebase`, { method: "POST", body: {} }) });
    }),

    rebase: told(async () => {
      const scenario = await kept();
      await request(`${addressOf(scenario)}/rebase`, { method: "POST", body: { expected_revision: scenario.revision } });
      await open({ id: scenario.id, revision: null });
    }),

    // Of two who saved the same: theirs is opened; what was done here stays in the history.
    takeTheirs: told(async () => open({ id: /** @type {Scenario} */ (store.state.scenario).id, revision: null })),

    // Or what was done here goes on as a scenario of its own, with its steps.
    keepMine: told(async () => {
      const made = await cloned(/** @type {Scenario} */ (store.state.scenario), store.state.conflict.kept);
      saving.moveTo(scenarioOf(made));
      show({ conflict: null, told: {}, saving: { state: "saved", at: made.changed_at, copied: true } });
    }),
  };

  /**
   * @param {{ id: string }} which
   * @param {Promise<*>} done
   */
  async function putAway({ id }, done) {
    const { archived } = await done;
    const { scenario } = store.state;
    if (scenario?.id === id) show({ scenario: { ...scenario, archived } });
    if (store.state.dialog === "scenarios") await acts.listScenarios(store.state.told.archived);
  }

  return acts;
}

/** @param {State} state */
export function mayRename({ scenario }) {
  return !scenario || isOpenToChange(scenario);
}

