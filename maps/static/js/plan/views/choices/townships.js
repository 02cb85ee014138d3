// Limits of single townships: at least and at most so many sites in each, row by row.
import { html, nothing, repeat } from "../../../core/html.js";
import { page, text } from "../../../core/text.js";
import { ask, tellUnread, typedIn } from "./asking.js";
import { faultNote, told } from "./figure.js";
import { faultOf } from "./question.js";

/** @import { Asking } from "./asking.js" */
/** @import { State } from "../../state.js" */

/** @typedef {{ township: string, least?: number, most?: number | null }} Limit */

/** @param {Asking} asking */
export function townshipLimits(asking) {
  const { shown, state } = asking;
  /** @type {Limit[]} */
  const limits = shown.townships ?? [];
  const names = townshipsOf(state);
  if (!names.length && !limits.length) return nothing;
  const free = names.filter((name) => !limits.some(({ township }) => township === name));
  return html`<fieldset id="townships" class="limits" tabindex="-1" aria-invalid=${told(asking, "townships").length ? "true" : nothing}>
    <legend>${text("plan.townships.title")}</legend>
    ${limits.length ? html`<table><thead><tr><th scope="col">${text("plan.townships.township")}</th><th scope="col">${text("plan.townships.least")}</th><th scope="col">${text("plan.townships.most")}</th><th></th></tr></thead>
      <tbody>${repeat(limits, ({ township }) => township, (_limit, row) => limitRow(asking, limits, row, free))}</tbody></table>` : nothing}
    ${free.length ? html`<select id="township-add" aria-label=${text("plan.townships.add")} .value=${""} @change=${(/** @type {*} */ event) => add(asking, limits, event.target)}>
      <option value="">${text("plan.townships.add")}</option>${free.map((name) => html`<option value=${name}>${name}</option>`)}
    </select>` : nothing}
    ${faultNote(asking, "townships")}
  </fieldset>`;
}

/**
 * Townships in the order of their places.
 * @param {State} state
 * @returns {string[]}
 */
function townshipsOf({ ground, places }) {
  const told = ground ? ground.candidates.map(({ township }) => township) : [...places.values()].map(({ township }) => township);
  return [...new Set(told)].filter((name) => name !== null && name !== "").map(String);
}

/**
 * @param {Asking} asking
 * @param {Limit[]} limits
 * @param {number} row
 * @param {string[]} free
 */
function limitRow(asking, limits, row, free) {
  const limit = limits[row];
  const key = `townships.${limit.township}`;
  const wrong = told(asking, key);
  const id = (/** @type {string} */ name) => `township-${name}-${row}`;
  const change = () => askLimit(asking, limits, row);
  const rename = (/** @type {*} */ event) => ask(asking.store, { townships: limits.with(row, { ...limit, township: event.target.value }) });
  const figure = (/** @type {"least" | "most"} */ name, /** @type {string} */ placeholder) => html`<input id=${id(name)} type="number" min="0" max=${page.townshipFields[name].most} step="1" inputmode="numeric"
    aria-label=${`${limit.township} ${text(`plan.townships.${name}`)}`} aria-invalid=${wrong.length ? "true" : nothing} aria-describedby=${wrong.length ? `problem-${key}` : nothing}
    .value=${String(limit[name] ?? "")} placeholder=${placeholder} @change=${change}>`;
  return html`<tr>
    <td><select id=${id("name")} aria-label=${text("plan.townships.township")} .value=${limit.township} @change=${rename}>
      ${[limit.township, ...free].map((name) => html`<option value=${name} ?selected=${name === limit.township}>${name}</option>`)}</select></td>
    <td>${figure("least", "0")}</td><td>${figure("most", text("plan.ask.unlimited"))}</td>
    <td><button type="button" class="plain" aria-label=${text("plan.change.remove", { name: limit.township })} @click=${() => remove(asking, limits, row)}>×</button></td>
  </tr>${wrong.length ? html`<tr><td colspan="4">${faultNote(asking, key)}</td></tr>` : nothing}`;
}

/**
 * @param {Asking} asking
 * @param {Limit[]} limits
 * @param {number} row
 */
function askLimit({ store }, limits, row) {
  const limit = limits[row];
  const inputs = ["least", "most"].map((name) => /** @type {HTMLInputElement} */ (document.getElementById(`township-${name}-${row}`)));
  const faults = inputs.map((input, k) => faultOf(page.townshipFields[k ? "most" : "least"], typedIn(input)));
  const [least, most] = inputs.map(({ value }) => (value === "" ? null : Number(value)));
  const words = faults.find(Boolean) ?? (most !== null && (least ?? 0) > most ? text("plan.townships.contrary") : null);
  tellUnread(store, `townships.${limit.township}`, words, limit);
  if (words === null) ask(store, { townships: limits.with(row, { township: limit.township, ...(least === null ? {} : { least }), ...(most === null ? {} : { most }) }) });
}

/**
 * @param {Asking} asking
 * @param {Limit[]} limits
 * @param {HTMLSelectElement} select
 */
function add({ store }, limits, select) {
  const township = select.value;
  select.value = "";
  if (!township) return;
  ask(store, { townships: [...limits, { township, least: 1 }] });
  requestAnimationFrame(() => setTimeout(() => document.getElementById(`township-least-${limits.length}`)?.focus()));
}

/**
 * @param {Asking} asking
 * @param {Limit[]} limits
 * @param {number} row
 */
function remove({ store }, limits, row) {
  ask(store, { townships: limits.filter((_, k) => k !== row) });
  document.getElementById("township-add")?.focus();
}
