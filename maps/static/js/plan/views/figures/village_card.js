// The card of a village: who lives there, where they go, by which way, and a site there if wanted.
import { html, nothing } from "../../../core/html.js";
import { isReconstructed } from "../../../told/county.js";
import { formatMinutes, formatNumber, formatPeople, text, textOfCode } from "../../../core/text.js";
import { goingOf, reachOf } from "../../frame.js";
import { numberOf } from "../../numbers.js";
import { peopleOf } from "../../village_rows.js";
import { statusButtons } from "./statuses.js";

/** @import { Evaluation } from "../../../core/evaluate.js" */
/** @import { Acts } from "../../page.js" */
/** @import { Ground, Place, PlanStore, State } from "../../state.js" */

/**
 * @param {string} id
 * @param {State} state
 * @param {Evaluation} evaluation
 * @param {PlanStore} store
 * @param {Acts} acts
 */
export function villageCard(id, state, evaluation, store, acts) {
  const ground = /** @type {Ground} */ (state.ground);
  const place = state.places.get(id);
  const at = place ?? ground.byId.get(id);
  if (!at) return nothing;
  const isSite = state.content.question.sites?.includes(id);
  const canStand = ground.byId.has(id) && !isSite;
  const where = [at.township, place?.community].filter(Boolean).join(" · ");
  const add = () => store.dispatch({ type: "site-added", id, selected: { kind: "site", id } });
  return html`<h3>${at.name} <small>${id}</small></h3><p class="kind">${where || text("plan.card.candidate")}</p>
    ${place ? html`<dl class="terms">${people(place, ground)}${goes(id, state, evaluation, store, acts)}</dl>` : nothing}
    <div class="buttons">${canStand ? html`<button type="button" class="small strong" id="site-here" @click=${add}>${text("plan.card.site-here")}</button>` : nothing}</div>
    ${ground.byId.has(id) ? statusButtons(id, state, store) : nothing}`;
}

/**
 * @param {Place} place
 * @param {Ground} ground
 */
function people(place, ground) {
  const { about } = ground.matrix;
  const row = ground.rows.get(place.id);
  const all = peopleOf(place, ground);
  const counted = row === undefined ? null : about.weights[row];
  const base = about.base === "registered" && place.registered !== null ? "registered" : place.resident === null ? "registered" : "resident";
  return html`<dt>${text(`page.base.${base}`)}</dt><dd>${formatPeople(all)} ${mark(place, base)}</dd>
    ${place.elders === null ? nothing : html`<dt>${text("page.popup.elders")}</dt><dd>${formatPeople(place.elders)} ${mark(place, "age_60_plus")}</dd>`}
    ${counted === null || counted === all || counted === place.elders ? nothing : html`<dt title=${textOfCode(about.weights_basis, ["planning.weights", "page.base"])}>${text("plan.table.counted")}</dt><dd>${formatPeople(counted)}</dd>`}`;
}

/**
 * @param {Place} place
 * @param {string} field
 */
function mark({ layer }, field) {
  return isReconstructed(layer, /** @type {*} */ (field)) ? html`<span class="mark" title=${text("page.reconstructed.mark-long")}>${text("page.reconstructed.mark")}</span>` : nothing;
}

/**
 * @param {string} id
 * @param {State} state
 * @param {Evaluation} evaluation
 * @param {PlanStore} store
 * @param {Acts} acts
 */
function goes(id, state, evaluation, store, acts) {
  const ground = /** @type {Ground} */ (state.ground);
  const row = ground.rows.get(id);
  if (row === undefined) return nothing;
  const going = goingOf(state, evaluation);
  const seconds = going.secondsOf(row);
  const site = ground.byId.get(going.siteOf(row) ?? "");
  const isBeyond = seconds === null || seconds > reachOf(state);
  const go = () => { if (site) { store.dispatch({ type: "show", selected: { kind: "site", id: site.id } }); acts.goTo(site); } };
  return html`<dt>${text("plan.card.to-site")}</dt><dd class=${isBeyond ? "over" : ""}>${formatMinutes(seconds)}${isBeyond ? html` <small>${text("plan.card.beyond")}</small>` : nothing}</dd>
    ${site ? html`<dt>${text("plan.table.site")}</dt><dd><button type="button" class="link" @click=${go}>${text("plan.table.site-of", { number: numberOf(state, site.id) ?? "", name: site.name })}</button></dd>` : nothing}
    ${state.office?.has(id) ? html`<dt>${text("page.popup.to-township")}</dt><dd>${formatMinutes(state.office.get(id))}</dd>` : nothing}
    ${state.way?.metres ? html`<dt>${text("plan.card.way")}</dt><dd id="way">${text("plan.card.km", { km: formatNumber(state.way.metres / 1000, 1) })}${state.way.on_foot ? text("plan.card.on-foot") : ""}</dd>` : nothing}`;
}
