// While a place is being chosen a line over the map says what to click, with a button that ends it, for fingers too.
import { html } from "../../core/html.js";
import { text } from "../../core/text.js";

/** @import { View } from "../page.js" */

const TOUCH = window.matchMedia("(max-width: 900px), (pointer: coarse)");  // nobody is told to press a key there

/** @type {View} */
export function hintView({ isPicking }, acts) {
  const line = document.getElementById("hint");
  if (line) line.hidden = !isPicking;
  return isPicking ? html`<span>${text(TOUCH.matches ? "page.incident.hint-touch" : "page.incident.hint")}</span> <button type="button" id="pick-end" @click=${acts.stopPicking}>${text("page.incident.cancel")}</button>` : html``;
}
