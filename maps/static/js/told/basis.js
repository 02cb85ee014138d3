// On what a plan's figures rest: what was asked, whom they count, which candidates and tables, and what they leave out.
import { element, terms } from "../core/dom.js";
import { formatNumber, hasText, text, textOfCode } from "../core/text.js";
import { askedRows } from "./asked.js";
import { tableRow } from "./tables.js";
import { objectiveText } from "./verdict.js";

/**
 * @param {*} plan
 * @param {(id: string) => string} nameOf of a place
 * @returns {Element}
 */
export function basisRows(plan, nameOf) {
  const notes = (plan.notes || []).map((/** @type {string} */ code) => element("li", {}, noteText(plan, code)));
  const base = textOfCode(plan.weights_basis ?? plan.base, ["planning.weights", "page.base"]);
  return element("details", { class: "basis", open: true },
    element("summary", {}, text("page.card.basis")),
    terms([
      plan.equivalent ? null : [text("page.card.objective"), objectiveText(plan, plan.objective)],
      [text("page.card.mode"), textOfCode(plan.mode, ["page.mode"])],
      [text("page.card.base"), base],
      ...askedRows(plan, nameOf),
      plan.candidates ? [text("page.card.candidates"), candidatesText(plan.candidates)] : null,
      tableRow(plan.tables),
      plan.county_version ? [text("page.version"), String(plan.county_version).slice(0, 12)] : null,
    ]),
    notes.length ? element("ul", { class: "notes" }, ...notes) : null);
}

/** @param {{ count: number, of: number, rule: string }} candidates */
function candidatesText({ count, of, rule }) {
  const params = { count: formatNumber(count), of: formatNumber(of) };
  return hasText(`planning.candidates.${rule}`) ? text(`planning.candidates.${rule}`, params) : text("page.card.candidates-of", params);
}

/**
 * @param {*} plan
 * @param {string} code
 */
function noteText(plan, code) {
  const params = { count: formatNumber(plan.candidates?.count ?? 0), of: formatNumber(plan.candidates?.of ?? 0) };
  return textOfCode(code, ["page.note"], params);
}
