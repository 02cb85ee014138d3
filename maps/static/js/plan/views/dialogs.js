// What lies over the page until it is closed: scenarios, keys, the walk, names that were pasted, two who saved the same.
import { html, nothing } from "../../core/html.js";
import { wordsOf } from "../../core/faults.js";
import { text } from "../../core/text.js";
import { conflictDialog } from "./dialogs/conflict.js";
import { keysDialog } from "./dialogs/keys.js";
import { linkDialog } from "./dialogs/link.js";
import { rebaseDialog } from "./dialogs/rebase.js";
import { listScenarios, scenariosDialog } from "./dialogs/scenarios.js";
import { listShares, shareDialog } from "./dialogs/share.js";
import { walkView } from "./dialogs/walk.js";
import { pasteView } from "./paste.js";


/** @import { TemplateResult } from "../../../vendor/lit-html/lit-html.js" */
/** @import { Acts } from "../page.js" */
/** @import { PlanStore, State } from "../state.js" */
/** @import { View } from "./all.js" */

/** @typedef {(state: State, store: PlanStore, acts: Acts) => TemplateResult | typeof nothing} Dialog */

/** @type {Record<string, { content: Dialog, begin?: (state: State, acts: Acts) => void }>} `begin`: what is asked for as it opens */
const DIALOGS = {
  scenarios: { content: scenariosDialog, begin: listScenarios },
  keys: { content: keysDialog },
  link: { content: linkDialog },
  share: { content: shareDialog, begin: listShares },
  rebase: { content: rebaseDialog },
  conflict: { content: conflictDialog },
  paste: { content: (state, store, acts) => pasteView(state, null, store, acts) },
};

let shown = "";

/** @type {View} */
export function dialogsView(state, _evaluation, store, acts) {
  const wanted = state.conflict ? "conflict" : state.dialog ?? "";
  const name = wanted in DIALOGS ? wanted : "";
  queueMicrotask(() => open(name, state, acts));  // once it is drawn
  const close = () => store.dispatch({ type: "show", dialog: null, told: {} });
  const stay = (/** @type {Event} */ event) => { if (name === "conflict") event.preventDefault(); };  // it has to be decided
  const closed = () => {
    if (element()?.open) return;  // told late of a closing before: it has been opened again
    if (name === "conflict") element()?.showModal();
    else if (name && shown === name) close();
  };
  return html`
    <dialog id="dialog" class="dialog" data-name=${name} aria-labelledby="dialog-title" @close=${closed} @cancel=${stay}>
      ${name ? html`<header><h2 id="dialog-title">${text(`plan.dialog.${name}`)}</h2>
        ${name === "conflict" ? nothing : html`<button type="button" class="close" aria-label=${text("plan.dialog.close")} @click=${close}>×</button>`}</header>
      ${state.told.problem ? problem(state.told.problem) : nothing}
      <div class="body">${DIALOGS[name].content(state, store, acts)}</div>` : nothing}
    </dialog>
    ${walkView(state, store, acts)}`;
}

/** @returns {HTMLDialogElement | null} */
function element() {
  return /** @type {HTMLDialogElement | null} */ (document.getElementById("dialog"));
}

/**
 * @param {string} name
 * @param {State} state
 * @param {Acts} acts
 */
function open(name, state, acts) {
  const dialog = element();
  if (!dialog || name === shown) return;
  shown = name;
  if (!name) dialog.close();
  else {
    if (!dialog.open) dialog.showModal();
    DIALOGS[name].begin?.(state, acts);
  }
}

/** @param {import("../state.js").Refusal} problem */
function problem({ message, faults = [] }) {
  return html`<div class="failure" role="alert"><p>${message}</p>
    ${faults.length ? html`<ul class="problems">${faults.map((fault) => html`<li>${wordsOf(fault, null)}</li>`)}</ul>` : nothing}</div>`;
}
