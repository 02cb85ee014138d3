// The futures of the schemes: asked for as a run, followed, stopped; whoever asks the same gets the same run.
import { html, nothing } from "../core/html.js";
import { askRun, cancelRun, errorOf, followRun, queueWords } from "../core/run.js";
import { formatNumber, text } from "../core/text.js";

/** @import { CompareStore, Refusal, State } from "./state.js" */

const RESOLVED = 50;  // questions solved anew: some seconds each minute of which somebody waits

/**
 * @param {CompareStore} store
 * @param {boolean} resolve whether the questions are solved anew too
 */
export async function askFutures(store, resolve) {
  const { references } = store.state;
  const isWanted = () => store.state.references === references;
  const show = (/** @type {Partial<State>} */ fields) => { if (isWanted()) store.dispatch({ type: "show", ...fields }); };
  try {
    const begun = await askRun("/api/futures", { runs: references, resolve: resolve ? RESOLVED : 0 });
    const ended = await followRun(begun, { tell: (run) => show({ asking: { run } }), isWanted });
    if (!ended) return;
    if (ended.state !== "done") throw errorOf(ended);
    show({ futures: { run: ended.id, ...ended.result }, futuresRun: ended.id, asking: null });
  } catch (error) {
    show({ asking: null, futuresProblem: /** @type {Refusal} */ (error) });
  }
}

/** @param {import("../core/run.js").Run | null} run */
export function progressView(run) {
  const { step, done = 0, of = 0 } = run?.progress ?? {};
  const words = (run && queueWords(run)) ?? (step ? text(`futures.step-${step}`, { done: formatNumber(done), of: formatNumber(of) }) : text("page.loading"));
  return html`<p class="running"><progress max="1" aria-label=${text("comparing.futures.title")} .value=${of ? done / of : 0}></progress> <span role="status">${words}</span>
    ${run ? html`<button type="button" class="small" id="stop-futures" @click=${() => cancelRun(run.id)}>${text("page.study.stop")}</button>` : nothing}</p>`;
}
