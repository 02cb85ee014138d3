// Parts of the page that most visits do not need: a script of their own, which comes when the first of them is wanted.
import { loadLater } from "../../core/later.js";
import { page, text } from "../../core/text.js";

/** @import { PlanStore, Refusal } from "../state.js" */

/**
 * @param {string} script which of the page's scripts
 * @param {string} name of the module in it
 * @returns {(isWanted: boolean, store: PlanStore, given?: object) => Record<string, *> | null} what the module exports,
 *   null until it was wanted and is there; `given` is shown too where it does not come
 */
export function laterPart(script, name) {
  /** @type {Record<string, *> | null} */
  let exports = null;
  let isComing = false;

  /**
   * @param {PlanStore} store
   * @param {object} given
   */
  async function come(store, given) {
    isComing = true;
    try {
      exports = await loadLater(page.scripts[script], name);
      const { told, study } = store.state;
      store.dispatch({ type: "show", told: { ...told }, study: { ...study } });  // the views that wait for it are drawn again
    } catch {
      isComing = false;
      store.dispatch({ type: "show", ...given, problem: /** @type {Refusal} */ (new Error(text("page.error.offline"))) });
    }
  }

  return (isWanted, store, given = {}) => {
    if (isWanted && !exports && !isComing) come(store, given);
    return exports;
  };
}
