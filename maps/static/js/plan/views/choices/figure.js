// One field of the question: what it is called, what counts where it is left empty, and what is wrong with it.
import { html, nothing } from "../../../core/html.js";
import { formatNumber, page, text, textOfCode } from "../../../core/text.js";
import { ask, askFigure, unreadIn } from "./asking.js";
import { faultsAt } from "./faults.js";
import { isUsed, nameOf, neededBy } from "./question.js";

/** @import { TemplateResult } from "../../../../vendor/lit-html/lit-html.js" */
/** @import { Asking } from "./asking.js" */

/** Where nothing is asked and the service wants nothing either. */
const WITHOUT = new Map([["capacity", "plan.ask.not-counted"], ["p", "plan.ask.found"], ["budget_yuan", "plan.ask.needed-short"], ["upper_p", "plan.ask.as-above"]]);

/**
 * @param {Asking} asking
 * @param {string} name of a field of figures
 * @returns {TemplateResult}
 */
export function figureField(asking, name) {
  const { shown, model, usual, store } = asking;
  const used = isUsed(name, model, shown) && !(name === "capacity" && shown.unlimited);
  const { kind, least, most } = page.fields[name];
  const needed = neededBy(model, usual.name).includes(name);
  const basis = basisOf(asking, name);
  return html`<label class=${used ? "field" : "field off"} title=${basis ?? nothing}><span>${nameOf(name, usual.name)}</span><input id=${name} type="number" inputmode=${kind === "whole" ? "numeric" : "decimal"}
    min=${least ?? 0} max=${most ?? nothing} step=${kind === "whole" ? 1 : "any"} ?disabled=${!used} aria-required=${String(needed)}
    .value=${used ? String(shown[name] ?? "") : ""} placeholder=${usualWords(asking, name, used)}
    aria-invalid=${told(asking, name).length ? "true" : nothing} aria-describedby=${told(asking, name).length ? `problem-${name}` : nothing}
    @change=${(/** @type {*} */ event) => askFigure(store, name, event.target)}>${faultNote(asking, name)}</label>`;
}

/**
 * @param {Asking} asking
 * @param {string} name of a field that is a choice
 * @param {[value: string, words: string][]} options
 * @returns {TemplateResult}
 */
export function choiceField(asking, name, options) {
  const { shown, usual, store } = asking;
  const chosen = shown[name] ?? usual.defaults[name];
  const choose = (/** @type {*} */ event) => ask(store, { [name]: event.target.value === usual.defaults[name] ? null : event.target.value });
  return html`<label class="field" title=${basisOf(asking, name) ?? nothing}><span>${nameOf(name, usual.name)}</span><select id=${name} @change=${choose} .value=${chosen}>
    ${options.map(([value, words]) => html`<option value=${value} ?selected=${value === chosen}>${value === usual.defaults[name] ? text("plan.ask.usual-choice", { words }) : words}</option>`)}
  </select>${faultNote(asking, name)}</label>`;
}

/**
 * @param {Asking} asking
 * @param {string} name of a field that is yes or no
 * @param {(checked: boolean) => Record<string, *>} fieldsOf
 * @returns {TemplateResult}
 */
export function tickField({ shown, usual, store }, name, fieldsOf) {
  return html`<label class="tick"><input id=${name} type="checkbox" .checked=${Boolean(shown[name])}
    @change=${(/** @type {*} */ event) => ask(store, fieldsOf(event.target.checked))}> ${nameOf(name, usual.name)}</label>`;
}

/**
 * @param {Asking} asking
 * @param {string} name
 */
export function faultNote(asking, name) {
  const words = told(asking, name);
  return words.length ? html`<small id=${`problem-${name}`} class="problem">${words.join(text("page.error.join"))}</small>` : nothing;
}

/**
 * What is wrong with a field: what stands in it cannot be read, or was refused.
 * @param {Asking} asking
 * @param {string} name
 * @returns {string[]}
 */
export function told(asking, name) {
  const unread = unreadIn(asking)[name];
  if (unread) return [unread];
  const waits = asking.draft && asking.missing.includes(name);
  return [...(waits ? [text("plan.ask.needed")] : []), ...faultsAt(asking.state.problem, name)];
}

/**
 * Where the default of a field comes from.
 * @param {Asking} asking
 * @param {string} name
 * @returns {string | null}
 */
export function basisOf({ usual }, name) {
  const code = usual.bases?.[name];
  return code ? textOfCode(code, ["planning.basis"]) : null;
}

/**
 * @param {Asking} asking
 * @param {string} name
 * @param {boolean} used
 */
function usualWords({ usual, shown, model }, name, used) {
  const value = usual.defaults[name] ?? null;
  if (name === "capacity" && (shown.unlimited || (!used && !model.counts_capacity))) return text(shown.unlimited ? "plan.ask.unlimited" : "plan.ask.not-counted");
  if (name === "p" && !model.needs.includes("p")) return text("plan.ask.found");
  if (!used) return text("plan.ask.not-used");
  if (value !== null) return text("plan.ask.usual", { value: formatNumber(value) });
  if (neededBy(model, usual.name).includes(name) && name !== "upper_p") return text("plan.ask.needed-short");
  return text(WITHOUT.get(name) ?? "plan.ask.unlimited");
}
