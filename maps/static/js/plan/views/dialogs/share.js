// With whom the scenario is shared: somebody by the name that they sign in with, or everybody in a role.
import { html, nothing } from "../../../core/html.js";
import { text } from "../../../core/text.js";
import { sayTime } from "../scenario.js";

/** @import { Acts } from "../../page.js" */
/** @import { State } from "../../state.js" */
/** @import { Dialog } from "../dialogs.js" */

const LEVELS = ["read", "comment", "edit"];
const ROLES = ["planner", "official"];  // who may see scenarios

/**
 * @param {State} _state
 * @param {Acts} acts
 */
export function listShares(_state, acts) {
  return acts.listShares();
}

/** @type {Dialog} */
export function shareDialog({ told }, _store, acts) {
  const send = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const { whom, account, level } = Object.fromEntries(new FormData(form));
    acts.share(whom === "" ? { account: String(account).trim(), level } : { role: whom, level });
  };
  return html`
    <form @submit=${send}>
      <label class="field">${text("plan.dialog.whom")}<select name="whom" @change=${(/** @type {*} */ { target }) => { target.form.elements.account.disabled = target.value !== ""; }}>
        <option value="">${text("plan.dialog.one-account")}</option>
        ${ROLES.map((role) => html`<option value=${role}>${text(`plan.role.${role}`)}</option>`)}</select></label>
      <label class="field">${text("plan.dialog.account")}<input name="account" type="text" required maxlength="60" autocomplete="off"></label>
      <label class="field">${text("plan.dialog.level")}<select name="level">${LEVELS.map((level) => html`<option value=${level}>${text(`plan.level.${level}`)}</option>`)}</select></label>
      <button class="primary">${text("plan.head.share")}</button>
    </form>
    ${told.shares?.length ? html`<table class="listed"><tbody>${told.shares.map((/** @type {*} */ one) => html`<tr>
      <td class="name">${one.role ? text(`plan.role.${one.role}`) : one.account_name}</td><td>${text(`plan.level.${one.level}`)}</td>
      <td>${one.until ? text("plan.dialog.until", { at: sayTime(one.until) }) : nothing}</td>
      <td class="acts"><button type="button" @click=${() => acts.unshare(one.id)}>${text("plan.dialog.unshare")}</button></td></tr>`)}</tbody></table>`
    : html`<p class="note">${text("plan.dialog.not-shared")}</p>`}`;
}
