// A run that is asked for about the schemes: followed for as long as these schemes are on the page.
import { askRun, errorOf, followRun } from "../core/run.js";

/** @import { Run } from "../core/run.js" */
/** @import { CompareStore } from "./state.js" */

/**
 * @param {CompareStore} store
 * @param {"asking" | "drawing"} waiting where the state tells how far it is
 * @param {string} path
 * @param {*} body
 * @returns {Promise<Run | null>} the run once it is done; null once other schemes are on the page
 */
export async function awaitRun(store, waiting, path, body) {
  const { references } = store.state;
  const isWanted = () => store.state.references === references;
  const begun = await askRun(path, body);
  const ended = await followRun(begun, { tell: (run) => { if (isWanted()) store.dispatch({ type: "show", [waiting]: { run } }); }, isWanted });
  if (!ended || !isWanted()) return null;
  if (ended.state !== "done") throw errorOf(ended);
  return ended;
}
