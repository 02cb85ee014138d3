// How good a plan is, in words: proven, on a solver's word, or how much better any plan could be at most.
import { element } from "../core/dom.js";
import { formatGap, formatNumber, hasText, hoursFigure, minutesFigure, text, textOfCode } from "../core/text.js";

const PROVEN = ["certificate", "enumerated"];
const LISTED = 12;  // places named in a reason; the rest are counted

/**
 * Only a certificate of our own or a full enumeration is called proven; the solver's word is called that.
 * @param {*} plan
 * @returns {{ level: "good" | "fair", words: string, more: string, detail?: string | null }}
 */
export function verdict(plan) {
  if (plan.status === "optimal" && PROVEN.includes(plan.proof)) {
    const key = `page.proof.${plan.proof}`;
    return { level: "good", words: text("page.card.proven"), more: text(key), detail: hasText(`${key}-more`) ? text(`${key}-more`) : null };
  }
  if (plan.status === "optimal") {
    return { level: "fair", words: text("page.card.solver-says"), more: solverWords(plan) };
  }
  if (plan.status === "as-placed") {
    const broken = (plan.broken || []).map((/** @type {*} */ one) => one.words).filter(Boolean).join(" · ");
    return { level: "fair", words: text("planning.placed.verdict"), more: broken || text("planning.placed.verdict-more") };
  }
  const causes = (plan.reasons || []).map((/** @type {*} */ { code }) => code);
  const key = plan.status === "interrupted" ? "best-stopped" : causes.includes("memory-limit") ? "best-memory" : "best-so-far";
  return { level: "fair", words: text(`page.card.${key}`), more: gapWords(plan) };
}

/** @param {*} plan */
export function solverWords(plan) {
  return text("page.card.solver-more", { solver: String(plan.solver || "HiGHS").split(",")[0] });
}

/**
 * What a better plan could gain at most, rounded up: for people covered in people, for times in seconds a person.
 * @param {*} plan
 */
function gapWords(plan) {
  if (!Number.isFinite(plan.bound) || !Number.isFinite(plan.objective)) return text("page.gap.unknown");
  const missing = Math.abs(plan.objective - plan.bound);
  const seconds = Math.ceil(secondsEach(plan, missing) * 10 - 1e-9) / 10;
  return textOfCode(hasText(`page.gap.${plan.objective_unit}`) ? plan.objective_unit : "other", ["page.gap"], {
    share: formatGap(plan.gap), count: formatNumber(missing), seconds: formatNumber(seconds, 1),
  });
}

/**
 * @param {*} plan
 * @param {number} missing
 */
function secondsEach(plan, missing) {
  if (plan.objective_unit === "milliseconds") return missing / 1000;
  if (plan.equivalent) return plan.equivalent.seconds - plan.equivalent.bound_seconds;
  return missing / Math.max(1, (plan.measures?.people_total || 0) - (plan.measures?.unreachable_people || 0));
}

/** In the unit that people read: person-seconds as hours, seconds as minutes. @type {Record<string, (value: number) => string>} */
const READ_AS = {
  "person-seconds": hoursFigure, "load-seconds": hoursFigure, "seconds": minutesFigure, "milliseconds": (value) => minutesFigure(value / 1000),
};

/**
 * @param {{ objective_unit?: string }} plan
 * @param {number | null | undefined} value
 */
export function objectiveText(plan, value) {
  if (value === null || value === undefined) return text("page.unknown");
  const key = `page.unit.${plan.objective_unit}`;
  const figure = (READ_AS[plan.objective_unit ?? ""] || formatNumber)(value);
  return hasText(key) ? text(key, { value: figure }) : `${figure} ${plan.objective_unit || ""}`;
}

/**
 * Why there is no plan: each reason in words, and the places that it names.
 * @param {{ code: string, params?: Record<string, *> }} reason
 * @param {(id: string) => string} nameOf
 */
export function reasonRow({ code, params }, nameOf) {
  const ids = Array.isArray(params?.ids) ? params.ids : [];
  const names = ids.slice(0, LISTED).map(nameOf).join(text("page.comma"));
  const rest = ids.length > LISTED ? "…" : "";
  return element("li", {}, textOfCode(code, ["planning.reason"], asRead(params)),
    names ? element("small", {}, names + rest) : null);
}

/**
 * Seconds in minutes and metres in kilometres, beside the figures as they are.
 * @param {Record<string, *>} [params]
 */
function asRead(params = {}) {
  const read = { ...params };
  for (const [name, value] of Object.entries(params)) {
    if (typeof value === "number" && name.endsWith("_s")) read[`${name.slice(0, -2)}_min`] = minutesFigure(value).replace(/\.0$/, "");
    if (typeof value === "number" && name.endsWith("_m")) read[`${name.slice(0, -2)}_km`] = String(Number((value / 1000).toPrecision(6)));
  }
  return read;
}
