// The main figures: of the same frame as the site that is being dragged, the server's own once it has confirmed them.
import { html, nothing } from "../../../core/html.js";
import { definitionOf } from "../../../told/measures.js";
import { isReconstructed } from "../../../told/county.js";
import { formatMinutes, formatNumber, formatPeople, formatShare, text, textOfCode } from "../../../core/text.js";

/** @import { Frame } from "../../frame.js" */
/** @import { State } from "../../state.js" */

/**
 * @param {State} state
 * @param {Frame} frame
 */
export function mainFigures(state, { measures, plan, provisional }) {
  const { content, ground, dragging } = state;
  const limit = ground?.matrix.about.limit_s ?? null;
  const mark = provisional ? html` <em class="provisional" title=${text(plan ? "plan.figures-provisional-time" : "plan.figures-provisional-more")}>${text("plan.figures-provisional")}</em>` : nothing;
  const source = plan ? "confirmed" : dragging ? "moving" : content.question.sites?.length ? "checking" : "none";
  return html`<div class="main-figures" data-source=${source}>
    ${limit === null ? nothing : figure("people_within_limit", text("page.card.within", { minutes: formatNumber(limit / 60) }), formatShare(measures.people_within_limit ?? 0, measures.people_total),
      text("page.card.within-of", { within: formatNumber(measures.people_within_limit ?? 0), total: formatNumber(measures.people_total) }))}
    ${figure("mean_s", text("page.card.mean"), formatMinutes(measures.mean_s))}
    ${figure("p95_s", text("page.card.p95"), formatMinutes(measures.p95_s))}
    ${figure("worst_s", text("page.card.worst"), formatMinutes(measures.worst_s))}
    ${people("served_people", measures.served_people, mark)}
    ${people("outside_people", measures.outside_people)}
    ${figure("unreachable_people", text("page.card.unreachable"), formatPeople(measures.unreachable_people))}
    ${measures.loads ? loads(measures, mark) : nothing}
    ${ground ? basis(ground.matrix.about.weights_basis) : nothing}
    <p class="source" role="status">${text(`plan.source.${source}`)}</p>
  </div>`;
}

/**
 * Whom all these figures count, and that they are not measured where they are not.
 * @param {string} code
 */
function basis(code) {
  const whom = textOfCode(code, ["planning.weights", "page.base"]);
  return html`<p class="source" id="figures-basis">${text(isReconstructed("villages") ? "plan.basis-reconstructed" : "plan.basis", { whom })}</p>`;
}

/**
 * @param {import("../../../core/evaluate.js").Figures} measures
 * @param {unknown} mark
 */
function loads({ loads: found, over_capacity_people: over }, mark) {
  if (!found) return nothing;
  return html`${people("over_capacity_people", over, mark)}
    ${figure("loads", html`${text("measures.loads.name")}${mark}`, text("plan.load-of", { load: formatNumber(found.load), capacity: formatNumber(found.capacity) }),
      found.sites_over_capacity ? text("plan.overloaded-sites", { count: formatNumber(found.sites_over_capacity) }) : "")}`;
}

/**
 * A figure, and its definition for whoever asks.
 * @param {string} code
 * @param {unknown} name
 * @param {string} value
 * @param {string} [more]
 */
function figure(code, name, value, more = "") {
  const definition = definitionOf(code);
  return html`<div class="told" id=${`figure-${code}`} title=${definition ?? nothing}>
    <span class="name">${name}${definition ? html`<details class="what"><summary aria-label=${text("plan.what-is", { name: typeof name === "string" ? name : text(`measures.${code}.name`) })}>?</summary><p>${definition}</p></details>` : nothing}</span>
    <strong>${value}</strong> <span class="more">${more}</span></div>`;
}

/**
 * @param {string} code
 * @param {number} count
 * @param {unknown} [mark]
 */
function people(code, count, mark = nothing) {
  return figure(code, html`${text(`measures.${code}.name`)}${mark}`, formatPeople(count));
}
