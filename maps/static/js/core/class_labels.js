// What the classes of a choropleth are called in its legend.
import { formatNumber, text } from "./text.js";

/**
 * @param {{ breaks: readonly number[] }} scale
 * @returns {string[]} a label for each class
 */
export function classLabels({ breaks }) {
  if (!breaks.length) return [text("page.legend.all")];
  const shown = breaks.map((limit) => formatNumber(limit));
  const between = shown.slice(1).map((limit, k) => text("page.legend.between", { low: shown[k], high: limit }));
  return [text("page.legend.up-to", { high: shown[0] }), ...between, text("page.legend.above", { low: shown[shown.length - 1] })];
}
