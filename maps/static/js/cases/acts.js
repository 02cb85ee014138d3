// What one does with cases, whatever the page: look through them, open one, move it on, send its files.
import { newKey, request, sendFile } from "../core/api.js";
import { showAddress } from "../core/address.js";
import { text } from "../core/text.js";
import { moveName } from "./words.js";

/** @import { CaseStore, Doing, Refusal, State } from "./state.js" */

const SOON_MS = 150;
const REST_MS = 1000;  // a list is asked for once a second at most, however much happens

/**
 * @param {CaseStore} store
 * @param {{ listOf: (state: State) => string, home: string, focus: (id: string) => void, merges: boolean }} means `listOf`: the
 *   address of the list; `home`: of the page; `merges`: whether it shows what may be the same
 */
export function caseActs(store, { listOf, home, focus, merges }) {
  const show = (/** @type {Partial<State>} */ fields) => store.dispatch({ type: "show", ...fields });
  let waiting = 0;
  let asked = 0;
  let lists = 0;  // asked for
  let newest = 0;  // of those that have come
  let wanted = "";  // the case that is to be shown

  async function refresh() {
    const address = listOf(store.state);
    const mine = (lists += 1);
    asked = Date.now();
    try {
      const list = await request(address);
      if (mine < newest || address !== listOf(store.state)) return;  // a later list was faster, or another is wanted
      newest = mine;
      show({ list, listProblem: null, now: Date.now() });
    } catch (error) {
      if (mine > newest) show({ listProblem: /** @type {Refusal} */ (error) });
    }
  }

  function refreshSoon() {
    clearTimeout(waiting);
    waiting = setTimeout(refresh, Math.max(SOON_MS, asked + REST_MS - Date.now()));
  }

  /**
   * @param {{ id: string, version: number | null }[]} cases
   * @param {boolean} whole
   */
  function changed(cases, whole) {
    refreshSoon();
    const { opened, doing } = store.state;
    if (!opened || doing?.isSending) return;
    const its = cases.find(({ id }) => id === opened.id);
    if (its ? its.version !== opened.version : !whole) look(opened.id);
  }

  /**
   * @param {string} id
   * @param {{ first?: boolean }} [how]
   */
  async function look(id, { first = false } = {}) {
    try {
      const opened = await request(addressOf(id));
      const shown = store.state.opened;
      if (wanted !== id || (shown?.id === id && shown.version > opened.version)) return;  // a later answer was faster
      const doing = first ? null : store.state.doing;
      const isOff = doing && !opened.moves.includes(doing.move);
      show({ opened, doing: isOff ? null : doing, problem: null, now: Date.now(), ...(isOff ? { told: text("cases.moved-on") } : {}) });
    } catch (error) {
      if (wanted !== id) return;
      show({ opened: null, doing: null, problem: /** @type {Refusal} */ (error) });
    }
  }

  /** @param {string} id */
  async function open(id) {
    wanted = id;
    show({ told: "", duplicates: null });
    await look(id, { first: true });
    if (wanted !== id || !store.state.opened) return;
    if (merges) compare(id);
    showAddress(`${home}?case=${encodeURIComponent(id)}`);
    focus("case");
  }

  /** @param {string} id */
  async function compare(id) {
    const duplicates = await request(`${addressOf(id)}/duplicates`).catch(() => null);
    if (wanted === id) show({ duplicates });
  }

  function close() {
    const id = store.state.opened?.id;
    wanted = "";
    show({ opened: null, duplicates: null, doing: null, problem: null });
    showAddress(home);
    if (id) focus(`case-${id}`);
  }

  /** @param {string} move */
  async function begin(move) {
    const { opened } = store.state;
    if (!opened) return;
    /** @type {Doing} */
    const doing = { move, key: newKey(), values: {}, words: "", files: [], sent: [], people: null, isSending: false, problem: null };
    show({ doing, told: "", problem: null });
    focus("doing");
    if (move !== "assign" && move !== "reassign") return;
    const people = await request(`${addressOf(opened.id)}/people`).catch(() => []);
    if (store.state.doing?.key === doing.key) fill({ people });
  }

  /** @param {string} id of the case that goes on for both */
  async function mergeInto(id) {
    await begin("merge");
    set("into", id);
  }

  /** @param {Partial<Doing>} fields */
  function fill(fields) {
    const { doing } = store.state;
    if (doing) show({ doing: { ...doing, ...fields } });
  }

  /**
   * @param {string} name
   * @param {*} value undefined: nothing is said of it
   */
  function set(name, value) {
    const { doing } = store.state;
    if (doing) fill({ values: { ...doing.values, [name]: value }, problem: null });
  }

  /** @param {FileList | null} files */
  function take(files) {
    const { doing } = store.state;
    if (doing) fill({ files: [...doing.files, ...[...files ?? []].map((file) => ({ key: newKey(), file }))] });
  }

  function giveUp() {
    show({ doing: null });
    focus("case");
  }

  async function send() {
    const { opened, doing } = store.state;
    if (!opened || !doing || doing.isSending) return;
    const { key } = doing;
    fill({ isSending: true, problem: null });
    try {
      let { version } = opened;
      for (const { key: its, file } of doing.files.filter((one) => !doing.sent.includes(one.key))) {
        ({ version } = await sendFile(`${addressOf(opened.id)}/attachments?key=${its}`, file));
        fill({ sent: [...store.state.doing?.sent ?? [], its] });
        show({ opened: { ...opened, version } });  // sent again it goes on from here
      }
      if (doing.move !== "attach") await move(opened.id, doing, version);
      else await look(opened.id);
      show({ doing: null, told: text("cases.done", { move: moveName(doing.move) }) });
      if (merges) compare(opened.id);
      refreshSoon();
      focus("told");
    } catch (error) {
      const problem = /** @type {Refusal} */ (error);
      if (problem.status === 409) await look(opened.id);
      if (store.state.doing?.key === key) fill({ isSending: false, problem });
    }
  }

  /**
   * @param {string} id
   * @param {Doing} doing
   * @param {number} version
   */
  async function move(id, doing, version) {
    const data = Object.fromEntries(Object.entries(doing.values).filter(([, value]) => value !== undefined && value !== ""));
    if (doing.words.trim()) data.text = doing.words.trim();
    const opened = await request(`${addressOf(id)}/events`, { method: "POST", body: { move: doing.move, expected_version: version, key: doing.key, data } });
    if (wanted === id) show({ opened, now: Date.now() });
  }

  /** @param {string} name */
  function filter(name, value = "") {
    show({ filter: { ...store.state.filter, [name]: value } });
    refresh();
  }

  return { show, refresh, changed, open, close, begin, mergeInto, fill, set, take, giveUp, send, filter };
}

/** @typedef {ReturnType<typeof caseActs>} CaseActs */

/** @param {string} id */
export function addressOf(id) {
  return `/api/incidents/${encodeURIComponent(id)}`;
}
