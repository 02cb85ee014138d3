// The county was built anew: what becomes of the scenario there, first looked at, then saved.
import { html, nothing } from "../../../core/html.js";
import { text } from "../../../core/text.js";

/** @import { Dialog } from "../dialogs.js" */

/** @type {Dialog} */
export function rebaseDialog({ told, scenario, places }, _store, acts) {
  const { rebase } = told;
  if (!rebase) return told.problem ? html`` : html`<p class="note">${text("page.loading")}</p>`;
  const layers = Object.values(rebase.stale?.layers ?? {}).flat().map((name) => text(`page.layer.${name}`));
  return html`
    <p>${text("plan.dialog.rebase-about")}</p>
    ${layers.length ? html`<p>${text("plan.dialog.rebase-layers", { layers: layers.join(text("page.comma")) })}</p>` : nothing}
    ${rebase.edits.length ? html`<table class="listed"><tbody>${rebase.edits.map((/** @type {*} */ one) => html`<tr data-outcome=${one.outcome}>
      <td class="name">${places.get(one.target)?.name ?? one.target}</td><td><strong>${text(`plan.outcome.${one.outcome}`)}</strong></td><td>${one.reason_words}</td></tr>`)}</tbody></table>`
    : html`<p class="note">${text("plan.dialog.rebase-nothing")}</p>`}
    ${rebase.faults.length ? html`<div class="failure" role="alert"><ul>${rebase.faults.map((/** @type {*} */ { expected, mend }) => html`<li>${expected}${text("page.error.join")}${mend}</li>`)}</ul></div>` : nothing}
    <button type="button" id="rebase" class="primary" ?disabled=${rebase.faults.length > 0 || rebase.stale?.other_county || !["owner", "edit"].includes(scenario?.level ?? "")} @click=${acts.rebase}>${text("plan.head.rebase")}</button>`;
}
