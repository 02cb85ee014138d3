// The constraints under which a plan was made, as rows of its card.
import { formatNumber, page, text } from "./text.js";

const FIGURES = ["every_township", "separation_km", "max_minutes", "capacity", "budget_yuan"];
const COSTS = ["opening_yuan", "closing_yuan"];
const EXTENSION = ["included", "extension_yuan"];

export function askedRows({ conditions, service }, nameOf) {
  if (!conditions) return [];
  const nameOfFigure = (name) => text(`page.conditions.${name === "capacity" && service === "elder-centre" ? "beds" : name}`);
  const figures = Object.entries(figuresOf(conditions, service)).filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => [nameOfFigure(name), formatNumber(value, value % 1 ? 1 : 0)]);
  const limits = (conditions.townships || []).map(({ township, least, most }) =>
    [township, text("page.legend.between", { low: formatNumber(least), high: most === null ? "∞" : formatNumber(most) })]);
  return [...figures, ...limits, ...statusRows(conditions.status || [], nameOf)];
}

// Costs are told where money is part of the question, the service's own ones too; elsewhere only what was asked for.
function figuresOf(conditions, service) {
  const usual = page.services?.find(({ name }) => name === service)?.defaults || {};
  const spent = conditions.budget_yuan !== null && conditions.budget_yuan !== undefined;
  const costs = [...COSTS, ...(conditions.capacity === null || conditions.capacity === undefined ? [] : EXTENSION)];
  const cost = (name) => (spent ? conditions[name] ?? usual[name] : conditions[name] === usual[name] ? null : conditions[name]);
  return Object.fromEntries([...FIGURES.map((name) => [name, conditions[name]]), ...costs.map((name) => [name, cost(name)])]);
}

function statusRows(pairs, nameOf) {
  const places = new Map();
  for (const [id, status] of pairs) places.set(status, [...(places.get(status) || []), nameOf(id)]);
  return [...places].map(([status, names]) => [text(`page.status.${status}`), names.join(text("page.comma"))]);
}
