// The places of the maps and their legends: a map for each scheme, then what changes between the two that are looked at.
import { html, nothing, repeat } from "../../core/html.js";
import { formatNumber, page, text } from "../../core/text.js";
import { changeTheme } from "../marks.js";
import { schemeOf } from "../state.js";
import { schemeTitle } from "../words.js";

/** @import { CompareStore, State } from "../state.js" */
/** @import { View } from "./all.js" */

/** @type {View} */
export function mapsView(state, store) {
  const { comparison, pair } = state;
  if (!comparison || !pair) return nothing;
  return html`<h2>${text("comparing.maps")}</h2>
    <div class="with-legend"><div class="maps">${repeat(comparison.schemes, ({ key }) => key, (scheme) => html`<figure>
      <figcaption>${schemeTitle(scheme)}</figcaption>
      <div class="map" data-map=${scheme.key} role="region" aria-label=${text("comparing.map-of", { name: schemeTitle(scheme) })}></div></figure>`)}</div>
      <div class="legend-of">${minutesLegend()}</div></div>
    ${pairChoice(state, store)}
    <div class="with-legend" id="change-map">
      <div class="map" data-map="change" role="region" aria-label=${text("comparing.map-change")}></div>
      <div class="legend-of">${changeLegend()}</div></div>`;
}

/**
 * @param {State} state
 * @param {CompareStore} store
 */
function pairChoice({ comparison, pair }, store) {
  if (!comparison || !pair) return nothing;
  const choose = (/** @type {0 | 1} */ place) => (/** @type {*} */ { target }) => {
    const at = [comparison.schemes.findIndex(({ key }) => key === (place ? pair[0] : target.value)), comparison.schemes.findIndex(({ key }) => key === (place ? target.value : pair[1]))];
    if (at[0] === at[1]) { target.value = pair[place]; return; }
    const [from, to] = at.sort((a, b) => a - b).map((k) => comparison.schemes[k].key);  // the server tells each pair once
    store.dispatch({ type: "pair", pair: [from, to] });
  };
  const options = (/** @type {string} */ chosen) => comparison.schemes.map((scheme) => html`<option value=${scheme.key} .selected=${scheme.key === chosen}>${schemeTitle(scheme)}</option>`);
  return html`<h2 id="change-title">${text("comparing.changes", { from: schemeTitle(schemeOf(comparison, pair[0])), to: schemeTitle(schemeOf(comparison, pair[1])) })}</h2>
    <p class="pair"><label>${text("comparing.from")} <select id="pair-from" @change=${choose(0)}>${options(pair[0])}</select></label>
      <label>${text("comparing.to")} <select id="pair-to" @change=${choose(1)}>${options(pair[1])}</select></label></p>`;
}

function minutesLegend() {
  const { breaks, colours } = page.theme.measures.plan;
  const shown = breaks.map((/** @type {number} */ limit) => formatNumber(limit));
  const labels = [text("page.legend.up-to", { high: shown[0] }), ...shown.slice(1).map((/** @type {string} */ limit, /** @type {number} */ k) => text("page.legend.between", { low: shown[k], high: limit })), text("page.legend.above", { low: shown[shown.length - 1] })];
  return html`<h3>${text("comparing.legend-minutes")}</h3><ul>
    ${labels.map((label, k) => html`<li>${circle(colours[k])}${label}</li>`)}
    <li>${circle(page.theme.unreachable)}${text("page.unreachable")}</li></ul><p class="note">${text("page.legend.size")}</p>`;
}

function changeLegend() {
  const { breaks, gain, loss, same } = changeTheme();
  const between = (/** @type {number} */ k) => (k + 1 < breaks.length ? text("page.legend.between", { low: formatNumber(breaks[k]), high: formatNumber(breaks[k + 1]) }) : text("page.legend.above", { low: formatNumber(breaks[k]) }));
  const steps = [...breaks.keys()];
  return html`<h3>${text("comparing.legend-change")}</h3><ul>
    ${[...steps].reverse().map((k) => html`<li>${circle(gain[k])}${text("comparing.legend-gain", { minutes: between(k) })}</li>`)}
    <li>${circle(same, 3.4)}${text("comparing.legend-same", { minutes: formatNumber(breaks[0]) })}</li>
    ${steps.map((k) => html`<li>${triangle(loss[k])}${text("comparing.legend-loss", { minutes: between(k) })}</li>`)}
    <li>${circle(gain[gain.length - 1], 5, 2)}${text("comparing.change.newly")}</li>
    <li>${triangle(page.theme.unreachable, 2)}${text("comparing.change.gone")}</li></ul><p class="note">${text("page.legend.size")}</p>`;
}

/**
 * @param {string} colour
 * @param {number} [radius]
 * @param {number} [edge]
 */
function circle(colour, radius = 5, edge = 0.7) {
  return html`<svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true"><circle cx="7" cy="7" r=${radius} fill=${colour} stroke="#2b3440" stroke-width=${edge}></circle></svg>`;
}

/**
 * @param {string} colour
 * @param {number} [edge]
 */
function triangle(colour, edge = 0.7) {
  return html`<svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true"><path d="M7 1l6 11H1z" fill=${colour} stroke="#2b3440" stroke-width=${edge}></path></svg>`;
}
