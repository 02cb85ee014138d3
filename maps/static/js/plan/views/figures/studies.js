// Studies of what is asked: what one good costs in another, what to build in which year, why here. They come when opened.
import { html } from "../../../core/html.js";
import { text } from "../../../core/text.js";
import { laterPart } from "../later.js";

/** @import { PlanStore, State } from "../../state.js" */

/** @typedef {"frontier" | "phasing" | "why-here" | "why-site"} StudyName a site's own why asks less than that of all sites */

/** @type {StudyName[]} */
const STUDIES = ["frontier", "phasing", "why-here"];

const studies = laterPart("studies", "plan/views/studies");

/**
 * @param {State} state
 * @param {PlanStore} store
 */
export function studiesPart(state, store) {
  return html`<section class="studies" id="studies" aria-labelledby="studies-title"><h3 id="studies-title">${text("page.study.title")}</h3>
    ${STUDIES.map((name) => studyBox(name, state, store))}</section>`;
}

/**
 * @param {StudyName} name
 * @param {State} state
 * @param {PlanStore} store
 * @param {string} [site] the one that is asked about
 */
export function studyBox(name, state, store, site) {
  const isOpen = state.study[name]?.isOpen ?? false;
  const toggle = (/** @type {*} */ { currentTarget }) => {
    if (currentTarget.open === (store.state.study[name]?.isOpen ?? false)) return;
    store.dispatch({ type: "show", study: { ...store.state.study, [name]: { ...store.state.study[name], isOpen: currentTarget.open } } });
  };
  const told = studies(isOpen, store);
  return html`<details class="study" id=${`study-${name}`} ?open=${isOpen} @toggle=${toggle}><summary>${text(`page.study.${name === "why-site" ? "why-here" : name}`)}</summary>
    ${isOpen ? told?.studyView(name, state, store, site) ?? html`<p class="note" role="status">${text("page.loading")}</p>` : ""}</details>`;
}
