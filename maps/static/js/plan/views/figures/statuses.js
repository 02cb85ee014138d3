// What a planner says of a place: kept, required, never. Pressed again, nothing is said any more.
import { html } from "../../../core/html.js";
import { text } from "../../../core/text.js";
import { statusOf } from "../../content.js";

/** @import { PlanStore, State } from "../../state.js" */

const STATUSES = ["existing", "required", "excluded"];

/**
 * @param {string} id
 * @param {State} state
 * @param {PlanStore} store
 */
export function statusButtons(id, { content }, store) {
  const now = statusOf(content, id);
  const set = (/** @type {string | null} */ status) => () => store.dispatch({ type: "status", ids: [id], status });
  return html`<div class="statuses" role="group" aria-label=${text("page.status.label")}>
    ${STATUSES.map((status) => html`<button type="button" class="small" data-status=${status} aria-pressed=${String(now === status)} @click=${set(now === status ? null : status)}>${text(`page.status.${status}`)}</button>`)}
    <button type="button" class="small" data-status="" ?disabled=${!now} @click=${set(null)}>${text("page.status.clear")}</button></div>`;
}
