// How far a run is, and the button that stops it.
import { html, nothing } from "../../core/html.js";
import { cancelRun, queueWords } from "../../core/run.js";
import { formatNumber, hasText, text } from "../../core/text.js";

/** @param {import("../../core/run.js").Run | null} run */
export function progressView(run) {
  const { step = "", done = 0, of = 0 } = run?.progress ?? {};
  const key = ["futures.step-", "page.study.step-"].map((prefix) => prefix + step).find(hasText);
  const words = (run && queueWords(run)) ?? (key ? text(key, { done: formatNumber(done), of: formatNumber(of) }) : text("page.loading"));
  return html`<p class="running"><progress max="1" aria-label=${text("page.study.title")} .value=${of ? done / of : 0}></progress> <span role="status">${words}</span>
    ${run ? html`<button type="button" class="small stop-run" @click=${() => cancelRun(run.id)}>${text("page.study.stop")}</button>` : nothing}</p>`;
}
