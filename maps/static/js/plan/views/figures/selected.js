// The card of what is chosen: a village, a site or a road, what is known of it and what can be done with it.
import { html, nothing } from "../../../core/html.js";
import { text } from "../../../core/text.js";
import { roadCard } from "./road_card.js";
import { siteCard } from "./site_card.js";
import { villageCard } from "./village_card.js";

/** @import { TemplateResult } from "../../../../vendor/lit-html/lit-html.js" */
/** @import { Evaluation } from "../../../core/evaluate.js" */
/** @import { Acts } from "../../page.js" */
/** @import { PlanStore, State } from "../../state.js" */

/**
 * @param {State} state
 * @param {Evaluation} evaluation
 * @param {PlanStore} store
 * @param {Acts} acts
 * @returns {TemplateResult}
 */
export function selectedCard(state, evaluation, store, acts) {
  const { selected } = state;
  if (!selected) return html`${nothing}`;
  const close = () => store.dispatch({ type: "show", selected: null });
  const card = selected.kind === "road" ? roadCard(selected, state, store) : partsOf(state, evaluation, store, acts);
  if (!card) return html`${nothing}`;
  return html`<article class="chosen" id="selected" data-kind=${selected.kind} data-id=${selected.id}>${card}
    <button type="button" class="close" aria-label=${text("page.reconstructed.close")} @click=${close}>×</button></article>`;
}

// A village on which a site stands is told as both.
function partsOf(/** @type {State} */ state, /** @type {Evaluation} */ evaluation, /** @type {PlanStore} */ store, /** @type {Acts} */ acts) {
  const id = /** @type {string} */ (state.selected?.id);
  const isSite = state.content.question.sites?.includes(id);
  const site = isSite ? siteCard(id, state, evaluation, store, acts) : nothing;
  const village = state.places.has(id) || !isSite ? villageCard(id, state, evaluation, store, acts) : nothing;
  return isSite && state.selected?.kind === "site" ? site : html`${village}${site}`;
}
