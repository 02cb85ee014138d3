// Find a village, township, road, river or bridge by name, code or pinyin.
import { createCombobox } from "../../core/combobox.js";
import { html } from "../../core/html.js";
import { text } from "../../core/text.js";
import { choose, foundWords, hitRow, search } from "../found.js";

/** @import { View } from "./all.js" */

/** @type {HTMLElement | null} */
let field = null;

/** @type {View} */
export function lookUpView(_state, _evaluation, store, acts) {
  field ??= createCombobox({
    id: "search", label: text("page.search.label"), placeholder: text("page.search.placeholder"), find: search, rowOf: hitRow,
    onChoose: (hit) => choose(hit, store, acts), nameOf: ({ name }) => name, told: foundWords,
  });
  return html`${field}`;
}
