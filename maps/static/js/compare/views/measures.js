// The measures of all schemes beside each other: each with its unit and definition, the best of each marked.
import { html, nothing } from "../../core/html.js";
import { formatNumber, text, textOfCode } from "../../core/text.js";
import { isReconstructed } from "../../told/county.js";
import { figureOf, percentFigure, rangeOf, schemeTitle, shareOf, unitOf } from "../words.js";

/** @import { Comparison, Futures, Measure, Scheme } from "../state.js" */
/** @import { View } from "./all.js" */

/** @type {View} */
export function measuresView({ comparison, futures }) {
  if (!comparison) return nothing;
  const { schemes, measures } = comparison;
  const whom = textOfCode(comparison.weights_basis, ["planning.weights", "page.base"]);
  return html`<h2>${text("comparing.measures")} <small>${comparison.service_name}</small></h2>
    <p class="note" id="comparison-basis">${text(isReconstructed("villages") ? "plan.basis-reconstructed" : "plan.basis", { whom })}</p>
    <div class="table" tabindex="0" role="group" aria-label=${text("comparing.measures")}><table id="measures-table">
      <thead><tr><th scope="col">${text("comparing.measure")}</th>${schemes.map((scheme) => html`<th scope="col" class="number">${schemeTitle(scheme)}</th>`)}</tr></thead>
      <tbody>
        <tr><th scope="row">${text("comparing.asked")}</th>${schemes.map(({ asked }) => html`<td class="number asked">${asked}</td>`)}</tr>
        <tr><th scope="row">${text("comparing.sites")}</th>${schemes.map(({ sites }) => html`<td class="number">${formatNumber(sites.length)}</td>`)}</tr>
        ${measures.map((measure) => html`${row(comparison, measure, futures)}${futures && measure.code === "people_within_limit" ? shareRow(comparison, futures) : nothing}`)}
        <tr><th scope="row">${text("comparing.proof")}</th>${schemes.map(proof)}</tr>
      </tbody></table></div>
    <p class="note">${text("comparing.best")}</p>
    ${futures ? html`<p class="note" id="ranges-note">${text("comparing.futures.ranges", { count: formatNumber(futures.computed), seed: futures.seed })} ${futures.note}</p>` : nothing}`;
}

/**
 * @param {Comparison} comparison
 * @param {Measure} measure
 * @param {Futures | null} futures
 */
function row({ schemes }, measure, futures) {
  const { code, name, definition, values, best, comparable } = measure;
  return html`<tr data-measure=${code}><th scope="row"><details class="what"><summary>${name} <small>${unitOf(measure)}</small></summary><p>${definition}${comparable ? nothing : html`<br><em>${text("comparing.not-comparable")}</em>`}</p></details></th>
    ${schemes.map((scheme) => {
      const share = shareOf(measure, scheme, values[scheme.key]);
      const isBest = best.includes(scheme.key);
      return html`<td class=${`number${isBest ? " best" : ""}`} data-scheme=${scheme.key}>${isBest ? html`<span class="star" title=${text("comparing.is-best")}>★</span>` : nothing}<span class="value">${figureOf(measure, values[scheme.key])}</span>${share ? html`<small>${share}</small>` : nothing}${range(futures, scheme, code, (value) => figureOf(measure, value))}</td>`;
    })}</tr>`;
}

const SHARE = "within_limit_percent";

/**
 * Of how many of 100 the limit is kept: in futures with more people, numbers of people alone say little.
 * @param {Comparison} comparison
 * @param {Futures} futures
 */
function shareRow({ schemes }, futures) {
  const name = futures.figures.find(({ code }) => code === SHARE)?.name;
  return html`<tr data-measure=${SHARE}><th scope="row">${name} <small>%</small></th>
    ${schemes.map((scheme) => html`<td class="number" data-scheme=${scheme.key}><span class="value">${percentFigure(futures.ranges[scheme.key]?.[SHARE]?.today)}</span>${range(futures, scheme, SHARE, percentFigure)}</td>`)}</tr>`;
}

/**
 * @param {Futures | null} futures
 * @param {Scheme} scheme
 * @param {string} code
 * @param {(value: number) => string} told
 */
function range(futures, { key }, code, told) {
  const words = futures ? rangeOf(futures.ranges[key]?.[code], told) : "";
  return words ? html`<span class="range">${words}</span>` : nothing;
}

/** @param {Scheme} scheme */
function proof(scheme) {
  return html`<td class=${`number proof ${scheme.verdict.level}`}>${scheme.verdict.words}<small>${scheme.verdict.more}</small></td>`;
}
