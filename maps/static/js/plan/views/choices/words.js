// Edits in words, as a county office would say them; the same words as the command line's.
import { formatNumber, hasText, serviceName, text, textOfCode } from "../../../core/text.js";

/** @import { Edit } from "../../content.js" */
/** @import { State } from "../../state.js" */

/** Field → where the texts say what its codes are called. */
const NAMES = new Map([["mode", "page.mode"], ["base", "page.base"], ["group", "measures.group"], ["status", "page.status"], ["bridges", "edit.bridges"]]);

/**
 * What a place, a facility or a candidate is called.
 * @param {State} state
 * @param {string} id
 * @returns {string}
 */
export function placeName({ places, ground }, id) {
  return places.get(id)?.name ?? ground?.byId.get(id)?.name ?? id;
}

/**
 * @param {State} state
 * @param {string} id
 * @returns {string} "" where nobody says
 */
export function townshipOf({ places, ground }, id) {
  return places.get(id)?.township || ground?.byId.get(id)?.township || "";
}

/**
 * What an edit is about.
 * @param {State} state
 * @param {Edit} edit
 * @returns {string}
 */
export function targetWords(state, edit) {
  const target = edit.target ?? "";
  if (edit.op === "road-speed") return textOfCode(target, ["table.road"]);
  if (edit.op === "adopted") return serviceName(target);
  if (["road-closed", "road-slowed"].includes(edit.op)) return roadWords(state, target);
  return ["site-status", "site-capacity", "place-people"].includes(edit.op) ? placeName(state, target) : target;
}

/**
 * What an edit says beside what it is about.
 * @param {Edit} edit
 * @param {string[]} [shown] fields that stand beside it already
 * @returns {string}
 */
export function sayingWords(edit, shown = []) {
  const fields = Object.entries(edit).filter(([name]) => !["op", "target", "at", "start", "end", ...shown].includes(name));
  return fields.map(([name, value]) => `${text(`edit.field.${name}`)} ${valueWords(name, value)}`).join(text("page.comma"));
}

/**
 * @param {string} name
 * @param {*} value
 * @returns {string}
 */
function valueWords(name, value) {
  if (name === "area") return text("edit.corners", { count: formatNumber(value.length) });
  if (Array.isArray(value)) return value.map((one) => one.name || one.target || String(one)).join(text("page.comma"));
  if (typeof value === "number") return name === "year" ? String(value) : value.toLocaleString("en-GB", { maximumFractionDigits: 2 });
  return textOfCode(value, [NAMES.get(name) ?? ""]);
}

/**
 * @param {State} state
 * @param {string} target
 */
function roadWords({ form }, target) {
  const road = form.roads?.[target];
  if (!road) return target;
  const name = road.name ?? (hasText(`table.road.${road.road_class}`) ? text(`table.road.${road.road_class}`) : target);
  return road.bridge ? text("plan.change.bridge", { name }) : name;
}
