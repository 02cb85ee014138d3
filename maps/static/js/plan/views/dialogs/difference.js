// What differs between two contents, in words: fields of the question before and after, edits added, removed, changed.
import { html, nothing } from "../../../core/html.js";
import { formatNumber, hasText, serviceName, text, textOfCode } from "../../../core/text.js";
import { placeName, sayingWords, targetWords } from "../choices/words.js";

/** @import { TemplateResult } from "../../../../vendor/lit-html/lit-html.js" */
/** @import { Edit } from "../../content.js" */
/** @import { State } from "../../state.js" */

/** Fields whose values are codes, and where their words are. */
const WORDS = /** @type {Record<string, string>} */ ({ model: "page.model", mode: "page.mode", base: "page.base" });

/**
 * @param {* | null} difference as the server tells it
 * @param {State} state
 * @returns {TemplateResult}
 */
export function differenceList(difference, state) {
  const fields = difference?.question ?? [];
  const edits = difference?.edits ?? [];
  if (!fields.length && !edits.length) return html`<p class="note">${text("plan.difference.none")}</p>`;
  return html`<ul class="difference">
    ${fields.map((/** @type {*} */ one) => html`<li><strong>${fieldName(one.field)}</strong>${field(one, state)}</li>`)}
    ${edits.map((/** @type {*} */ one) => html`<li><strong>${text(`plan.difference.${one.change}`)}</strong>${edit(one, state)}</li>`)}
  </ul>`;
}

/**
 * @param {{ field: string, before: *, after: * }} changed
 * @param {State} state
 */
function field({ field: name, before, after }, state) {
  if (name === "sites") return sites(before ?? [], after ?? [], state);
  return html`${fieldValue(name, before)} → ${fieldValue(name, after)}`;
}

/**
 * @param {string[]} before
 * @param {string[]} after
 * @param {State} state
 */
function sites(before, after, state) {
  const named = (/** @type {string[]} */ ids) => ids.map((id) => placeName(state, id)).join(text("page.comma"));
  const [gone, come] = [before.filter((id) => !after.includes(id)), after.filter((id) => !before.includes(id))];
  return html`${come.length ? text("plan.difference.with", { names: named(come) }) : nothing} ${gone.length ? text("plan.difference.without", { names: named(gone) }) : nothing}`;
}

/** @param {string} name */
function fieldName(name) {
  const key = [`plan.difference.field-${name}`, `page.form.${name}`, `page.conditions.${name}`].find(hasText);
  return key ? text(key) : name;
}

/**
 * @param {string} name
 * @param {*} value
 */
function fieldValue(name, value) {
  if (value === null || value === undefined) return text("plan.difference.not-said");
  if (name === "service") return serviceName(value);
  if (name in WORDS) return textOfCode(value, [WORDS[name]]);
  if (typeof value === "boolean") return text(value ? "plan.difference.yes" : "plan.difference.no");
  if (typeof value === "number") return formatNumber(value, Number.isInteger(value) ? 0 : 1);
  return typeof value === "string" ? value : text("plan.difference.several", { count: Object.keys(value).length });
}

/**
 * @param {{ before: Edit | null, after: Edit | null }} changed
 * @param {State} state
 */
function edit({ before, after }, state) {
  if (before && after) return html`${editWords(before, state)} → ${sayingWords(after)}`;
  return editWords(/** @type {Edit} */ (before ?? after), state);
}

/**
 * @param {Edit} edit
 * @param {State} state
 */
function editWords(edit, state) {
  return [text(`edit.op.${edit.op}`), targetWords(state, edit), sayingWords(edit)].filter(Boolean).join(" ");
}
