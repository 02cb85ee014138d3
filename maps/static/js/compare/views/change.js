// What changes for people from one scheme to the other: who gains, who loses, who loses much by name, and what would mend it.
import { html, nothing } from "../../core/html.js";
import { formatNumber, formatPeople, hoursFigure, text } from "../../core/text.js";
import { differenceOf } from "../state.js";
import { formatWan, signedFigure } from "../words.js";

/** @import { Comparison, Difference, State } from "../state.js" */
/** @import { View } from "./all.js" */

const PARTS = /** @type {const} */ (["gain", "same", "lose", "newly_served", "no_longer_served", "unserved"]);

/** @type {View} */
export function changeView(state, _store, acts) {
  const { comparison, pair } = state;
  const difference = comparison && pair ? differenceOf(comparison, pair) : null;
  if (!comparison || !difference) return nothing;
  return html`
    <div class="told">${people(difference)}${money(comparison, difference)}</div>
    <h3>${text("comparing.losers-title", { minutes: "5" })}</h3>
    ${sums(difference)}
    <div id="losers-rows" ?hidden=${!difference.losers.length}></div>
    ${difference.losers.length ? mending(state, acts) : nothing}`;
}

/** @param {Difference} difference */
function people({ people: counts, person_seconds: seconds }) {
  return html`<table id="gains"><caption>${text("comparing.people-title")}</caption><tbody>
    ${PARTS.filter((part) => counts[part] || part === "gain" || part === "lose").map((part) => html`<tr data-part=${part}><th scope="row">${text(`comparing.part.${part}`)}</th><td class="number">${formatPeople(counts[part])}</td></tr>`)}
    <tr><th scope="row">${text("comparing.hours-gained")}</th><td class="number">${text("comparing.hours", { hours: hoursFigure(seconds.gained) })}</td></tr>
    <tr><th scope="row">${text("comparing.hours-lost")}</th><td class="number">${text("comparing.hours", { hours: hoursFigure(seconds.lost) })}</td></tr>
  </tbody></table>`;
}

/**
 * @param {Comparison} comparison
 * @param {Difference} difference
 */
function money({ measures }, difference) {
  const told = measures.filter(({ code }) => ["mean_s", "p95_s", "worst_s", "people_within_limit", "spent_yuan"].includes(code) && difference.measures[code] !== undefined);
  return html`<table id="changes"><caption>${text("comparing.figures-title")}</caption><tbody>
    ${told.map((measure) => html`<tr><th scope="row">${measure.name} <small>${text(`comparing.unit.${measure.unit}`)}</small></th><td class="number">${signedFigure(measure, difference.measures[measure.code])}</td></tr>`)}
  </tbody></table>`;
}

/** @param {Difference} difference */
function sums({ losers_sum: { places, people: count, elders } }) {
  if (!places) return html`<p id="losers-sum" class="none">${text("comparing.nobody-loses")}</p>`;
  return html`<p id="losers-sum">${text("comparing.losers-sum", { places: formatNumber(places), people: formatNumber(count) })}${elders === null || elders === count ? nothing : text("comparing.losers-elders", { elders: formatNumber(elders) })}</p>`;
}

/**
 * @param {State} state
 * @param {import("../page.js").Acts} acts
 */
function mending({ madeGood, pair, making }, acts) {
  const made = pair ? madeGood[pair.join("-")] : null;
  return html`<div id="made-good">
    <button type="button" class="small strong" ?disabled=${making} @click=${acts.findMadeGood}>${text(making ? "page.loading" : "comparing.make-good", { minutes: "5" })}</button>
    ${made ? answer(made) : nothing}</div>`;
}

/** @param {*} made */
function answer({ status, added, yuan, bound, beyond_help: helpless, without_capacities: withoutCapacities, ...made }) {
  const sites = added.map((/** @type {*} */ one) => (one.township ? `${one.name}(${one.township})` : one.name)).join(text("page.comma"));
  const names = helpless.map((/** @type {*} */ one) => one.name).join(text("page.comma"));
  const isProven = status === "optimal" && ["certificate", "enumerated"].includes(made.proof);
  return html`<div role="status">
    ${added.length ? html`<p>${text("comparing.made-good", { count: formatNumber(added.length), sites, yuan: formatWan(yuan) })}
      <em>${isProven ? text("comparing.made-good-proven") : text("comparing.made-good-open", { bound: formatNumber(bound) })}</em></p>` : nothing}
    ${helpless.length ? html`<p>${text("comparing.made-good-none", { names })}</p>` : nothing}
    ${withoutCapacities && added.length ? html`<p class="note">${text("comparing.made-good-capacities")}</p>` : nothing}</div>`;
}
