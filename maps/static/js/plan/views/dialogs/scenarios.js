// The scenarios of one's own and those shared with one, and what became of the one that is open, step by step.
import { html, nothing, repeat } from "../../../core/html.js";
import { text } from "../../../core/text.js";
import { linkOf } from "../../link.js";
import { sayTime } from "../scenario.js";

/** @import { Acts } from "../../page.js" */
/** @import { State } from "../../state.js" */
/** @import { Dialog } from "../dialogs.js" */

/**
 * @param {State} _state
 * @param {Acts} acts
 */
export async function listScenarios(_state, acts) {
  await acts.listScenarios(false);
  await acts.listRevisions();
}

/** @type {Dialog} */
export function scenariosDialog(state, _store, acts) {
  const { archived = false, scenarios, following, problem, file } = state.told;
  const tab = (/** @type {boolean} */ which) => html`<button type="button" aria-pressed=${String(which === archived)} @click=${() => acts.listScenarios(which)}>${text(`plan.dialog.${which ? "archived" : "in-use"}`)}</button>`;
  const choose = (/** @type {*} */ { target }) => { if (target.files[0]) acts.importFile(target.files[0]); target.value = ""; };
  const isOlder = problem?.faults?.some((/** @type {*} */ { code }) => code === "scenario-unknown-build");
  return html`
    <div class="bar">
      <div class="switch">${tab(false)}${tab(true)}</div>
      <button type="button" @click=${acts.createNew}>${text("plan.head.new")}</button>
      <label class="button">${text("plan.dialog.import")}<input id="import-file" type="file" class="unseen" accept=".json,application/json" @change=${choose}></label>
      ${isOlder && file ? html`<button type="button" id="onto-current" @click=${() => acts.importFile(file, true)}>${text("plan.dialog.onto-current")}</button>` : nothing}
    </div>
    ${scenarios ? html`<table class="listed"><thead><tr>
      <th scope="col">${text("plan.dialog.name")}</th><th scope="col">${text("plan.dialog.owner")}</th><th scope="col">${text("plan.dialog.changed")}</th>
      <th scope="col" class="number">${text("plan.dialog.revision")}</th><th scope="col"><span class="unseen">${text("plan.dialog.acts")}</span></th></tr></thead>
      <tbody>${repeat(scenarios, ({ id }) => id, (one) => row(one, state, acts))}</tbody></table>
      ${scenarios.length ? nothing : html`<p class="note">${text(archived ? "plan.dialog.none-archived" : "plan.dialog.none")}</p>`}
      ${following ? html`<button type="button" id="more-scenarios" @click=${() => acts.listScenarios(archived, following)}>${text("plan.dialog.more")}</button>` : nothing}`
    : html`<p class="note">${text("page.loading")}</p>`}
    ${history(state, acts)}`;
}

/**
 * @param {*} one
 * @param {State} state
 * @param {Acts} acts
 */
function row(one, { scenario }, acts) {
  const isHere = one.id === scenario?.id;
  return html`<tr aria-current=${isHere ? "true" : nothing}>
    <td class="name">${one.name}${one.stale ? html` <small class="tag">${text("plan.dialog.stale")}</small>` : nothing}${isHere ? html` <small class="tag">${text("plan.dialog.is-open")}</small>` : nothing}</td>
    <td>${one.level === "owner" ? text("plan.dialog.mine") : html`${one.owner_name} <small>${text(`plan.level.${one.level}`)}</small>`}</td>
    <td>${sayTime(one.changed_at)}</td><td class="number">${one.revision}</td>
    <td class="acts"><button type="button" class="open" @click=${() => acts.openOther(one.id)}>${text("plan.dialog.open")}<span class="unseen"> ${one.name}</span></button>
      ${one.level === "owner" ? html`<button type="button" @click=${() => (one.archived ? acts.restore(one) : acts.archive(one))}>${text(one.archived ? "plan.head.restore" : "plan.head.archive")}<span class="unseen"> ${one.name}</span></button>` : nothing}</td></tr>`;
}

/**
 * @param {State} state
 * @param {Acts} acts
 */
function history({ scenario, told }, acts) {
  if (!scenario || !told.revisions) return nothing;
  const last = told.revisions.at(-1);
  return html`<h3>${text("plan.dialog.history", { name: scenario.name })}</h3>
    <ol class="revisions">${repeat(told.revisions, ({ revision }) => revision, (/** @type {*} */ one) => step(one, scenario, acts))}</ol>
    ${told.more && last?.revision > 1 ? html`<button type="button" id="more-revisions" @click=${() => acts.listRevisions(last.revision)}>${text("plan.dialog.more")}</button>` : nothing}`;
}

/**
 * @param {*} one
 * @param {import("../../state.js").Scenario} scenario
 * @param {Acts} acts
 */
function step({ revision, at, by_name: by, note, counts, aside }, scenario, acts) {
  const open = (/** @type {MouseEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;  // in another window, as any link
    event.preventDefault();
    acts.openOther(scenario.id, revision);
  };
  return html`<li aria-current=${revision === scenario.revision ? "step" : nothing}>
    <a href=${linkOf({ ...scenario, revision })} @click=${open}>${text("plan.dialog.step", { n: revision })}</a>
    <span>${sayTime(at)}</span> ${by ? html`<span>${by}</span>` : nothing}
    ${counts ? html`<small class="tag">${text("plan.dialog.counts")}</small>` : nothing}${aside ? html`<small class="tag">${text("plan.dialog.aside")}</small>` : nothing}
    ${note ? html`<span class="note">${note}</span>` : nothing}</li>`;
}
