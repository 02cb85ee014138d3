// Leave that a worker asks for: from when, until when, why. Nobody is sent a case while it holds.
import { request } from "../core/api.js";
import { html, nothing } from "../core/html.js";
import { text } from "../core/text.js";
import { refusal } from "../cases/form.js";

/** @import { CaseStore, Leave, Refusal, State } from "../cases/state.js" */

const REASONS = ["sick", "personal", "annual", "training", "other"];
const FIELDS = ["from", "until"];

/** @param {CaseStore} store */
export function leaveActs(store) {
  const show = (/** @type {Partial<Leave> | null} */ fields) => {
    const before = store.state.leave ?? { values: {}, isSending: false, problem: null, told: "" };
    store.dispatch({ type: "show", leave: fields === null ? null : { ...before, ...fields } });
  };
  return {
    begin: () => show({ told: "", problem: null }),
    giveUp: () => show(null),
    set: (/** @type {string} */ name, /** @type {string} */ value) => show({ values: { ...store.state.leave?.values, [name]: value }, problem: null }),
    async send() {
      const values = store.state.leave?.values ?? {};
      show({ isSending: true, problem: null });
      try {
        await request("/api/leave", { method: "POST", body: values });  // moments as they are in China
        show({ isSending: false, values: {}, told: text("cases.leave-asked") });
      } catch (error) {
        show({ isSending: false, problem: /** @type {Refusal} */ (error) });
      }
    },
  };
}

/**
 * @param {State} state
 * @param {ReturnType<typeof leaveActs>} acts
 */
export function leaveView({ leave, opened }, acts) {
  if (opened) return nothing;
  if (!leave) return html`<button type="button" id="leave-begin" @click=${acts.begin}>${text("cases.leave")}</button>`;
  const send = (/** @type {Event} */ event) => { event.preventDefault(); acts.send(); };
  return html`<form id="leave-form" aria-label=${text("cases.leave")} @submit=${send}><h3 class="wide">${text("cases.leave")}</h3>
    ${FIELDS.map((name) => html`<label class="field wide"><span>${text(`cases.leave-${name}`)}</span>
      <input type="datetime-local" id="leave-${name}" required .value=${leave.values[name] ?? ""} @change=${(/** @type {*} */ { target }) => acts.set(name, target.value)}></label>`)}
    <label class="field wide"><span>${text("cases.leave-reason")}</span><select id="leave-reason" required @change=${(/** @type {*} */ { target }) => acts.set("reason", target.value)}>
      <option value="">${text("page.incident.choose")}</option>${REASONS.map((code) => html`<option value=${code} ?selected=${leave.values.reason === code}>${text(`staff.leave-reason.${code}`)}</option>`)}</select></label>
    ${leave.problem ? refusal(leave.problem) : nothing}${leave.told ? html`<p class="note wide" role="status">${leave.told}</p>` : nothing}
    <div class="choice wide"><button class="primary" ?disabled=${leave.isSending}>${text("cases.leave-send")}</button>
      <button type="button" @click=${acts.giveUp}>${text("page.incident.cancel")}</button></div></form>`;
}
