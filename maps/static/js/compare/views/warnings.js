// What a reader must know before comparing figures: what is wrong, what the schemes do not have alike, what is assumed.
import { html, nothing } from "../../core/html.js";
import { formatNumber, text, textOfCode } from "../../core/text.js";

/** @import { Comparison, Refusal } from "../state.js" */
/** @import { View } from "./all.js" */

/** @type {View} */
export function warningsView({ problem, comparison }) {
  return html`${problem ? refused(problem) : nothing}${comparison ? unlike(comparison) : nothing}`;
}

/** @param {Refusal} problem */
function refused({ message, faults = [], more = 0 }) {
  return html`<div class="failure" role="alert"><p>${message}</p>
    ${faults.length ? html`<ul class="problems">${faults.map(({ value, expected, mend }) =>
      html`<li>${value ? html`<strong>${value}</strong> ` : nothing}${text("comparing.fault", { expected, mend })}</li>`)}</ul>` : nothing}
    ${more ? html`<p>${text("page.error.left-out", { count: formatNumber(more) })}</p>` : nothing}</div>`;
}

/** @param {Comparison} comparison */
function unlike({ versions, differs, notes, schemes }) {
  const layers = versions.layers.map((layer) => textOfCode(layer, ["page.layer"])).join(text("page.comma"));
  return html`
    ${versions.differ ? html`<div class="banner" id="versions" role="note">
      <p>${text("comparing.versions", { layers })}</p>
      ${versions.places.length ? html`<p>${text("comparing.versions-places", { count: formatNumber(versions.places.length), names: some(versions.places) })}</p>` : nothing}
      ${versions.people.length ? html`<p>${text("comparing.versions-people", { count: formatNumber(versions.people.length), names: some(versions.people) })}</p>` : nothing}</div>` : nothing}
    ${differs.length ? html`<p class="banner" id="differs" role="note">${text("comparing.differs", { what: differs.map((name) => text(`comparing.differ.${name}`)).join(text("page.comma")) })}</p>` : nothing}
    ${notes.length ? html`<details class="notes" id="notes"><summary>${text("comparing.notes", { count: formatNumber(notes.length) })}</summary>
      <ul>${notes.map((code) => html`<li>${textOfCode(code, ["page.note"])}</li>`)}
      ${schemes.filter(({ edits_told: edits }) => edits.length).map(({ key, edits_told: edits }) => html`<li>${text("comparing.edits", { key, count: formatNumber(edits.length) })}</li>`)}</ul></details>` : nothing}`;
}

const MOST = 6;

/** @param {{ name: string }[]} places */
function some(places) {
  const names = places.slice(0, MOST).map(({ name }) => name).join(text("page.comma"));
  return places.length > MOST ? `${names}…` : names;
}
