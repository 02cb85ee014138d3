// The room standards behind the floor area of a site: every figure can be set, and goes back to the office's own.
import { html, nothing } from "../../../core/html.js";
import { text, textOfCode } from "../../../core/text.js";
import { same } from "../../content.js";
import { ask, tellUnread, typedIn, unreadIn } from "./asking.js";

/** @import { Asking } from "./asking.js" */

/** @typedef {Record<string, *> & { room: string }} Row */

/** @param {Asking} asking */
export function roomsChoice(asking) {
  const { usual, shown } = asking;
  if (!usual.rooms?.length) return nothing;
  /** @type {Row[]} */
  const standard = usual.rooms.map(plain);
  /** @type {Row[]} */
  const rows = shown.rooms ?? standard;
  const fields = Object.keys(standard[0]).filter((name) => name !== "room");
  const bases = new Map(usual.rooms.map((/** @type {Row} */ { room, basis }) => [room, basis]));
  return html`<details id="rooms"><summary>${text("page.form.rooms")} ${shown.rooms ? html`<b>${text("plan.rooms.own")}</b>` : nothing}</summary>
    <div class="table"><table><thead><tr><th scope="col">${text("page.rooms.room")}</th>${fields.map((name) => html`<th scope="col">${text(`page.rooms.${name}`)}</th>`)}</tr></thead>
      <tbody>${rows.map((row) => html`<tr><th scope="row" title=${bases.get(row.room) ? textOfCode(bases.get(row.room), ["planning.basis"]) : nothing}>${roomName(row)}</th>
        ${fields.map((name) => html`<td>${figure(asking, rows, standard, row, name)}</td>`)}</tr>`)}</tbody></table></div>
    ${shown.rooms ? html`<button type="button" class="plain" id="rooms-usual" @click=${() => ask(asking.store, { rooms: null })}>${text("plan.rooms.usual")}</button>` : nothing}</details>`;
}

/**
 * @param {Asking} asking
 * @param {Row[]} rows
 * @param {Row[]} standard
 * @param {Row} row
 * @param {string} name
 */
function figure(asking, rows, standard, row, name) {
  const id = `rooms.${row.room}.${name}`;
  const wrong = unreadIn(asking)[id];
  const change = (/** @type {*} */ { target }) => {
    const told = typedIn(target);
    const words = told.badInput || told.value === "" || Number(told.value) < 0 ? text("plan.rooms.figure") : null;
    tellUnread(asking.store, id, words, null);
    if (words !== null) return;
    const next = rows.map((one) => (one === row ? { ...row, [name]: Number(told.value) } : one));
    ask(asking.store, { rooms: same(next, standard) ? null : next });
  };
  return html`<input type="number" min="0" step="any" .value=${String(row[name])} aria-label=${`${roomName(row)} ${text(`page.rooms.${name}`)}`} aria-invalid=${wrong ? "true" : nothing} title=${wrong ?? nothing} @change=${change}>`;
}

/** @param {Row} row as the question takes it */
function plain(row) {
  return { room: row.room, ...Object.fromEntries(Object.entries(row).filter(([, value]) => typeof value === "number")) };
}

/** @param {Row} row */
function roomName({ room }) {
  return textOfCode(room, ["page.room"]);
}
