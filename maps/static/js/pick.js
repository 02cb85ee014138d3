// Choosing a place on the map: a line over the map says what to click, with a button that ends it, for fingers too.
import { byId, element, fill } from "./dom.js";

// Whether there is no keyboard to speak of: nobody is told to press Esc there.
export function isTouch() {
  return window.matchMedia("(max-width: 760px), (pointer: coarse)").matches;
}

export function showHint(words, label, onEnd) {
  const hint = byId("pick-hint");
  fill(hint, element("span", {}, words), element("button", { type: "button", id: "pick-end", onclick: onEnd }, label));
  hint.hidden = false;
}

export function hideHint() {
  byId("pick-hint").hidden = true;
}
