// What the sites on the page mean for people: figures that follow each move at once, and what the server confirms of them.
import { html, noChange, nothing } from "../../core/html.js";
import { text } from "../../core/text.js";
import { frameOf } from "../frame.js";
import { leftBehind } from "./figures/left_behind.js";
import { mainFigures } from "./figures/main.js";
import { moreFigures } from "./figures/more.js";
import { proofOf } from "./figures/proof.js";
import { selectedCard } from "./figures/selected.js";
import { roomsPart } from "./figures/rooms.js";
import { siteTable } from "./figures/sites.js";
import { studiesPart } from "./figures/studies.js";

/** @import { Acts } from "../page.js" */
/** @import { PlanStore, State } from "../state.js" */
/** @import { View } from "./all.js" */

let wasDragging = false;

/** @type {View} */
export function figuresView(state, evaluation, store, acts) {
  const isFollowing = wasDragging && state.dragging !== null;  // a further frame of a drag: only figures change
  wasDragging = state.dragging !== null;
  if (!evaluation || !state.ground) return html`<h2>${text("plan.figures")}</h2>${state.problem ? withoutFigures(state, store, acts) : html`<p class="note">${text("page.loading")}</p>`}`;
  const frame = frameOf(state, evaluation);
  return html`
    ${isFollowing ? noChange : selectedCard(state, evaluation, store, acts)}
    <h2>${text("plan.figures")}</h2>
    ${mainFigures(state, frame)}
    ${isFollowing ? noChange : proofOf(state, store, acts)}
    ${siteTable(state, frame, store, acts, isFollowing)}
    ${leftBehind(state, evaluation, store, acts)}
    ${isFollowing ? noChange : html`${roomsPart(state)}${studiesPart(state, store)}${moreFigures(state)}`}`;
}

/**
 * Without the travel times of the very build that the scenario is about there are no figures: others would not be its own.
 * @param {State} state
 * @param {PlanStore} store
 * @param {Acts} acts
 */
function withoutFigures({ problem, scenario }, store, acts) {
  const rebase = () => { store.dispatch({ type: "show", dialog: "rebase", told: {} }); acts.lookAtRebase(); };
  return html`<div id="no-figures" class="failure" role="alert"><p>${text("plan.no-figures")}</p><p>${problem?.message}</p>
    ${scenario?.stale ? html`<button type="button" @click=${rebase}>${text("plan.head.rebase")}</button>` : nothing}</div>`;
}
