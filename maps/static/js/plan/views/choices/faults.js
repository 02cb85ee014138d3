// What the server refuses, at the fields of the form: which field a fault is about, and what it says.
import { wordsOf } from "../../../core/faults.js";
import { page, text } from "../../../core/text.js";

/** @import { Refusal } from "../../state.js" */

/** @typedef {{ field: string | null, layer?: string, row?: number | null, code: string, value: string, expected: string, mend: string }} Fault */

/** Fields that stand in the form under another name. */
const ELSEWHERE = new Map([
  ["township", "townships"], ["township_limits", "townships"],
  ...Object.entries(page.fields).flatMap(([name, { modelled }]) => /** @type {[string, string][]} */ (modelled ? [[modelled, name]] : [])),
]);

/**
 * @param {Fault} fault
 * @returns {string | null} the field of the question that it is about
 */
export function fieldOf({ field, layer }) {
  if (!field || layer) return null;
  const name = field.replace(/^(plan|question)\./, "").split(".")[0];
  const found = ELSEWHERE.get(name) ?? name;
  return found in page.fields ? found : null;
}

/**
 * @param {Fault} fault
 * @returns {string}
 */
export function faultWords(fault) {
  const name = fieldOf(fault);
  return wordsOf(fault, name ? document.getElementById(name) : null);
}

/**
 * Where a fault stands that no field of the form has: the edit by its number and what of it.
 * @param {Fault} fault
 */
export function placeWords({ layer, field, row }) {
  if (layer !== "edits") return field ?? "";
  const number = row ? text("edit.number", { number: row }) : text("edit.field.edits");
  return field ? `${number} · ${text(`edit.field.${field}`)}` : number;
}

/**
 * @param {Refusal | null} problem
 * @param {string} name
 * @returns {string[]}
 */
export function faultsAt(problem, name) {
  return (problem?.faults ?? []).filter((fault) => fieldOf(fault) === name).map(faultWords);
}

/**
 * Shows a field, whatever it is folded into, and puts the cursor there.
 * @param {string} id
 */
export function goToField(id) {
  const field = document.getElementById(id);
  if (!field) return;
  for (let part = field.closest("details"); part; part = part.parentElement?.closest("details") ?? null) part.open = true;
  field.focus();
  field.scrollIntoView({ block: "nearest" });
}
