// What a question may say: which fields its model uses and needs, and what is wrong with a figure. Nothing here draws.
import { capacityWords } from "../../../told/labels.js";
import { formatNumber, page, serviceOf, text } from "../../../core/text.js";

/** @import { Question } from "../../content.js" */

/** @typedef {{ name: string, needs: string[], takes: string[], counts_capacity: boolean, counts_yuan: boolean }} Model */

/**
 * A model that is being chosen and still lacks something, with what was filled in for it so far.
 * @typedef {{ name: string, service: string, instead: string | null, fields: Record<string, *> }} Draft
 */

/** @typedef {{ kind: string, least: number | null, most: number | null, above: number | null }} Field as planning/scenario/field.py has it */

/** Fields that only some models use; all models use the others. */
const BY_MODEL = ["p", "upper_p", "budget_yuan", "hour_yuan", "trips", "split"];
const OF_MONEY = ["opening_yuan", "closing_yuan"];
const OF_EXTENSION = ["included", "extension_yuan"];
const OF_CAPACITY = ["capacity", "unlimited"];
const LIMITED = [...BY_MODEL, ...OF_MONEY, ...OF_EXTENSION, ...OF_CAPACITY];
/** What a model calls its options, where the question has another name. */
const MODELLED = new Map(Object.entries(page.fields).flatMap(([name, { modelled }]) => (modelled ? [[modelled, name]] : [])));
/** Needed, and known from the service of the tier above where it is not asked for. */
const KNOWN_ABOVE = ["upper_p"];

/**
 * @param {Question} question
 * @param {Record<string, *>} form
 * @returns {Draft | null}
 */
export function draftOf(question, { model }) {
  return model && model.service === question.service && model.instead === (question.model ?? null) ? model : null;
}

/**
 * @param {Question} question
 * @param {Draft | null} draft
 * @returns {Model}
 */
export function modelOf(question, draft) {
  const { models, defaults } = serviceOf(question.service);
  const name = draft?.name ?? question.model ?? defaults.model;
  return models.find((/** @type {Model} */ one) => one.name === name) ?? models[0];
}

/**
 * @param {string} name
 * @param {Model} model
 * @param {Question} question
 */
export function isUsed(name, model, question) {
  const counted = question.capacity ?? serviceOf(question.service).defaults.capacity;
  if (BY_MODEL.includes(name)) return knows(model, name);
  if (OF_MONEY.includes(name)) return model.counts_yuan;
  if (OF_CAPACITY.includes(name)) return model.counts_capacity;
  return !OF_EXTENSION.includes(name) || (model.counts_yuan && model.counts_capacity && counted !== null && !question.unlimited);
}

/**
 * Fields that a model cannot do without.
 * @param {Model} model
 * @param {string} service
 * @returns {string[]}
 */
export function neededBy(model, service) {
  const { defaults, bases } = serviceOf(service);
  const named = model.needs.map((need) => MODELLED.get(need) ?? need).filter((name) => name in page.fields);
  const priced = defaults.opening_yuan > 0 || bases?.opening_yuan;
  return (named.includes("budget_yuan") || knows(model, "hour_yuan")) && !priced ? [...named, "opening_yuan"] : named;
}

/**
 * Those of them that nobody says: neither the question nor the service.
 * @param {Model} model
 * @param {Question} question
 */
export function missingFrom(model, question) {
  const { defaults } = serviceOf(question.service);
  const said = (/** @type {string} */ name) => question[name] ?? defaults[name] ?? null;
  return neededBy(model, question.service).filter((name) => said(name) === null && !KNOWN_ABOVE.includes(name));
}

/**
 * What a question changes when it is asked of another model: what that cannot use goes out.
 * @param {Question} question
 * @param {Model} model
 * @returns {Record<string, *>}
 */
export function fieldsFor(question, model) {
  const unused = LIMITED.filter((name) => name in question && !isUsed(name, model, question));
  const { defaults } = serviceOf(question.service);
  return { model: model.name === defaults.model ? null : model.name, ...Object.fromEntries(unused.map((name) => [name, null])) };
}

/**
 * What is wrong with what stands in a field of figures; null if nothing is.
 * @param {Field} field
 * @param {{ value: string, badInput: boolean }} typed
 * @param {boolean} [needed] whether it may not be empty
 * @returns {string | null}
 */
export function faultOf(field, { value, badInput }, needed = false) {
  if (badInput) return text("plan.ask.not-a-number");
  if (value.trim() === "") return needed ? text("plan.ask.needed") : null;
  const { kind, least, most, above } = field;
  const figure = Number(value);
  const fits = Number.isFinite(figure) && (kind !== "whole" || Number.isInteger(figure)) && (least === null || figure >= least)
    && (above === null || figure > above) && (most === null || figure <= most);
  return fits ? null : boundsWords(field);
}

/** @param {Field} field */
function boundsWords({ kind, least, most, above }) {
  const whole = kind === "whole" ? "whole" : "number";
  const params = { least: formatNumber(least ?? above ?? 0), most: formatNumber(most ?? 0) };
  return text(`plan.ask.${above === null ? "from" : "above"}-${whole}`, params);
}

/**
 * What a field is called.
 * @param {string} name
 * @param {string} service
 */
export function nameOf(name, service) {
  if (name === "capacity") return text(capacityWords(serviceOf(service)));
  if (name === "limit_minutes") return text("page.form.limit");
  return text(["service", "model", "p", "upper_p", "mode", "base"].includes(name) ? `page.form.${name}` : `page.conditions.${name}`);
}

/**
 * @param {Model} model
 * @param {string} name
 */
function knows({ needs, takes }, name) {
  return needs.includes(name) || takes.includes(name);
}
