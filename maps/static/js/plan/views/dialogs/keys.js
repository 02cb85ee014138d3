// The keys of the page, from the table that the page obeys.
import { html } from "../../../core/html.js";
import { text } from "../../../core/text.js";
import { KEYS } from "../../keys.js";

/** @import { Dialog } from "../dialogs.js" */

/** @type {Dialog} */
export function keysDialog(_state, store) {
  const names = [...new Set(KEYS.map(({ name }) => name))];
  return html`
    <table class="listed keys"><tbody>${names.map((name) => html`<tr>
      <th scope="row">${text(`plan.key.${name}`)}</th><td>${KEYS.filter((key) => key.name === name).map((key) => html`<kbd>${shown(key)}</kbd> `)}</td></tr>`)}</tbody></table>
    <p class="note">${text("plan.dialog.keys-note")}</p>
    <button type="button" id="again-walk" @click=${() => store.dispatch({ type: "show", dialog: "walk", told: {} })}>${text("plan.head.walk")}</button>`;
}

/** @param {import("../../keys.js").Key} key */
function shown({ key, ctrl, shift }) {
  return [ctrl ? "Ctrl" : "", shift ? "Shift" : "", key.length === 1 ? key.toUpperCase() : text(`plan.key-name.${key}`)].filter(Boolean).join(" + ");
}
