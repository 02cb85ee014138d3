// What is said of single sites, status by status with their names: each can be taken back, or looked at on the map.
import { html, nothing, repeat } from "../../../core/html.js";
import { symbolPicture } from "../../../core/symbols.js";
import { formatNumber, page, text } from "../../../core/text.js";
import { showForm } from "./asking.js";
import { placeName, townshipOf } from "./words.js";

/** @import { Acts } from "../../page.js" */
/** @import { Asking } from "./asking.js" */

/** @typedef {{ id: string, asked: boolean }} Said `asked`: by the question itself, not by an edit */

const FEW = 6;  // so many names stand open at once

/**
 * @param {Asking} asking
 * @param {Acts} acts
 */
export function statusGroups(asking, acts) {
  const groups = Object.keys(page.theme.statuses).map((status) => ({ status, said: saidOf(asking, status) }));
  return groups.filter(({ said }) => said.length).map(({ status, said }) => statusGroup(asking, acts, status, said));
}

/** @param {Asking} asking */
export function countSaid(asking) {
  return Object.keys(page.theme.statuses).reduce((sum, status) => sum + saidOf(asking, status).length, 0);
}

/**
 * @param {Asking} asking
 * @param {string} status
 * @returns {Said[]}
 */
function saidOf({ state: { content } }, status) {
  const asked = Object.entries(content.question.status ?? {}).filter(([, said]) => said === status).map(([id]) => ({ id, asked: true }));
  const edited = content.edits.filter((edit) => edit.op === "site-status" && edit.status === status).map(({ target }) => ({ id: String(target), asked: false }));
  return [...asked, ...edited];
}

/**
 * @param {Asking} asking
 * @param {Acts} acts
 * @param {string} status
 * @param {Said[]} said
 */
function statusGroup(asking, acts, status, said) {
  const { state, store } = asking;
  const open = state.form.open?.[status] ?? said.length <= FEW;
  const toggle = (/** @type {*} */ event) => { if (event.target.open !== open) showForm(store, { open: { ...store.state.form.open, [status]: event.target.open } }); };
  return html`<details class="group" data-status=${status} ?open=${open} @toggle=${toggle}>
    <summary>${symbolPicture(page.theme.statuses[status], { size: 14 })} ${text(`page.status.${status}`)} <b>${text("page.card.sites", { count: formatNumber(said.length) })}</b></summary>
    ${open ? html`<ul class="names">${repeat(said, ({ id }) => id, (one) => nameRow(asking, acts, one))}</ul>
      ${said.length > 1 ? html`<button type="button" class="link" @click=${() => takeBack(asking, said)}>${text("plan.change.remove-all")}</button>` : nothing}` : nothing}
  </details>`;
}

/**
 * @param {Asking} asking
 * @param {Acts} acts
 * @param {Said} one
 */
function nameRow(asking, acts, one) {
  const { state, store } = asking;
  const name = placeName(state, one.id);
  const township = townshipOf(state, one.id);
  const at = state.places.get(one.id) ?? state.ground?.byId.get(one.id);
  const go = () => { store.dispatch({ type: "show", part: "map" }); if (at) acts.goTo(at); };
  return html`<li>${at ? html`<button type="button" class="link" title=${text("plan.change.on-map")} @click=${go}>${name}</button>` : name}<small>${township}</small>
    <button type="button" class="plain" aria-label=${text("plan.change.remove", { name })} @click=${(/** @type {*} */ event) => { focusNext(event.target); takeBack(asking, [one]); }}>×</button></li>`;
}

/**
 * @param {Asking} asking
 * @param {Said[]} said
 */
function takeBack({ store, shown }, said) {
  const asked = said.filter((one) => one.asked).map(({ id }) => id);
  const edited = said.filter((one) => !one.asked).map(({ id }) => id);
  if (edited.length) store.dispatch({ type: "status", ids: edited, status: null });
  if (!asked.length) return;
  const left = Object.entries(shown.status).filter(([id]) => !asked.includes(id));
  store.dispatch({ type: "fields", fields: { status: left.length ? Object.fromEntries(left) : null } });
}

// The keyboard stays in the list when a row goes.
/** @param {HTMLElement} button */
export function focusNext(button) {
  const row = button.closest("li");
  const beside = row?.nextElementSibling ?? row?.previousElementSibling;
  const next = beside?.querySelector("button.plain") ?? document.querySelector("#changes h3");
  /** @type {HTMLElement | null} */ (next)?.focus();
}
