// The fields of a plan's question, as the page's data tells them: the table that API and command line read too.
import { byId } from "./dom.js";
import { page } from "./text.js";

const ELSEWHERE = { status: "plan-villages" };  // statuses are set village by village

// Names of the fields of some parts of the question; of some kinds only, if any are named.
export function fieldsOf(parts, kinds) {
  const named = Object.entries(page.fields).filter(([, { part, kind }]) => parts.includes(part) && (!kinds || kinds.includes(kind)));
  return named.map(([name]) => name);
}

export function figuresOf(...parts) {
  return fieldsOf(parts, ["whole", "number"]);
}

export function inputOf(name) {
  return byId(ELSEWHERE[name] || `plan-${name}`);
}

// The inputs by the names of their fields, and by those that models have for them.
export function questionInputs() {
  const told = Object.entries(page.fields).flatMap(([name, { modelled }]) => [name, modelled].filter(Boolean).map((one) => [one, inputOf(name)]));
  return Object.fromEntries(told.filter(([, input]) => input));
}
