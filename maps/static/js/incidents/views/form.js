// What happened, and where: the form of a report.
import { html, nothing } from "../../core/html.js";
import { page, text } from "../../core/text.js";

/** @import { View } from "../page.js" */

/** @type {View} */
export function formView({ category, words, isPicking, problem }, acts) {
  const isMissing = (problem?.faults ?? []).find(({ field }) => field === "category");
  return html`<form id="incident-form" novalidate @submit=${(/** @type {Event} */ event) => event.preventDefault()}>
    <label class="field wide"><span>${text("page.incident.category")}</span>
      <select id="incident-category" aria-required="true" aria-invalid=${isMissing ? "true" : nothing} aria-describedby=${isMissing ? "problem-category" : nothing} .value=${category}
        @change=${(/** @type {*} */ { target }) => acts.show({ category: target.value, problem: null })}>
        <option value="" ?selected=${!category}>${text("page.incident.choose")}</option>
        ${Object.entries(page.categories).map(([code, name]) => html`<option value=${code} ?selected=${code === category}>${name}</option>`)}
      </select>${isMissing ? html`<small id="problem-category" class="problem">${isMissing.mend}</small>` : nothing}</label>
    <label class="field wide"><span>${text("page.incident.text")}</span>
      <textarea id="incident-text" rows="2" maxlength="2000" placeholder=${text("page.incident.text-hint")} .value=${words} @input=${(/** @type {*} */ { target }) => acts.show({ words: target.value })}></textarea></label>
    <button type="button" id="incident-pick" class="primary wide" aria-pressed=${String(isPicking)} @click=${isPicking ? acts.stopPicking : acts.startPicking}>${text("page.incident.pick")}</button>
    <button type="button" id="incident-centre" class="wide" @click=${acts.chooseCentre}>${text("page.incident.centre")}</button>
  </form>`;
}
