// Each township before and after: its mean minutes, who gains, who loses, and who loses much.
import { html, nothing } from "../../core/html.js";
import { formatNumber, minutesFigure, text } from "../../core/text.js";
import { differenceOf } from "../state.js";
import { signedMinutes } from "../words.js";

/** @import { View } from "./all.js" */

/** @type {View} */
export function townshipsView({ comparison, pair }) {
  const townships = comparison && pair ? differenceOf(comparison, pair)?.townships ?? [] : [];
  if (!townships.length) return nothing;
  const minutes = (/** @type {number | null} */ seconds) => (seconds === null ? text("page.unreachable") : minutesFigure(seconds));
  return html`<h3>${text("comparing.townships")}</h3><div class="table" tabindex="0" role="group" aria-label=${text("comparing.townships")}><table id="townships-table">
    <thead><tr>${["township", "people", "mean-before", "mean-after", "mean-change", "gain", "lose", "lose-more"].map((name, k) => html`<th scope="col" class=${k ? "number" : ""}>${text(`comparing.${name}`)}</th>`)}</tr></thead>
    <tbody>${townships.map((one) => html`<tr><th scope="row">${one.township ?? text("page.unknown")}</th>
      <td class="number">${formatNumber(one.people)}</td>
      <td class="number">${minutes(one.before_mean_s)}</td><td class="number">${minutes(one.after_mean_s)}</td>
      <td class="number">${one.before_mean_s === null || one.after_mean_s === null ? "–" : signedMinutes(one.after_mean_s - one.before_mean_s)}</td>
      <td class="number">${formatNumber(one.gain)}</td><td class="number">${formatNumber(one.lose)}</td><td class="number">${formatNumber(one.lose_more)}</td></tr>`)}</tbody></table></div>
    <p class="note">${text("comparing.townships-note")}</p>`;
}
