// The card of a road or bridge that was looked up: it is closed, or opened again, by one button.
import { html } from "../../../core/html.js";
import { text } from "../../../core/text.js";

/** @import { PlanStore, Selected, State } from "../../state.js" */

/**
 * @param {Selected & { kind: "road" }} selected
 * @param {State} state
 * @param {PlanStore} store
 */
export function roadCard({ id, road }, { content }, store) {
  const closed = content.edits.find(({ op, target }) => op === "road-closed" && target === id);
  const act = () => store.dispatch(closed ? { type: "edit-removed", edit: closed } : { type: "edit", edit: { op: "road-closed", target: id } });
  const kind = road.kind ?? (road.bridge ? "bridge" : "road");
  const where = [text(`page.search.kind.${kind}`), road.township, road.community].filter(Boolean).join(" · ");
  const canClose = kind !== "river";
  return html`<h3>${road.name ?? text("page.unnamed")}</h3><p class="kind">${where}</p>
    ${canClose ? html`<div class="buttons"><button type="button" id="close-road" class="small" aria-pressed=${String(Boolean(closed))} @click=${act}>${text(closed ? "plan.card.open-road" : `plan.card.close-${kind}`)}</button></div>` : ""}
    ${closed ? html`<p class="note">${text("plan.card.road-closed")}</p>` : ""}`;
}
