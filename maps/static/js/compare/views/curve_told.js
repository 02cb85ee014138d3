// The trade-off curve: its chart with the schemes on it, and its points as a table; each can join the schemes.
import { chartOfPoints } from "../../core/chart.js";
import { html, nothing } from "../../core/html.js";
import { formatNumber, text } from "../../core/text.js";
import { keptPoint } from "../curve.js";
import { schemeOf } from "../state.js";
import { schemeTitle } from "../words.js";

/** @import { CompareStore, Curve, State } from "../state.js" */

const MOST = 6;  // as the server compares at a time
/** Decimals across and upwards. @type {Record<string, [number, number]>} */
const DECIMALS = { "mean-worst": [2, 1] };

/** @type {{ of: Curve, chart: SVGElement } | null} */
let drawn = null;

/**
 * @param {State} state
 * @param {CompareStore} store
 * @param {import("../page.js").Acts} acts
 */
export function curveTold({ comparison, curve, references, drawing }, store, acts) {
  if (!comparison || !curve) return nothing;
  const [across, up] = DECIMALS[curve.curve] ?? [0, 0];
  const words = curve.points.map(({ x, y }) => [formatNumber(x, across), formatNumber(y, up)]);
  const join = async (/** @type {number} */ place) => {
    try {
      const name = text("comparing.curve.point-name", { number: place + 1, count: curve.points[place].opened.length });
      acts.add(await keptPoint(curve, place, name));
    } catch (error) {
      store.dispatch({ type: "show", curveProblem: /** @type {import("../state.js").Refusal} */ (error) });
    }
  };
  const show = (/** @type {number} */ place) => /** @type {HTMLElement | null} */ (document.querySelector(`#curve-points tr[data-point="${place}"] button`))?.focus();
  if (drawn?.of !== curve) {
    const labels = curve.points.map((_, place) => text("comparing.curve.label", { number: place + 1, across: `${curve.axes[0]} ${words[place][0]}`, up: `${curve.axes[1]} ${words[place][1]}` }));
    drawn = { of: curve, chart: chartOfPoints(curve.chart, { labels, onChoose: show }) };
  }
  const full = references.length >= MOST || Boolean(drawing);
  const apart = curve.elsewhere.map((key) => schemeTitle(schemeOf(comparison, key))).join(text("page.comma"));
  return html`<div class="with-points"><div id="curve-chart">${drawn.chart}</div>
    <div class="table" tabindex="0" role="group" aria-label=${text("page.study.points")}><table id="curve-points"><caption>${text("page.study.points")}</caption>
      <thead><tr><th scope="col">#</th>${curve.axes.map((name) => html`<th scope="col" class="number">${name}</th>`)}<th scope="col">${text("page.study.proof")}</th><th scope="col">${text("comparing.curve.sites")}</th><td></td></tr></thead>
      <tbody>${curve.points.map(({ proof, names }, place) => html`<tr data-point=${place}><th scope="row">${place + 1}</th>${words[place].map((word) => html`<td class="number">${word}</td>`)}
        <td>${text(proof === "certificate" || proof === "enumerated" ? "page.study.proven" : "page.study.unproven")}</td><td class="names">${names.join(text("page.comma"))}</td>
        <td><button type="button" class="small" ?disabled=${full} aria-label=${text("comparing.curve.join-point", { number: place + 1 })} @click=${() => join(place)}>${text("comparing.curve.join")}</button></td></tr>`)}</tbody></table></div></div>
    <p class="note">${text(curve.complete ? "page.study.whole" : "page.study.part")} ${text("comparing.curve.key")} ${apart ? text("comparing.curve.elsewhere", { schemes: apart }) : nothing}</p>`;
}
