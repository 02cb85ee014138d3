// Cases in words: what they are about, where they stand, how much time is left.
import { formatNumber, page, text, textOfCode } from "../core/text.js";

/** @import { Case } from "./state.js" */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** @typedef {"none" | "calm" | "soon" | "late"} Tone of a deadline */

/** @param {string} code */
export function categoryName(code) {
  return page.categories[code] ?? textOfCode(code, ["incident.category"]);
}

/** @param {string} state */
export function stateName(state) {
  return textOfCode(state, ["incident.state"]);
}

/** @param {string} move */
export function moveName(move) {
  return text(`incident.move.${move}`);
}

/** @param {Case} one */
export function placeName(one) {
  return [one.township_name, one.cell_name].filter(Boolean).join(" ") || text("page.incident.no-cell");
}

/** @param {Case} one */
export function personName(one) {
  return one.assignee_name || one.assignee || one.unit || (one.level ? textOfCode(one.level, ["incident.desk", "incident.level"]) : "");
}

/** @param {Case} one */
export function hasEnded({ state }) {
  return page.ended.includes(state);
}

/**
 * Until when something has to be done: the step that a case is in, or the whole case where that is due before.
 * @param {Case} one
 */
export function dueAt({ step_due_at: step, due_at: whole }) {
  return step && whole ? (Date.parse(step) < Date.parse(whole) ? step : whole) : step ?? whole;
}

/**
 * @param {Case} one
 * @param {number} now
 * @returns {Tone}
 */
export function toneOf(one, now) {
  const due = dueAt(one);
  if (!due || hasEnded(one) || one.state === "paused") return "none";
  if (Date.parse(due) <= now) return "late";
  return one.warn_at && Date.parse(one.warn_at) <= now ? "soon" : "calm";
}

/**
 * @param {Case} one
 * @param {number} now
 */
export function leftWords(one, now) {
  const due = dueAt(one);
  if (hasEnded(one) || one.state === "paused" || !due) return stateName(one.state);
  const left = Date.parse(due) - now;
  return text(left > 0 ? "cases.left" : "cases.over", { time: spanWords(Math.abs(left)) });
}

/** @param {number} milliseconds */
export function spanWords(milliseconds) {
  if (milliseconds >= 2 * DAY) return text("cases.days", { count: Math.floor(milliseconds / DAY) });
  if (milliseconds >= HOUR) return text("cases.hours", { hours: Math.floor(milliseconds / HOUR), minutes: Math.floor((milliseconds % HOUR) / MINUTE) });
  return text("cases.minutes", { minutes: Math.max(1, Math.floor(milliseconds / MINUTE)) });
}

/** @param {number} metres */
export function distanceWords(metres) {
  return metres < 1000 ? text("cases.metres", { metres: Math.round(metres / 10) * 10 }) : text("cases.kilometres", { km: formatNumber(metres / 1000, 1) });
}

/**
 * Straight across, in metres.
 * @param {{ lon: number, lat: number }} a
 * @param {{ lon: number, lat: number }} b
 */
export function metresBetween(a, b) {
  const rad = Math.PI / 180;
  const y = (b.lat - a.lat) * rad;
  const x = (b.lon - a.lon) * rad * Math.cos(((a.lat + b.lat) / 2) * rad);
  return 6_371_009 * Math.hypot(x, y);
}
