// What one does on the page of reports: choose a place, confirm it, look at what became of it.
import { newKey, request } from "../core/api.js";
import { text } from "../core/text.js";

/** @import { IncidentStore, Pending, Refusal, State } from "./state.js" */

const DECIMALS = 6;  // of a degree: a tenth of a metre
const LISTED = 50;

/**
 * @param {IncidentStore} store
 * @param {{ mayList: boolean, focus: (id: string) => void }} means
 */
export function incidentActs(store, { mayList, focus }) {
  const show = (/** @type {Partial<State>} */ fields) => store.dispatch({ type: "show", ...fields });

  // Nothing is filed under a category that nobody chose.
  function hasCategory() {
    if (store.state.category) return true;
    const words = text("page.incident.no-category");
    show({ problem: Object.assign(new Error(words), { faults: [{ field: "category", mend: words }] }) });
    focus("incident-category");
    return false;
  }

  function startPicking() {
    if (hasCategory()) show({ isPicking: true, pending: null, shown: null, problem: null, told: "" });
  }

  function stopPicking() {
    show({ isPicking: false });
  }

  /**
   * What would be filed stands there to be confirmed; nothing has been sent yet.
   * @param {{ lat: number, lng: number }} at
   */
  async function choose({ lat, lng }) {
    if (!hasCategory()) return;
    /** @type {Pending} */
    const pending = { key: newKey(), lon: Number(lng.toFixed(DECIMALS)), lat: Number(lat.toFixed(DECIMALS)), place: null, failure: null, isSending: false };
    show({ isPicking: false, pending, shown: null, problem: null, told: text("page.incident.looking") });
    const found = await request(`/api/place?lon=${pending.lon}&lat=${pending.lat}`)
      .then((place) => ({ place }), (/** @type {Refusal} */ { message }) => ({ failure: message }));  // it can be reported all the same
    if (store.state.pending !== pending) return;
    show({ pending: { ...pending, ...found }, told: "" });
    focus("incident-confirm");
  }

  function cancel() {
    const { pending, isPicking } = store.state;
    if (isPicking) stopPicking();
    else if (pending && !pending.isSending) {
      show({ pending: null, problem: null, told: text("page.incident.not-sent") });
      focus("incident-pick");
    }
  }

  async function report() {
    const { pending, category, words } = store.state;
    if (!pending || pending.isSending || !hasCategory()) return;
    const { lon, lat, key } = pending;
    show({ pending: { ...pending, isSending: true }, problem: null, told: text("page.incident.sending") });
    try {
      const body = { category, lon, lat, text: words.trim(), idempotency_key: key };
      const created = await request("/api/incidents", { method: "POST", body });
      // Who may not read incidents is shown what the report itself told: all but the way.
      const shown = mayList ? await incidentOf(created.id).catch(() => created) : created;
      show({ pending: null, shown, category: "", words: "", told: "" });
      focus("incident-card");
      await list();
    } catch (error) {
      show({ pending: { ...pending, isSending: false }, problem: /** @type {Refusal} */ (error), told: "" });
    }
  }

  async function list() {
    if (!mayList) return;
    try {
      const found = await request(`/api/incidents?limit=${LISTED}`);
      show({ list: Array.isArray(found) ? found : found.incidents, listProblem: null });
    } catch (error) {
      show({ listProblem: /** @type {Refusal} */ (error) });
    }
  }

  /** @param {string} id */
  async function reopen(id) {
    try {
      show({ shown: await incidentOf(id), pending: null, problem: null, told: "" });
      focus("incident-card");
    } catch (error) {
      show({ problem: /** @type {Refusal} */ (error) });
    }
  }

  return { startPicking, stopPicking, choose, cancel, report, list, reopen, show };
}

/** @typedef {ReturnType<typeof incidentActs>} Acts */

/** @param {string} id */
function incidentOf(id) {
  return request(`/api/incidents/${encodeURIComponent(id)}`);
}
