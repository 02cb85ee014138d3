// On a narrow screen one part of the page is shown at a time: these buttons choose which.
import { html } from "../../core/html.js";
import { text } from "../../core/text.js";

/** @import { View } from "./all.js" */

const PARTS = ["map", "choices", "figures", "villages"];

/** @type {View} */
export function partsView(state, _evaluation, store) {
  const main = document.querySelector("main");
  if (main) main.dataset.part = state.part;
  const choose = (/** @type {string} */ part) => () => store.dispatch({ type: "show", part });
  return html`${PARTS.map((part) => html`<button type="button" aria-pressed=${String(part === state.part)} @click=${choose(part)}>${text(`plan.part.${part}`)}</button>`)}`;
}
