// What the schemes come to in other futures: which of two is better how often, what was drawn, which places are chosen.
import { html, nothing } from "../../core/html.js";
import { formatNumber, text } from "../../core/text.js";
import { schemeOf } from "../state.js";
import { schemeTitle } from "../words.js";

/** @import { Comparison, Futures, State } from "../state.js" */

/** Figures by which two schemes are held against each other; the workbook has all. */
const TOLD = ["within_limit_percent", "mean_s", "p95_s", "worst_s", "served_people", "gini"];

/** @param {State} state */
export function futuresTold({ comparison, futures }) {
  if (!comparison || !futures) return nothing;
  return html`${pairsTable(comparison, futures)}
    ${futures.resolved.length ? html`<div class="chosen-of">${futures.resolved.map((again) => chosenTable(comparison, futures, again))}</div>` : nothing}
    <h3>${text("comparing.futures.assumed")}</h3>
    <ul class="points" id="assumptions">${futures.assumptions.map(({ words }) => html`<li>${words}</li>`)}</ul>`;
}

/**
 * @param {Comparison} comparison
 * @param {Futures} futures
 */
function pairsTable({ schemes }, { figures, pairs, computed }) {
  const shown = TOLD.flatMap((code) => figures.find((one) => one.code === code && pairs.some((pair) => pair.figures[code])) ?? []);
  const named = Object.fromEntries(schemes.map((scheme) => [scheme.key, scheme.key === "0" ? schemeTitle(scheme) : scheme.key]));
  return html`<h3>${text("comparing.futures.pairs", { count: formatNumber(computed) })}</h3>
    <div class="table" tabindex="0" role="group" aria-label=${text("comparing.futures.pairs", { count: formatNumber(computed) })}><table id="futures-pairs">
      <thead><tr><th scope="col">${text("comparing.futures.pair")}</th>${shown.map(({ name }) => html`<th scope="col" class="number">${name}</th>`)}</tr></thead>
      <tbody>${pairs.map(({ first, second, figures: won }) => html`<tr data-pair=${`${first}-${second}`}><th scope="row">${text("comparing.futures.two", { first: named[first], second: named[second] })}</th>
        ${shown.map(({ code }) => html`<td class="number" data-figure=${code}>${won[code] ? wonBy(won[code], named[first], named[second]) : "–"}</td>`)}</tr>`)}</tbody></table></div>`;
}

/**
 * @param {{ first: number, alike: number, second: number }} won
 * @param {string} one
 * @param {string} other
 */
function wonBy({ first, alike, second }, one, other) {
  const side = (/** @type {string} */ name, /** @type {number} */ times, /** @type {number} */ against) =>
    (times > against ? html`<strong>${name} ${formatNumber(times)}</strong>` : html`${name} ${formatNumber(times)}`);
  return html`${side(one, first, second)} · ${side(other, second, first)}${alike ? html` · ${text("comparing.futures.alike", { count: formatNumber(alike) })}` : nothing}`;
}

/**
 * @param {Comparison} comparison
 * @param {Futures} futures
 * @param {Futures["resolved"][number]} again
 */
function chosenTable(comparison, { schemes }, { keys, of, statuses, chosen }) {
  const comma = text("page.comma");
  const names = keys.map((key) => schemeTitle(schemeOf(comparison, key))).join(comma);
  const told = Object.entries(statuses).map(([status, count]) => text(`futures.status.${status}`, { count: formatNumber(count) })).join(comma);
  const has = (/** @type {string} */ id) => schemes.filter(({ key, opened }) => key !== "0" && opened.includes(id)).map(({ key }) => key).join(comma);
  return html`<div><h3>${text("comparing.futures.chosen", { names, of: formatNumber(of) })}</h3><p class="note">${text("comparing.futures.chosen-note", { told, count: formatNumber(chosen.length) })}</p>
    <div class="table chosen" tabindex="0" role="group" aria-label=${text("comparing.futures.chosen", { names, of: formatNumber(of) })}><table data-keys=${keys.join("-")}>
      <thead><tr>${["place", "township", "futures.times", "futures.stands-in"].map((name) => html`<th scope="col" class=${name === "futures.times" ? "number" : ""}>${text(`comparing.${name}`)}</th>`)}</tr></thead>
      <tbody>${chosen.map(({ id, name, township, times }) => html`<tr data-id=${id}><th scope="row">${name}</th><td>${township ?? ""}</td><td class="number">${text("comparing.futures.times-of", { times: formatNumber(times), of: formatNumber(of) })}</td><td>${has(id)}</td></tr>`)}</tbody></table></div></div>`;
}
