// The card of a site: who comes, how full it is; it is moved, closed, kept, required or excluded from here.
import { createCombobox } from "../../../core/combobox.js";
import { html, nothing } from "../../../core/html.js";
import { peopleLabel } from "../../../told/labels.js";
import { formatMinutes, formatNumber, formatPeople, text } from "../../../core/text.js";
import { foundWords, hitRow, searchCandidates } from "../../found.js";
import { frameOf } from "../../frame.js";
import { sitePicture } from "../../map/sites.js";
import { numberOf } from "../../numbers.js";
import { goOnInCard } from "./focus.js";
import { statusButtons } from "./statuses.js";
import { whyBox } from "./why.js";

/** @import { Evaluation } from "../../../core/evaluate.js" */
/** @import { SiteTold } from "../../frame.js" */
/** @import { Acts } from "../../page.js" */
/** @import { Ground, PlanStore, State } from "../../state.js" */

/**
 * @param {string} id
 * @param {State} state
 * @param {Evaluation} evaluation
 * @param {PlanStore} store
 * @param {Acts} acts
 */
export function siteCard(id, state, evaluation, store, acts) {
  const ground = /** @type {Ground} */ (state.ground);
  const site = ground.byId.get(id);
  if (!site) return nothing;
  const { sites, provisional } = frameOf(state, evaluation);
  const number = numberOf(state, id) ?? 0;
  const isMoving = state.tool.kind === "move" && state.tool.from === id;
  const move = () => store.dispatch({ type: "show", part: "map", tool: isMoving ? { kind: "look" } : { kind: "move", from: id } });
  const remove = () => store.dispatch({ type: "site-removed", id, selected: null });
  return html`<h3>${sitePicture(state.content.question.service, number)} ${site.name}</h3>
    <p class="kind">${[text("plan.card.site", { number }), site.township].filter(Boolean).join(" · ")}</p>
    ${figures(sites.get(id), state, provisional)}
    <div class="buttons"><button type="button" class="small strong" id="site-move" aria-pressed=${String(isMoving)} @click=${move}>${text("plan.card.move")}</button>
      <button type="button" class="small" id="site-remove" @click=${remove}>${text("plan.card.remove")}</button></div>
    <div class="move-to">${moveField(id, store, acts)}</div>
    ${statusButtons(id, state, store)}
    ${whyBox(id, state, store)}`;
}

/**
 * @param {SiteTold | undefined} told
 * @param {State} state
 * @param {boolean} provisional
 */
function figures(told, { content, ground }, provisional) {
  const { weights_basis, capacities } = /** @type {Ground} */ (ground).matrix.about;
  const [load, capacity] = [told?.load ?? 0, told?.capacity ?? 0];
  const over = load > capacity;
  return html`<dl class="terms"><dt>${text(peopleLabel({ service: content.question.service, weights_basis }))}</dt><dd>${formatPeople(told?.people ?? 0)}</dd>
    <dt>${text("page.card.mean")}</dt><dd>${told?.people ? formatMinutes(told.mean_s) : "–"}</dd><dt>${text("page.card.worst")}</dt><dd>${told?.people ? formatMinutes(told.worst_s) : "–"}</dd>
    ${capacities && told ? html`<dt>${text("plan.load")}</dt><dd class=${over ? "over" : ""}>${text("plan.load-of", { load: formatNumber(load), capacity: formatNumber(capacity) })}
      ${over ? html`<small>${text("plan.overloaded")}</small>` : nothing} ${provisional ? html`<em class="provisional">${text("plan.figures-provisional")}</em>` : nothing}</dd>` : nothing}</dl>`;
}

/** @type {{ id: string, field: HTMLElement } | null} */
let made = null;

/**
 * The keyboard's way to move a site: the village is typed.
 * @param {string} id
 * @param {PlanStore} store
 * @param {Acts} acts
 */
function moveField(id, store, acts) {
  if (made?.id === id) return made.field;
  const field = createCombobox({
    id: "move-to", label: text("plan.card.move-to"), placeholder: text("plan.card.move-to"), rowOf: hitRow, told: foundWords,
    find: async (words, signal) => {
      const { ground, content } = store.state;
      return ground ? searchCandidates(ground, content.question.sites ?? [], words, signal) : [];
    },
    onChoose: (hit) => {
      store.dispatch({ type: "site-moved", from: id, to: hit.id, tool: { kind: "look" }, selected: { kind: "site", id: hit.id } });
      acts.goTo(hit);
      goOnInCard(null);
    },
  });
  made = { id, field };
  return field;
}
