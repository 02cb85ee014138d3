// Cases in a list: how urgent, what, where, who, until when. Colour never stands alone: each tone has a symbol and words.
import { html, nothing, repeat } from "../core/html.js";
import { inventedMark } from "../core/invented.js";
import { page, text, textOfCode } from "../core/text.js";
import { categoryName, distanceWords, leftWords, metresBetween, personName, placeName, stateName, toneOf } from "./words.js";

/** @import { CaseActs } from "./acts.js" */
/** @import { Case, State } from "./state.js" */

/**
 * @param {Case} one
 * @param {number} now
 */
export function deadline(one, now) {
  const tone = toneOf(one, now);
  return html`<span class="tone ${tone}"><span aria-hidden="true">${page.tones[tone].sign}</span> ${leftWords(one, now)}</span>`;
}

/**
 * @param {State} state
 * @param {Pick<CaseActs, "open">} acts
 * @param {{ withPerson?: boolean, more?: string }} [look]  `more`: what is said below a list that does not hold all
 */
export function caseRows({ list, listProblem, opened, now, here }, acts, { withPerson = false, more = "" } = {}) {
  return html`${listProblem ? html`<p class="failure" role="alert">${listProblem.message}</p>` : nothing}
    ${list === null ? html`<p class="loading">${text("cases.loading")}</p>` : nothing}
    ${list && !list.length ? html`<p class="none">${text("cases.none")}</p>` : nothing}
    <ul class="cases-list">${repeat(list ?? [], ({ id }) => id, (one) => html`<li class=${toneOf(one, now)} aria-current=${one.id === opened?.id ? "true" : nothing}>
      <button type="button" id="case-${one.id}" @click=${() => acts.open(one.id)}>
        <strong>${categoryName(one.category)}${one.severity === "normal" ? nothing : html` <span class="severity ${one.severity}">${textOfCode(one.severity, ["incident.code"])}</span>`}${inventedMark(one)}</strong>${deadline(one, now)}
        <span class="where">${placeName(one)}${here ? html` · ${text("cases.away", { distance: distanceWords(metresBetween(here, one)) })}` : nothing}</span>
        <span class="state">${stateName(one.state)}${withPerson ? html` · ${personName(one)}` : nothing}</span></button></li>`)}</ul>
    ${more ? html`<p class="note">${more}</p>` : nothing}`;
}
