// The keys of the workbench: one table, which the page obeys and shows.

/** @import { Acts } from "./page.js" */
/** @import { PlanStore, Tool } from "./state.js" */

/** @typedef {{ key: string, ctrl?: boolean, shift?: boolean, name: string, act: (store: PlanStore, acts: Acts) => void }} Key */

/** @type {Key[]} */
export const KEYS = [
  { key: "s", name: "solve", act: (store, acts) => { if (!store.state.run) acts.solve(); } },
  { key: "a", name: "add", act: take("add") },
  { key: "c", name: "close", act: take("close") },
  { key: "f", name: "flood", act: take("flood") },
  { key: "b", name: "bridge", act: take("bridge") },
  { key: "h", name: "whole-county", act: (_store, acts) => acts.wholeCounty() },
  { key: "/", name: "search", act: () => document.getElementById("search")?.focus() },
  { key: "escape", name: "escape", act: (store) => { if (store.state.tool.kind === "look") store.dispatch({ type: "show", selected: null }); } },
  { key: "z", ctrl: true, name: "undo", act: (store) => store.undo() },
  { key: "y", ctrl: true, name: "redo", act: (store) => store.redo() },
  { key: "z", ctrl: true, shift: true, name: "redo", act: (store) => store.redo() },
  { key: "?", name: "keys", act: (store) => store.dispatch({ type: "show", dialog: "keys", told: {} }) },
];

/**
 * @param {PlanStore} store
 * @param {Acts} acts
 */
export function prepareKeys(store, acts) {
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.defaultPrevented || isTyping(event) || document.querySelector("dialog:modal")) return;
    const ctrl = event.ctrlKey || event.metaKey;
    const found = KEYS.find((key) => isKey(key, event, ctrl));
    if (!found) return;
    if (found.key !== "escape") event.preventDefault();
    found.act(store, acts);
  });
}

/**
 * A key alone may need Shift to be written, as ? does on most keyboards.
 * @param {Key} key
 * @param {KeyboardEvent} event
 * @param {boolean} ctrl
 */
function isKey({ key, ctrl: needed = false, shift = false }, event, ctrl) {
  return key === event.key.toLowerCase() && needed === ctrl && (!needed || shift === event.shiftKey);
}

// Whoever writes means the letter, and undoes within what is written; in a list letters choose.
/** @param {KeyboardEvent} event */
function isTyping({ target, ctrlKey, metaKey }) {
  if (!(target instanceof HTMLElement)) return false;
  if (target.matches("input:not([type=checkbox], [type=radio], [type=button], [readonly]), textarea, [contenteditable]")) return true;
  return target.matches("select") && !ctrlKey && !metaKey;
}

/**
 * The tool is put away again by the same key.
 * @param {"add" | "close" | "flood" | "bridge"} kind
 */
function take(kind) {
  return (/** @type {PlanStore} */ store) => store.dispatch({ type: "show", tool: /** @type {Tool} */ ({ kind: store.state.tool.kind === kind ? "look" : kind }) });
}
