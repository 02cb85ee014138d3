// Why a site stands here: asked of the plan that a model has made.
import { html } from "../../../core/html.js";
import { text } from "../../../core/text.js";
import { studyBox } from "./studies.js";

/** @import { PlanStore, State } from "../../state.js" */

/**
 * @param {string} id
 * @param {State} state
 * @param {PlanStore} store
 */
export function whyBox(id, state, store) {
  const { confirmed, content } = state;
  if (confirmed?.of !== content) return html``;
  if (!confirmed.answered) return html`<p class="note" id="why-not">${text("plan.card.why-unsolved")}</p>`;
  return studyBox("why-site", state, store, id);
}
