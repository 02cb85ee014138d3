// Why here: what each site is worth, the best exchange not taken, and other plans that are nearly as good.
import { html, nothing } from "../../../core/html.js";
import { formatNumber, formatPeople, minutesFigure, text } from "../../../core/text.js";
import { bodyOf, openQuestion, same } from "../../content.js";
import { studyParts } from "./job.js";
import { aboutOthers, areSites, lossText, nameOf, namesOf, openSites, swapText } from "./words.js";

/** @import { PlanStore, State } from "../../state.js" */

const LIMIT_S = 30;  // a planner waits for it

/**
 * @param {State} state
 * @param {PlanStore} store
 */
export function whyView(state, store) {
  return studyParts({
    name: "why-here", about: text("page.study.about-why"), state, store, ...askedOf(state),
    answer: (found) => html`${aboutOthers(found.plan.opened, state, store)}${worthTable(found)}${swapText(found)}${others(found, state, store)}`,
  });
}

/**
 * What closing one site would do, and the closest exchange.
 * @param {State} state
 * @param {PlanStore} store
 * @param {string} site
 */
export function siteWhyView(state, store, site) {
  const { body, isOf } = askedOf(state);
  return studyParts({
    name: "why-site", about: text("plan.card.why-about"), state, store, isOf, body: () => ({ ...body(), count: 1 }),
    answer: (found) => html`${worthOf(found, site)}${swapText(found)}`,
  });
}

/** @param {State} state */
function askedOf({ content }) {
  const plan = bodyOf(openQuestion(content));
  return { body: () => ({ kind: "why-here", plan, time_limit_s: LIMIT_S }), isOf: (/** @type {*} */ body) => same(body.plan, plan) };
}

/**
 * @param {*} found
 * @param {string} id
 */
function worthOf(found, id) {
  const site = found.why_here.sites.find((/** @type {*} */ one) => one.site === id);
  if (!site) return nothing;
  const words = text("plan.card.why-worth", { name: nameOf(found, id), people: formatPeople(site.people), mean: minutesFigure(site.mean_extra_s), longest: minutesFigure(site.longest_extra_s) });
  return html`<p id="why-worth">${[words, ...besides(found, site)].join(" ")}</p>`;
}

/**
 * What closing a site means beside minutes.
 * @param {*} found
 * @param {*} site
 * @returns {string[]}
 */
function besides(found, site) {
  return [
    ...(site.kept ? [text("page.study.kept")] : []),
    ...(site.possible === false ? [text("page.study.impossible")] : []),
    ...(site.loss && found.units.loss !== "person-seconds" ? [lossText(found, site.loss)] : []),
    ...(site.without_people ? [text("page.study.without", { people: formatNumber(site.without_people) })] : []),
  ];
}

/** @param {*} found */
function worthTable(found) {
  const columns = ["page.card.site", "page.study.affected", "page.study.extra-mean", "page.study.extra-longest"];
  const sites = [...found.why_here.sites].sort((a, b) => b.extra_person_seconds - a.extra_person_seconds);
  return html`<div class="table" tabindex="0"><table id="study-worth"><caption>${text("page.study.worth")}</caption>
    <thead><tr>${columns.map((key, k) => html`<th scope="col" class=${k ? "number" : ""}>${text(key)}</th>`)}</tr></thead>
    <tbody>${sites.map((site) => html`<tr><td>${nameOf(found, site.site)}<small>${besides(found, site).join(" · ")}</small></td>
      <td class="number">${formatNumber(site.people)}</td><td class="number">${minutesFigure(site.mean_extra_s)}</td><td class="number">${minutesFigure(site.longest_extra_s)}</td></tr>`)}</tbody></table></div>`;
}

/**
 * @param {*} found
 * @param {State} state
 * @param {PlanStore} store
 */
function others(found, state, store) {
  const { alternatives: told } = found.why_here;
  const figure = (/** @type {number} */ value) => formatNumber(value, value % 1 ? 1 : 0);
  const km = figure(found.options.apart_km);
  const counted = text(told.counted ? "page.study.counted" : "page.study.at-least", { share: `${figure(found.options.within_percent)}%`, km, count: formatNumber(told.within), far: formatNumber(told.within_far) });
  return html`<h4>${text("page.study.others-title")}</h4><p id="study-count">${counted}</p>
    ${told.plans.length ? html`<div class="table" tabindex="0"><table id="study-others"><caption>${text("plan.study.others", { km })}</caption>
      <thead><tr><th scope="col">#</th><th scope="col">${text("page.study.change")}</th><th scope="col">${text("page.study.loss")}</th></tr></thead>
      <tbody>${told.plans.map((/** @type {*} */ plan, /** @type {number} */ place) => otherRow(found, plan, place, state, store))}</tbody></table></div>` : nothing}
    ${told.complete && !told.plans.length ? html`<p class="note">${text("page.study.no-far", { km })}</p>` : nothing}
    ${told.complete ? nothing : html`<p class="note">${text("page.study.not-all")}</p>`}`;
}

/**
 * @param {*} found
 * @param {*} plan
 * @param {number} place
 * @param {State} state
 * @param {PlanStore} store
 */
function otherRow(found, plan, place, { content }, store) {
  const number = formatNumber(place + 1);
  const isOpen = areSites(plan.opened, content.question.sites);
  return html`<tr><td><button type="button" class="link" aria-pressed=${String(isOpen)} aria-label=${text("plan.study.open-other", { number })} @click=${() => openSites(plan.opened, store)}>${number}</button></td>
    <td>+ ${namesOf(found, plan.entering)}<small>− ${namesOf(found, plan.leaving)}</small></td>
    <td>${lossText(found, plan.loss)}<small>${text(plan.proven ? "page.study.proven" : "page.study.unproven")}</small></td></tr>`;
}
