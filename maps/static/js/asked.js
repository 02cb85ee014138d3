// The constraints under which a plan was made, as rows of its card.
import { formatNumber, text } from "./text.js";

const FIGURES = ["every_township", "separation_km", "max_minutes", "capacity", "budget_yuan", "opening_yuan", "closing_yuan",
  "included", "extension_yuan"];

export function askedRows({ conditions, service }, nameOf) {
  if (!conditions) return [];
  const nameOfFigure = (name) => text(`page.conditions.${name === "capacity" && service === "elder-centre" ? "beds" : name}`);
  const figures = FIGURES.filter((name) => conditions[name] !== null && conditions[name] !== undefined)
    .map((name) => [nameOfFigure(name), formatNumber(conditions[name], conditions[name] % 1 ? 1 : 0)]);
  const limits = (conditions.townships || []).map(({ township, least, most }) =>
    [township, text("page.legend.between", { low: formatNumber(least), high: most === null ? "∞" : formatNumber(most) })]);
  return [...figures, ...limits, ...statusRows(conditions.status || [], nameOf)];
}

function statusRows(pairs, nameOf) {
  const places = new Map();
  for (const [id, status] of pairs) places.set(status, [...(places.get(status) || []), nameOf(id)]);
  return [...places].map(([status, names]) => [text(`page.status.${status}`), names.join(text("page.comma"))]);
}
