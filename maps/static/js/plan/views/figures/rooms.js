// How large each site is, room by room, where the service is sized by rooms: the server's, so it waits for the drop.
import { html, nothing } from "../../../core/html.js";
import { formatNumber, text, textOfCode } from "../../../core/text.js";
import { confirmedPlan } from "../../frame.js";
import { numberOf } from "../../numbers.js";

/** @import { State } from "../../state.js" */

/** @typedef {{ id: string, name: string, floor_area_m2: number, rooms?: { room: string, area_m2: number }[] }} Sized */

/** @param {State} state */
export function roomsPart(state) {
  const plan = state.confirmed?.plan;
  /** @type {Sized[]} */
  const sites = (plan?.facilities ?? []).filter((/** @type {Sized} */ { rooms }) => rooms?.length);
  if (!sites.length) return nothing;
  const rooms = [...new Set(sites.flatMap((site) => (site.rooms ?? []).map(({ room }) => room)))];
  const isOld = confirmedPlan(state) === null;
  return html`<details class=${isOld ? "rooms old" : "rooms"} id="site-rooms"><summary>${text("plan.rooms.title", { area: formatNumber(sumOf(sites.map((site) => site.floor_area_m2))) })}</summary>
    <div class="table" tabindex="0"><table><thead><tr><th scope="col">#</th><th scope="col">${text("page.card.site")}</th><th scope="col" class="number">${text("plan.rooms.total")}</th>
        ${rooms.map((room) => html`<th scope="col" class="number">${textOfCode(room, ["page.room"])}</th>`)}</tr></thead>
      <tbody>${sites.map((site) => rowOf(site, rooms, state))}</tbody>
      <tfoot><tr><td></td><th scope="row">${text("plan.rooms.all")}</th><td class="number">${formatNumber(sumOf(sites.map((site) => site.floor_area_m2)))}</td>
        ${rooms.map((room) => html`<td class="number">${formatNumber(sumOf(sites.map((site) => areaOf(site, room))))}</td>`)}</tr></tfoot></table></div></details>`;
}

/**
 * @param {Sized} site
 * @param {string[]} rooms
 * @param {State} state
 */
function rowOf(site, rooms, state) {
  return html`<tr><td>${numberOf(state, site.id) ?? ""}</td><td class="name">${site.name}</td><td class="number">${formatNumber(site.floor_area_m2)}</td>
    ${rooms.map((room) => html`<td class="number">${formatNumber(areaOf(site, room))}</td>`)}</tr>`;
}

/**
 * @param {Sized} site
 * @param {string} room
 */
function areaOf(site, room) {
  return site.rooms?.find((one) => one.room === room)?.area_m2 ?? 0;
}

/** @param {number[]} areas */
function sumOf(areas) {
  return areas.reduce((sum, area) => sum + area, 0);
}
