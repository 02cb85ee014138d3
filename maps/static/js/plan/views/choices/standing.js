// What stands today: one button keeps all of it and asks for so many more.
import { html, nothing } from "../../../core/html.js";
import { formatNumber, page, text } from "../../../core/text.js";
import { statusOf } from "../../content.js";
import { showForm, typedIn } from "./asking.js";
import { faultOf } from "./question.js";

/** @import { Asking } from "./asking.js" */
/** @import { State } from "../../state.js" */

const MORE = 2;  // where nobody has said how many

/** @param {Asking} asking */
export function standingPart(asking) {
  const { state, model } = asking;
  const ids = standingIn(state);
  if (!ids.length) return nothing;
  const count = formatNumber(ids.length);
  const kept = ids.every((id) => statusOf(state.content, id) === "existing");
  return html`<fieldset class="today"><legend>${text("plan.keep.title", { count })}</legend>
    ${model.needs.includes("p") ? withMore(asking, ids, kept) : html`<button type="button" id="keep-standing" class="plain" ?disabled=${kept} @click=${() => keep(asking, ids, null)}>${text("plan.keep.all", { count })}</button>`}
    ${kept ? html`<p class="kept" role="status">✓ ${text("plan.keep.kept", { count })} <button type="button" class="link" id="keep-none" @click=${() => letGo(asking, ids)}>${text("plan.keep.let-go")}</button></p>` : nothing}
  </fieldset>`;
}

/**
 * @param {Asking} asking
 * @param {string[]} ids
 * @param {boolean} kept
 */
function withMore(asking, ids, kept) {
  const { state, shown } = asking;
  const more = moreAsked(asking, ids, kept);
  const step = (/** @type {number} */ by) => () => setMore(asking, ids, kept, more + by);
  const count = formatNumber(ids.length);
  return html`<div class="stepper"><label for="keep-more">${text("plan.keep.more")}</label>
    <button type="button" aria-label=${text("plan.keep.one-less")} ?disabled=${more <= 0} @click=${step(-1)}>−</button><input id="keep-more" type="number" min="0" max=${page.fields.p.most} step="1" inputmode="numeric" .value=${String(more)}
      aria-invalid=${state.form.badMore ? "true" : nothing} @change=${(/** @type {*} */ event) => typed(asking, ids, kept, event.target)}><button type="button" aria-label=${text("plan.keep.one-more")} @click=${step(1)}>+</button>
    <span>${text("plan.keep.sites")}</span></div>
    ${state.form.badMore ? html`<small class="problem">${state.form.badMore}</small>` : nothing}
    ${kept && shown.p === allOf(asking, ids, more) ? nothing : html`<button type="button" id="keep-standing" class="plain" @click=${() => keep(asking, ids, more)}>${text("plan.keep.button", { count, more: formatNumber(more), sum: formatNumber(allOf(asking, ids, more)) })}</button>`}`;
}

/**
 * The facilities of the service that stand, less those that somebody has closed or excluded.
 * @param {State} state
 * @returns {string[]}
 */
function standingIn({ ground, content }) {
  const facilities = ground?.candidates.filter(({ origin }) => origin === "facility") ?? [];
  return facilities.map(({ id }) => id).filter((id) => statusOf(content, id) !== "excluded");
}

// Sites of adopted schemes, and villages that somebody says are sites already, are kept anyway.
/**
 * @param {Asking} asking
 * @param {string[]} ids
 */
function keptBeside({ state }, ids) {
  const adopted = (state.ground?.matrix.about.statuses ?? []).filter(([, status]) => status === "existing").map(([row]) => state.ground?.candidates[row].id ?? "");
  const said = state.content.edits.filter(({ op, status }) => op === "site-status" && status === "existing").map(({ target }) => target ?? "");
  return new Set([...adopted, ...said].filter((id) => !ids.includes(id))).size;
}

/**
 * @param {Asking} asking
 * @param {string[]} ids
 * @param {number} more
 */
function allOf(asking, ids, more) {
  return ids.length + keptBeside(asking, ids) + more;
}

/**
 * @param {Asking} asking
 * @param {string[]} ids
 * @param {boolean} kept
 */
function moreAsked(asking, ids, kept) {
  const { shown, state } = asking;
  const asked = kept && shown.p ? shown.p - allOf(asking, ids, 0) : null;
  return asked !== null && asked >= 0 ? asked : state.form.more ?? MORE;
}

/**
 * @param {Asking} asking
 * @param {string[]} ids
 * @param {boolean} kept
 * @param {HTMLInputElement} input
 */
function typed(asking, ids, kept, input) {
  const words = faultOf({ ...page.fields.p, least: 0 }, typedIn(input), true);
  showForm(asking.store, { badMore: words });
  if (words === null) setMore(asking, ids, kept, Number(input.value));
}

/**
 * @param {Asking} asking
 * @param {string[]} ids
 * @param {boolean} kept
 * @param {number} more
 */
function setMore(asking, ids, kept, more) {
  showForm(asking.store, { more, badMore: null });
  if (kept) keep(asking, ids, more);
}

/**
 * @param {Asking} asking
 * @param {string[]} ids
 * @param {number | null} more null: the model finds the number
 */
function keep(asking, ids, more) {
  const { store } = asking;
  if (more === null) store.dispatch({ type: "status", ids, status: "existing" });
  else store.dispatch({ type: "kept-standing", ids, more: more + keptBeside(asking, ids) });
}

/**
 * @param {Asking} asking
 * @param {string[]} ids
 */
function letGo({ store }, ids) {
  store.dispatch({ type: "status", ids, status: null });
}
