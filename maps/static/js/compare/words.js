// Figures of the comparison in words: each measure in its unit, differences with their sign.
import { formatNumber, formatShare, minutesFigure, text } from "../core/text.js";

/** @import { Measure, Scheme, Spread } from "./state.js" */

const MINUS = "−";

/** @param {number} seconds */
export function signedMinutes(seconds) {
  return text("page.minutes", { minutes: `${signOf(seconds)}${minutesFigure(Math.abs(seconds))}` });
}

/**
 * A figure of a measure without its unit, which stands at the measure's name.
 * @param {Measure} measure
 * @param {number | undefined} value
 */
export function figureOf({ unit }, value) {
  if (value === undefined || value === null) return "–";
  if (unit === "seconds") return minutesFigure(value);
  if (unit === "ratio") return formatNumber(value, 3);
  if (unit === "yuan") return formatNumber(value / 10_000, 1);
  return formatNumber(value, unit === "per-1000-people" ? 2 : 0);
}

/**
 * @param {Measure} measure
 * @param {number | undefined} value
 */
export function signedFigure(measure, value) {
  return value === undefined ? "" : value === 0 ? "0" : `${signOf(value)}${figureOf(measure, Math.abs(value))}`;
}

/**
 * From where to where nine of ten futures lie, "" where there is no such figure.
 * @param {Spread | undefined} spread
 * @param {(value: number) => string} told
 */
export function rangeOf(spread, told) {
  if (!spread || spread.p5 === null || spread.p95 === null) return "";
  return text("comparing.futures.range", { low: told(spread.p5), high: told(spread.p95) });
}

/**
 * So many of 100, to a tenth, rounded down: 99.97 is not everybody.
 * @param {number | null | undefined} value
 */
export function percentFigure(value) {
  return value === null || value === undefined ? "–" : formatNumber(Math.floor(10 * value + 1e-9) / 10, 1);
}

/** @param {Measure} measure */
export function unitOf({ unit }) {
  return text(`comparing.unit.${unit}`);
}

/**
 * People beside what share of everyone they are.
 * @param {Measure} measure
 * @param {Scheme} scheme
 * @param {number | undefined} value
 */
export function shareOf({ unit, code }, { measures }, value) {
  return unit === "people" && code !== "people_total" && value !== undefined ? formatShare(value, measures.people_total) : "";
}

/** @param {Scheme} scheme */
export function schemeTitle({ key, name }) {
  return key === "0" ? name : `${key} ${name}`;
}

/** @param {number} yuan */
export function formatWan(yuan) {
  return text("comparing.wan", { amount: formatNumber(yuan / 10_000, 1) });
}

/** @param {number} value */
function signOf(value) {
  return value > 0 ? "+" : value < 0 ? MINUS : "";
}
