// What a study shows while it is open: its question, how far it is, and its answer.
import { html } from "../../core/html.js";
import { curveView } from "./studies/curve.js";
import { siteWhyView, whyView } from "./studies/why.js";
import { yearsView } from "./studies/years.js";

/** @import { TemplateResult } from "../../../vendor/lit-html/lit-html.js" */
/** @import { PlanStore, State } from "../state.js" */
/** @import { StudyName } from "./figures/studies.js" */

/** @type {Record<StudyName, (state: State, store: PlanStore, site: string) => TemplateResult>} */
const STUDIES = { "frontier": curveView, "phasing": yearsView, "why-here": whyView, "why-site": siteWhyView };

/**
 * @param {StudyName} name
 * @param {State} state
 * @param {PlanStore} store
 * @param {string} [site] the one that is asked about
 */
export function studyView(name, state, store, site = "") {
  return html`${STUDIES[name](state, store, site)}`;
}
