// What is asked: service, model, figures and conditions; what is changed about the county; and the button that solves.
import { html, nothing } from "../../core/html.js";
import { formatNumber, page, text } from "../../core/text.js";
import { askingOf, chooseModel, showForm } from "./choices/asking.js";
import { changesPart } from "./choices/changes.js";
import { basisOf, choiceField, figureField, tickField } from "./choices/figure.js";
import { isUsed, nameOf, neededBy } from "./choices/question.js";
import { roomsChoice } from "./choices/rooms.js";
import { solveAsked, solvePart } from "./choices/solving.js";
import { standingPart } from "./choices/standing.js";
import { townshipLimits } from "./choices/townships.js";

/** @import { Acts } from "../page.js" */
/** @import { Asking } from "./choices/asking.js" */
/** @import { View } from "./all.js" */

/** Conditions that are folded away; a model that needs one has it in sight. */
const FOLDED = ["max_minutes", "separation_km", "every_township", "capacity"];
const MONEY = ["budget_yuan", "hour_yuan", "trips", "opening_yuan", "closing_yuan", "included", "extension_yuan"];
const TICKS = ["unlimited", "split"];
const WITH_BASIS = ["model", "p", "limit_minutes", "mode", "capacity", "hour_yuan", "trips", "opening_yuan", "extension_yuan"];

/** @type {View} */
export function choicesView(state, _evaluation, store, acts) {
  const asking = askingOf(state, store);
  const submit = (/** @type {Event} */ event) => { event.preventDefault(); solveAsked(askingOf(store.state, store), acts); };
  return html`
    <h2>${text("plan.choices")}</h2>
    <form id="question" novalidate @submit=${submit}>
      ${serviceField(asking, acts)}
      ${modelField(asking)}
      ${usualFields(asking)}
      ${standingPart(asking)}
      ${moreConditions(asking)}
      ${roomsChoice(asking)}
      ${defaultsPart(asking)}
    </form>
    ${changesPart(asking, acts)}
    ${solvePart(asking, acts)}`;
}

/**
 * @param {Asking} asking
 * @param {Acts} acts
 */
function serviceField({ usual, store, state }, acts) {
  const choose = async (/** @type {*} */ event) => {
    const { target } = event;
    showForm(store, { model: null, unread: {}, taken: null });
    await acts.chooseService(target.value);
    target.value = store.state.content.question.service;  // as it was, where that failed
  };
  return html`<label class="field"><span>${text("page.form.service")}</span><select id="service" ?disabled=${state.run !== null} .value=${usual.name} @change=${choose}>
    ${page.services.map((/** @type {*} */ one) => html`<option value=${one.name} ?selected=${one.name === usual.name}>${one.label}</option>`)}
  </select></label>`;
}

/** @param {Asking} asking */
function modelField({ usual, model, store, state }) {
  const taken = state.form.taken;
  const isOfNow = taken?.fields.length && taken.of === (state.content.question.model ?? null);
  return html`<label class="field"><span>${text("page.form.model")}</span><select id="model" aria-describedby="model-words" .value=${model.name} @change=${(/** @type {*} */ event) => chooseModel(store, event.target.value)}>
    ${usual.models.map((/** @type {*} */ one) => html`<option value=${one.name} ?selected=${one.name === model.name}>${text(`page.model.${one.name}`)}</option>`)}
  </select></label>
  <p id="model-words" class="note">${text(`page.about-model.${model.name}`)}</p>
  ${isOfNow ? html`<p class="note" role="status">${text("plan.ask.taken-out", { fields: taken.fields.map((/** @type {string} */ name) => nameOf(name, usual.name)).join(text("page.comma")) })}</p>` : nothing}`;
}

/** @param {Asking} asking */
function usualFields(asking) {
  const { model, usual, shown } = asking;
  const needed = neededBy(model, usual.name);
  const money = MONEY.filter((name) => isUsed(name, model, shown));
  return html`<div class="grid">
    ${figureField(asking, "p")}
    ${isUsed("upper_p", model, shown) ? figureField(asking, "upper_p") : nothing}
    ${figureField(asking, "limit_minutes")}
    ${choiceField(asking, "mode", page.modes.map((/** @type {string} */ one) => [one, text(`page.mode.${one}`)]))}
    ${choiceField(asking, "base", page.bases.map((/** @type {string} */ one) => [one, text(`page.base.${one}`)]))}
    ${needed.includes("capacity") ? figureField(asking, "capacity") : nothing}
    ${money.map((name) => figureField(asking, name))}
  </div>`;
}

/** @param {Asking} asking */
function moreConditions(asking) {
  const { shown, model, usual, state } = asking;
  const needed = neededBy(model, usual.name);
  const folded = FOLDED.filter((name) => !needed.includes(name));
  const ticks = TICKS.filter((name) => isUsed(name, model, shown) && (name !== "unlimited" || usual.defaults.capacity !== null));
  const count = [...folded, ...ticks].filter((name) => state.content.question[name] !== undefined).length + (shown.townships?.length ?? 0);
  return html`<details id="more-conditions"><summary>${text("plan.ask.more")} <b>${count ? text("plan.ask.set", { count: formatNumber(count) }) : text("page.conditions.none")}</b></summary>
    <div class="grid">${folded.map((name) => figureField(asking, name))}</div>
    ${ticks.map((name) => tickField(asking, name, (checked) => (name === "unlimited" && checked ? { unlimited: true, capacity: null } : { [name]: checked || null })))}
    ${townshipLimits(asking)}
  </details>`;
}

// Every default can be changed, and says where it comes from.
/** @param {Asking} asking */
function defaultsPart(asking) {
  const { usual } = asking;
  const rows = WITH_BASIS.filter((name) => basisOf(asking, name));
  if (!rows.length) return nothing;
  return html`<details id="defaults"><summary>${text("page.form.defaults")}</summary><dl class="terms">
    ${rows.map((name) => html`<dt>${nameOf(name, usual.name)}</dt><dd>${basisOf(asking, name)}</dd>`)}
    ${basisOf(asking, "group") ? html`<dt>${text("page.card.base")}</dt><dd>${basisOf(asking, "group")}</dd>` : nothing}
    ${basisOf(asking, "candidates") ? html`<dt>${text("page.card.candidates")}</dt><dd>${basisOf(asking, "candidates")}</dd>` : nothing}
  </dl></details>`;
}
