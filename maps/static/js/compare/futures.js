// The futures of the schemes: asked for as a run; whoever asks the same gets the same run.
import { awaitRun } from "./await_run.js";

/** @import { CompareStore } from "./state.js" */

const RESOLVED = 50;  // questions solved anew: some seconds of which somebody waits

/**
 * @param {CompareStore} store
 * @param {boolean} resolve whether the questions are solved anew too
 */
export async function askFutures(store, resolve) {
  const body = { runs: store.state.references, resolve: resolve ? RESOLVED : 0 };
  const ended = await awaitRun(store, "asking", "/api/futures", body);
  if (ended) store.dispatch({ type: "show", futures: { run: ended.id, ...ended.result }, futuresRun: ended.id, asking: null });
}
