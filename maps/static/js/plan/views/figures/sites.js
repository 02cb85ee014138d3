// The sites one by one, numbered as on the map; while one is dragged its row follows.
import { html, noChange, nothing, repeat } from "../../../core/html.js";
import { peopleLabel } from "../../../told/labels.js";
import { formatNumber, minutesFigure, text } from "../../../core/text.js";
import { sitePicture } from "../../map/sites.js";
import { numberedSites } from "../../numbers.js";
import { goOnInCard } from "./focus.js";

/** @import { Frame, SiteTold } from "../../frame.js" */
/** @import { Acts } from "../../page.js" */
/** @import { Ground, PlanStore, State } from "../../state.js" */

/** @type {Map<string, Element>} */
const pictures = new Map();

/**
 * @param {State} state
 * @param {Frame} frame
 * @param {PlanStore} store
 * @param {Acts} acts
 * @param {boolean} isFollowing a further frame of a drag: rows whose figures are the same are left alone
 */
export function siteTable(state, { sites, provisional }, store, acts, isFollowing) {
  const { content, selected } = state;
  const ground = /** @type {Ground} */ (state.ground);
  const { weights_basis, capacities } = ground.matrix.about;
  const loaded = Boolean(capacities);
  const rows = numberedSites(state);
  const rowOf = (/** @type {ReturnType<typeof numberedSites>[number]} */ { id, number }) => {
    const site = ground.byId.get(id);
    if (!isNew(number, id, sites.get(id)) && isFollowing) return noChange;
    if (!site) return html`<tr><td>${number}</td><td colspan=${loaded ? 5 : 4}>${id} <small>${text("plan.site-gone")}</small></td></tr>`;
    const choose = (/** @type {Event} */ event) => { store.dispatch({ type: "show", selected: { kind: "site", id } }); acts.goTo(site); goOnInCard(event); };
    return html`<tr aria-selected=${String(selected?.id === id)} data-site=${id}><td class="symbol">${pictureOf(content.question.service, number)}</td>
      <td class="name"><button type="button" class="link" @click=${choose}>${site.name}</button></td>${figuresOf(sites.get(id), loaded)}</tr>`;
  };
  return html`<div class="table"><table class=${loaded ? "sites loaded" : "sites"} id="site-table"><caption>${text("page.card.opened")} <small>${rows.length}</small>${loaded && provisional ? html` <em class="provisional">${text("plan.figures-provisional")}</em>` : nothing}</caption>
    <thead><tr><th scope="col"><span class="unseen">#</span></th><th scope="col">${text("page.card.site")}</th><th scope="col" class="number">${text(peopleLabel({ service: content.question.service, weights_basis }))}</th>
      <th scope="col" class="number">${text("page.card.mean-short")}</th><th scope="col" class="number">${text("page.card.worst-short")}</th>${loaded ? html`<th scope="col" class="number">${text("plan.load")}</th>` : nothing}</tr></thead>
    <tbody>${repeat(rows, ({ number }) => number, rowOf)}</tbody></table></div>`;
}

/** @type {Map<number, string>} */
const drawn = new Map();

/**
 * @param {number} number
 * @param {string} id
 * @param {SiteTold | undefined} told
 */
function isNew(number, id, told) {
  const now = `${id} ${told?.people} ${told?.mean_s} ${told?.worst_s} ${told?.load}`;
  const before = drawn.get(number);
  drawn.set(number, now);
  return now !== before;
}

/**
 * @param {SiteTold | undefined} told nobody comes where nothing is told
 * @param {boolean} loaded
 */
function figuresOf(told, loaded) {
  const load = told?.load ?? 0;
  const capacity = told?.capacity ?? 0;
  const isOver = loaded && load > capacity;
  return html`<td class="number">${formatNumber(told?.people ?? 0)}</td><td class="number">${minutes(told?.mean_s)}</td><td class="number">${minutes(told?.worst_s)}</td>
    ${loaded ? html`<td class=${isOver ? "number over" : "number"} title=${isOver ? text("plan.overloaded") : nothing}>${formatNumber(load)} / ${formatNumber(capacity)}</td>` : nothing}`;
}

/** @param {number | null | undefined} seconds */
function minutes(seconds) {
  return seconds === null || seconds === undefined ? "–" : minutesFigure(seconds);
}

/**
 * Made once, so that a frame of a drag makes no pictures.
 * @param {string} service
 * @param {number} number
 */
function pictureOf(service, number) {
  const key = `${service} ${number}`;
  const made = pictures.get(key) ?? sitePicture(service, number);
  pictures.set(key, made);
  return made;
}
