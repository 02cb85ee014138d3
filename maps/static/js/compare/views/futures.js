// The schemes in other futures: the door to it; what comes of it is a script of its own.
import { html, nothing } from "../../core/html.js";
import { text } from "../../core/text.js";

/** @import { View } from "./all.js" */

/** @type {View} */
export function futuresView(state, _store, acts) {
  const { comparison, futures, asking, futuresProblem } = state;
  if (!comparison) return nothing;
  const ask = (/** @type {boolean} */ resolve) => () => acts.askFutures(resolve);
  return html`<h2>${text("comparing.futures.title")}</h2>
    <p class="note">${text("comparing.futures.lead")}</p>
    ${futures ? nothing : html`<button type="button" class="small strong" id="ask-futures" ?disabled=${Boolean(asking)} @click=${ask(false)}>${text("comparing.futures.ask")}</button>`}
    ${futures && !futures.resolved.length ? html`<button type="button" class="small strong" id="ask-chosen" ?disabled=${Boolean(asking)} @click=${ask(true)}>${text("comparing.futures.ask-chosen")}</button>` : nothing}
    <div aria-live="polite">${futuresProblem ? html`<div class="failure" role="alert"><p>${futuresProblem.message}</p></div>` : nothing}
      ${asking ? acts.studies()?.progressView(asking.run) ?? html`<p class="note" role="status">${text("page.loading")}</p>` : nothing}</div>
    ${futures ? acts.studies()?.futuresTold(state) ?? nothing : nothing}`;
}
