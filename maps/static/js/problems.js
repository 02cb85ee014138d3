// What is wrong with what was asked: every fault in full in one box, and beside its field where it has one.
import { ApiError } from "./api.js";
import { element, fill } from "./dom.js";
import { formatNumber, text } from "./text.js";

// `fields` names the input of each field, as { field: element }; an input that is not shown counts as none.
export function showProblems(box, error, fields = {}) {
  clearProblems(Object.values(fields));
  const faults = (error.faults || []).map((fault) => ({ fault, input: inputOf(fault, fields) }));
  for (const { fault, input } of faults) if (input) mark(input, fault);
  const more = error.more ? element("p", {}, text("page.error.left-out", { count: formatNumber(error.more) })) : null;
  fill(box, element("div", { class: "failure", role: "alert" }, element("p", {}, error.message),
    faults.length ? element("ul", { class: "problems" }, ...faults.map(row)) : null, more));
  const first = faults.find(({ input }) => input)?.input;
  if (!first) return box;
  first.focus({ preventScroll: true });
  return first.closest("label") || first;
}

export function clearProblems(inputs) {
  for (const input of inputs.filter(Boolean)) unmark(input);
}

// Numbers that the browser could not read would be left out without a word: they are told like any other fault.
export function refuseUnread(inputs) {
  const faults = Object.entries(inputs).filter(([, input]) => input.validity?.badInput && isShown(input)).map(([field]) =>
    ({ field, expected: text("page.error.not-a-number"), mend: text("page.error.type-a-number") }));
  if (faults.length) throw new ApiError(text("page.error.check"), { faults });
}

function inputOf({ field, file, layer }, fields) {
  if (!field || file || (layer && layer !== "incidents")) return null;
  const path = field.replace(/^plan\./, "").split(".");
  const input = fields[path[0]];
  return input && isShown(input) && !input.disabled ? input : null;
}

// A closed part of the form is opened for its fault; what the question has no use for stays hidden.
function isShown(input) {
  for (let node = input; node && node.getAttribute("role") !== "tabpanel"; node = node.parentElement) {
    if (node.hidden) return false;
  }
  return true;
}

function row({ fault, input }) {
  const name = input ? labelOf(input) : placeOf(fault);
  const words = wordsOf(fault, input);
  if (!input) return element("li", {}, name ? text("page.error.named", { name, words }) : words);
  const go = element("button", { type: "button", class: "link", onclick: () => input.focus() }, name);
  return element("li", {}, go, text("page.error.named", { name: "", words }));
}

function placeOf({ layer, file, row: line, field }) {
  return [layer, file, line === null || line === undefined ? null : text("page.error.row", { row: line }), field].filter(Boolean).join(" · ");
}

function wordsOf({ code, value, expected, mend }, input) {
  const option = [...(input?.options || [])].find((one) => one.value === value);
  const found = code === "missing" || !value ? null : text("page.error.found", { value: option?.textContent.trim() || value });
  return [expected ? text("page.error.expected", { expected }) : null, found, mend ? text("page.error.fix", { fix: mend }) : null]
    .filter(Boolean).join(text("page.error.join"));
}

function labelOf(input) {
  const label = input.closest("label");
  const words = [...(label?.childNodes || [])].map((node) => (node.nodeType === 3 || node.tagName === "SPAN" ? node.textContent.trim() : ""));
  return words.find(Boolean) || input.getAttribute("aria-label") || input.querySelector("legend, summary")?.textContent.trim() || "";
}

function mark(input, fault) {
  for (let part = input.closest("details"); part; part = part.parentElement?.closest("details")) part.open = true;
  const id = `problem-${input.id}`;
  const told = document.getElementById(id);
  const words = wordsOf(fault, input);
  if (told) told.append(element("br"), words);
  else (input.closest("label") || input).append(element("small", { id, class: "problem" }, words));
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", [input.dataset.about ??= input.getAttribute("aria-describedby") || "", id].filter(Boolean).join(" "));
  input.addEventListener("input", () => unmark(input), { once: true });
}

function unmark(input) {
  if (input.getAttribute("aria-invalid") !== "true") return;
  input.removeAttribute("aria-invalid");
  document.getElementById(`problem-${input.id}`)?.remove();
  if (input.dataset.about) input.setAttribute("aria-describedby", input.dataset.about);
  else input.removeAttribute("aria-describedby");
}
