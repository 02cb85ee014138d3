// Which schemes stand beside each other: each can be taken out, others taken in, up to six.
import { html, nothing } from "../../core/html.js";
import { formatTime, page, serviceName, text } from "../../core/text.js";
import { comparisonAddress } from "../address.js";
import { schemeTitle } from "../words.js";

/** @import { Offered, State } from "../state.js" */
/** @import { View } from "./all.js" */

const MOST = 6;  // as the server compares at a time
const TODAY = "today";
/** What the schemes are taken along as, and what the server is asked for. @type {Record<string, Record<string, string>>} */
const FILES = { "pdf": { as: "pdf" }, "sheet": { as: "pdf", paper: "A3" }, "docx": { as: "docx" }, "xlsx": { as: "xlsx" }, "html": { as: "html" }, "zip": { as: "zip" } };

/** @type {View} */
export function schemesView(state, _store, acts) {
  const { references, comparison, loading } = state;
  const first = comparison?.schemes[0];
  return html`
    <ul class="chips">${references.map((reference) => chip(state, reference, acts))}</ul>
    ${references.length < MOST ? adding(state, acts) : html`<span class="note">${text("comparing.most")}</span>`}
    ${first ? files(state) : nothing}
    <p class="note" role="status">${loading ? text("page.loading") : references.length < 2 ? text("comparing.choose-two") : ""}</p>`;
}

/**
 * @param {State} state
 * @param {string} reference
 * @param {import("../page.js").Acts} acts
 */
function chip({ comparison, offered }, reference, acts) {
  const scheme = comparison?.schemes.find((one) => one.reference === reference);
  const known = offered?.find((one) => one.reference === reference);
  const name = scheme ? schemeTitle(scheme) : reference === TODAY ? text("comparing.today") : known ? offeredName(known) : reference.slice(0, 8);
  return html`<li><span>${name}</span><button type="button" aria-label=${text("comparing.remove", { name })} @click=${() => acts.remove(reference)}>×</button></li>`;
}

/**
 * @param {State} state
 * @param {import("../page.js").Acts} acts
 */
function adding({ references, offered, comparison }, acts) {
  const service = comparison?.service ?? null;
  const left = (offered ?? []).filter((one) => !references.includes(one.reference) && (!service || !one.service || one.service === service));
  const scenarios = left.filter((one) => one.name);
  const plans = left.filter((one) => !one.name);
  const choose = (/** @type {*} */ { target }) => {
    const reference = target.value;
    target.value = "";
    if (reference) acts.add(reference);
  };
  return html`<label class="adding">${text("comparing.add")} <select id="add-scheme" .value=${""} @change=${choose}>
    <option value="">${text("comparing.choose")}</option>
    ${references.includes(TODAY) ? nothing : html`<option value=${TODAY}>${text("comparing.today")}</option>`}
    ${scenarios.length ? html`<optgroup label=${text("comparing.scenarios")}>${scenarios.map(option)}</optgroup>` : nothing}
    ${plans.length ? html`<optgroup label=${text("comparing.plans")}>${plans.map(option)}</optgroup>` : nothing}
  </select></label>`;
}

/** @param {Offered} offered */
function option(offered) {
  return html`<option value=${offered.reference}>${offeredName(offered)}</option>`;
}

/** @param {Offered} offered */
function offeredName({ name, service, at }) {
  const time = at ? formatTime(at) : "";
  return `${name || (service ? serviceName(service) : text("comparing.plan"))} · ${time}`;
}

/** @param {State} state */
function files(state) {
  const made = Object.keys(state.madeGood).sort();
  /** @type {Record<string, string>} */
  const more = made.length ? { made_good: made.join(",") } : {};
  return html`<span class="files">${Object.entries(FILES).map(([kind, asked]) =>
    html`<a class="button" id=${`file-${kind}`} href=${comparisonAddress(state, { ...more, ...asked })} download>${text(`comparing.file.${kind}`)}</a>`)}${publishing(state)}</span>`;
}

/**
 * Leads to the form that publishes these schemes, whoever may.
 * @param {State} state
 */
function publishing({ references }) {
  if (!page.publishes || references.every((one) => one === TODAY)) return nothing;
  return html`<a class="button" id="publish-these" href=${`/hearings?runs=${encodeURIComponent(references.join(","))}#publish`}>${text("comparing.publish")}</a>`;
}
