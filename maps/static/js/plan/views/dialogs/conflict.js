// Two who saved the same scenario: what the other changed, how theirs differs from what stands here, and which goes on.
import { html } from "../../../core/html.js";
import { text } from "../../../core/text.js";
import { differenceList } from "./difference.js";

/** @import { Dialog } from "../dialogs.js" */

/** @type {Dialog} */
export function conflictDialog(state, _store, acts) {
  const { conflict } = state;
  return html`
    <p>${text("plan.conflict.about", { revision: conflict.revision, kept: conflict.kept })}</p>
    <h3>${text("plan.conflict.since")}</h3>
    ${differenceList(conflict.since, state)}
    <h3>${text("plan.conflict.mine")}</h3>
    ${differenceList(conflict.difference, state)}
    <div class="decide">
      <button type="button" id="take-theirs" class="primary" @click=${acts.takeTheirs}>${text("plan.conflict.take-theirs")}</button>
      <p class="note">${text("plan.conflict.take-theirs-note", { kept: conflict.kept })}</p>
      <button type="button" id="keep-mine" class="primary" @click=${acts.keepMine}>${text("plan.conflict.keep-mine")}</button>
      <p class="note">${text("plan.conflict.keep-mine-note")}</p>
    </div>`;
}
