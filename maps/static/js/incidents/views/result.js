// What would be filed, to be confirmed; then what became of it: cell, worker, way, deadline and why.
import { html, nothing } from "../../core/html.js";
import { inventedMark } from "../../core/invented.js";
import { wordsOf } from "../../core/faults.js";
import { tableRow } from "../../told/tables.js";
import { formatTime, page, text, textOfCode } from "../../core/text.js";
import { categoryName, handlerOf, routeText } from "../words.js";

/** @import { Acts, View } from "../page.js" */
/** @import { Pending, Refusal, State } from "../state.js" */

/** @type {View} */
export function resultView(state, acts) {
  const { pending, shown, told, problem } = state;
  const others = problem && !(problem.faults ?? []).some(({ field }) => field === "category");
  return html`${told ? html`<p class="note" role="status">${told}</p>` : nothing}
    ${others && problem ? refusal(problem) : nothing}
    ${pending && (pending.place || pending.failure) && !pending.isSending ? question(pending, state, acts) : nothing}
    ${shown ? card(shown) : nothing}`;
}

/**
 * What is confirmed is what stands there.
 * @param {Pending} pending
 * @param {State} state
 * @param {Acts} acts
 */
function question(pending, { category, words }, acts) {
  const { place, lon, lat } = pending;
  const warning = warningOf(pending);
  return html`<article class="card" id="incident-question" role="group" aria-label=${text("page.incident.confirm-title")}>
    <header><h2>${text("page.incident.confirm-title")}</h2></header>
    ${warning ? html`<p class="verdict fair" id="incident-warning" role="alert">${warning}</p>` : nothing}
    ${terms([
      [text("page.incident.category"), category ? categoryName(category) : null],
      [text("page.incident.place"), place?.cell ? [place.cell_name, place.township].filter(Boolean).join(" · ") : `${lon}, ${lat}`],
      [text("page.incident.cell"), place ? place.cell || text("page.incident.no-cell") : null],
      [text("page.incident.text"), words.trim() || null],
    ])}
    <div class="choice"><button type="button" class="primary" id="incident-confirm" @click=${acts.report}>${text(warning ? "page.incident.confirm-anyway" : "page.incident.confirm")}</button>
      <button type="button" id="incident-cancel" @click=${acts.cancel}>${text("page.incident.cancel")}</button></div></article>`;
}

/** @param {Pending} pending */
function warningOf({ place, failure }) {
  if (failure) return text("page.incident.unchecked", { reason: failure });
  if (place.inside === false) return text("page.incident.outside");
  return place.cell ? null : text("page.incident.outside-cells");
}

/** @param {*} incident */
function card(incident) {
  const code = (/** @type {string | null} */ value, /** @type {string} */ kind) => (value ? textOfCode(value, [`incident.${kind}`]) : null);
  return html`<article class="card" id="incident-card" tabindex="-1">
    <header><h2>${categoryName(incident.category)} ${inventedMark(incident)}</h2><p class="kind">${incident.id}</p></header>
    ${terms([
      [text("page.incident.cell"), incident.cell ? [incident.cell, incident.cell_name].filter(Boolean).join(" · ") : text("page.incident.no-cell")],
      [text("page.incident.assignee"), handlerOf(incident)],
      [text("page.incident.role"), code(incident.role, "role")],
      [text("page.incident.rule"), code(incident.rule, "rule")],
      [text("page.incident.reason"), code(incident.reason, "reason")],
      [text("page.incident.route"), routeText(incident)],
      [text("page.incident.due"), incident.due_at ? formatTime(incident.due_at) : null],
      [text("page.incident.clock"), incident.deadline_rule ? textOfCode(incident.deadline_rule, ["incident.deadline"], { count: incident.workdays }) : null],
      ...[tableRow(incident.tables)].filter((one) => one !== null),
      [text("page.incident.text"), incident.text || null],
    ])}
    ${page.caseRoom ? html`<p><a id="incident-case" href="${page.caseRoom}?case=${encodeURIComponent(incident.id)}">${text("page.incident.to-case")}</a></p>` : nothing}
    ${page.info.layers.roster?.reconstructed?.length ? html`<p class="remade">${text("page.incident.roster-remade")}</p>` : nothing}</article>`;
}

/** @param {(string | null)[][]} pairs those that say nothing are left out */
function terms(pairs) {
  return html`<dl class="terms">${pairs.filter(([, value]) => value).map(([term, value]) => html`<dt>${term}</dt><dd>${value}</dd>`)}</dl>`;
}

/** @param {Refusal} refusal */
function refusal({ message, faults = [] }) {
  return html`<div class="failure" id="incident-problem" role="alert"><p>${message}</p>
    ${faults.length ? html`<ul class="problems">${faults.map((fault) => html`<li>${wordsOf(fault, null)}</li>`)}</ul>` : nothing}</div>`;
}
