// The link of what is open, to be copied by hand.
import { html } from "../../../core/html.js";
import { text } from "../../../core/text.js";

/** @import { Dialog } from "../dialogs.js" */

/** @type {Dialog} */
export function linkDialog({ told }) {
  return html`<label class="field">${text("plan.dialog.link-hint")}
    <input id="link-to-copy" type="text" readonly .value=${told.link ?? ""} @focus=${(/** @type {*} */ { target }) => target.select()}></label>`;
}
