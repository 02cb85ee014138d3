// The trade-off curve with the schemes upon it: the door to it; what comes of it is a script of its own.
import { html, nothing } from "../../core/html.js";
import { text } from "../../core/text.js";
import { schemeTitle } from "../words.js";

/** @import { View } from "./all.js" */

const CURVES = ["mean-worst", "coverage-number", "coverage-budget"];

/** @type {View} */
export function curveView(state, store, acts) {
  const { comparison, curve, drawing, curveProblem } = state;
  if (!comparison) return nothing;
  const schemes = comparison.schemes.filter(({ kind }) => kind !== "today");
  const ask = (/** @type {*} */ event) => {
    event.preventDefault();
    const form = new FormData(event.target);
    acts.askCurve(String(form.get("scheme")), String(form.get("curve")));
  };
  return html`<h2>${text("comparing.curve.title")}</h2>
    <p class="note">${text("comparing.curve.lead")}</p>
    <form class="pair" id="curve-form" @submit=${ask}>
      <label>${text("comparing.curve.which")} <select name="curve">${CURVES.map((one) => html`<option value=${one} ?selected=${one === curve?.curve}>${text(`page.study.curve-${one}`)}</option>`)}</select></label>
      <label>${text("comparing.curve.of")} <select name="scheme">${schemes.map((scheme) => html`<option value=${scheme.key}>${schemeTitle(scheme)}</option>`)}</select></label>
      <button type="submit" class="small strong" id="ask-curve" ?disabled=${Boolean(drawing)}>${text("comparing.curve.ask")}</button></form>
    <div aria-live="polite">${curveProblem ? html`<div class="failure" role="alert"><p>${curveProblem.message}</p></div>` : nothing}
      ${drawing ? acts.studies()?.progressView(drawing.run) ?? html`<p class="note" role="status">${text("page.loading")}</p>` : nothing}</div>
    ${curve ? acts.studies()?.curveTold(state, store, acts) ?? nothing : nothing}`;
}
