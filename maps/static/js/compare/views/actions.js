// What carrying out each scheme means: what is built, extended, upgraded and closed, and its yuan.
import { html, nothing } from "../../core/html.js";
import { formatNumber, text } from "../../core/text.js";
import { formatWan, schemeTitle } from "../words.js";

/** @import { Action, Comparison } from "../state.js" */
/** @import { View } from "./all.js" */

/** @type {View} */
export function actionsView({ comparison }) {
  if (!comparison) return nothing;
  const schemes = comparison.schemes.filter(({ key }) => comparison.actions[key]?.length);
  if (!schemes.length) return nothing;
  return html`<h2>${text("comparing.actions")}</h2>
    ${schemes.map((scheme) => html`<details class="actions" data-scheme=${scheme.key}><summary>${schemeTitle(scheme)} · ${summary(comparison.actions[scheme.key])}</summary>${table(comparison, scheme.key)}</details>`)}
    <p class="note">${text("comparing.actions-note")}</p>`;
}

/** @param {Action[]} actions */
function summary(actions) {
  const counts = new Map();
  for (const { act } of actions) counts.set(act, (counts.get(act) ?? 0) + 1);
  const yuan = actions.reduce((sum, one) => sum + (one.yuan ?? 0), 0);
  const words = [...counts].map(([act, count]) => text("comparing.act-count", { act: text(`comparing.act.${act}`), count: formatNumber(count) }));
  return [...words, formatWan(yuan)].join(" · ");
}

/**
 * @param {Comparison} comparison
 * @param {string} key
 */
function table({ actions }, key) {
  const rows = actions[key];
  const hasYears = rows.some(({ year }) => year);
  const hasArea = rows.some(({ floor_area_m2: area }) => area);
  return html`<div class="table" tabindex="0" role="group" aria-label=${text("comparing.actions")}><table><thead><tr><th scope="col">${text("comparing.action")}</th><th scope="col">${text("comparing.place")}</th><th scope="col">${text("comparing.township")}</th>
    ${hasYears ? html`<th scope="col" class="number">${text("comparing.year")}</th>` : nothing}${hasArea ? html`<th scope="col" class="number">${text("comparing.area")}</th>` : nothing}<th scope="col" class="number">${text("comparing.yuan")}</th></tr></thead>
    <tbody>${rows.map((one) => html`<tr><td>${text(`comparing.act.${one.act}`)}</td><td>${one.name}</td><td>${one.township ?? ""}</td>
      ${hasYears ? html`<td class="number">${one.year ?? ""}</td>` : nothing}${hasArea ? html`<td class="number">${one.floor_area_m2 ? formatNumber(one.floor_area_m2) : ""}</td>` : nothing}
      <td class="number">${one.yuan === null || one.yuan === undefined ? "" : formatNumber(one.yuan / 10_000, 1)}</td></tr>`)}</tbody></table></div>`;
}
