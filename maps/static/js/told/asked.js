// The constraints under which a plan was made, as rows of its card.
import { capacityWords } from "./labels.js";
import { formatNumber, serviceOf, text } from "../core/text.js";

const FIGURES = ["every_township", "separation_km", "max_minutes", "capacity", "budget_yuan", "hour_yuan", "trips"];
const COSTS = ["opening_yuan", "closing_yuan"];
const EXTENSION = ["included", "extension_yuan"];

/**
 * @param {*} plan
 * @param {(id: string) => string} nameOf of a place
 * @returns {string[][]}
 */
export function askedRows({ conditions, service }, nameOf) {
  if (!conditions) return [];
  const nameOfFigure = (/** @type {string} */ name) => text(name === "capacity" ? capacityWords(serviceOf(service) || {}) : `page.conditions.${name}`);
  const figures = Object.entries(figuresOf(conditions, service)).flatMap(([name, value]) =>
    (value === null || value === undefined ? [] : [[nameOfFigure(name), formatNumber(value, value % 1 ? 1 : 0)]]));
  const limits = (conditions.townships || []).map((/** @type {*} */ { township, least, most }) =>
    [township, text("page.legend.between", { low: formatNumber(least), high: most === null ? "∞" : formatNumber(most) })]);
  return [...figures, ...limits, ...statusRows(conditions.status || [], nameOf)];
}

/**
 * Costs are told where money is part of the question, the service's own ones too; elsewhere only what was asked for.
 * @param {*} conditions
 * @param {string} service
 * @returns {Record<string, number | null | undefined>}
 */
function figuresOf(conditions, service) {
  const usual = serviceOf(service)?.defaults || {};
  const spent = [conditions.budget_yuan, conditions.hour_yuan].some((asked) => asked !== null && asked !== undefined);
  const costs = [...COSTS, ...(conditions.capacity === null || conditions.capacity === undefined ? [] : EXTENSION)];
  const cost = (/** @type {string} */ name) => (spent ? conditions[name] ?? usual[name] : conditions[name] === usual[name] ? null : conditions[name]);
  return Object.fromEntries([...FIGURES.map((name) => [name, conditions[name]]), ...costs.map((name) => [name, cost(name)])]);
}

/**
 * @param {[string, string][]} pairs
 * @param {(id: string) => string} nameOf
 */
function statusRows(pairs, nameOf) {
  /** @type {Map<string, string[]>} */
  const places = new Map();
  for (const [id, status] of pairs) places.set(status, [...(places.get(status) || []), nameOf(id)]);
  return [...places].map(([status, names]) => [text(`page.status.${status}`), names.join(text("page.comma"))]);
}
