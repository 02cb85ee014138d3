// The dialogs come when the first of them is wanted: most visits need none.
import { html } from "../../core/html.js";
import { laterPart } from "./later.js";

/** @import { View } from "./all.js" */

const dialogs = laterPart("dialogs", "plan/views/dialogs");

/** @type {View} */
export function dialogsLater(state, evaluation, store, acts) {
  const told = dialogs(Boolean(state.dialog || state.conflict), store, { dialog: null });
  return told ? told.dialogsView(state, evaluation, store, acts) : html``;
}
