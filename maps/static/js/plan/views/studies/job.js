// A study of the question on the page: asked, followed, stopped. One at a time, and none beside a plan that is solved.
import { html, nothing } from "../../../core/html.js";
import { wordsOf } from "../../../core/faults.js";
import { askRun, cancelRun, errorOf, followRun, queueWords } from "../../../core/run.js";
import { formatNumber, text } from "../../../core/text.js";
import { addressIn } from "../../county.js";

/** @import { TemplateResult } from "../../../../vendor/lit-html/lit-html.js" */
/** @import { PlanStore, Refusal, State, Study } from "../../state.js" */

/** @type {{ name: string, id: string | null, stopped: boolean } | null} */
let running = null;
/** @type {PlanStore | null} */
let watched = null;

/**
 * @param {PlanStore} store
 * @param {string} name of the study
 * @param {Partial<Study>} fields
 */
export function showStudy(store, name, fields) {
  const { study } = store.state;
  store.dispatch({ type: "show", study: { ...study, [name]: { ...study[name], ...fields } } });
}

/**
 * @param {PlanStore} store
 * @param {string} name
 * @param {Record<string, *>} body of the question
 */
async function start(store, name, body) {
  watch(store);
  await stop();
  const mine = { name, id: /** @type {string | null} */ (null), stopped: false };
  running = mine;
  showStudy(store, name, { body, run: { state: "queued" }, answer: null, problem: null, isStopped: false });
  try {
    const begun = await askRun(addressIn("/api/studies"), body);
    mine.id = begun.id;
    if (mine.stopped) await stop();
    const ended = await followRun(begun, { tell: (/** @type {*} */ run) => showStudy(store, name, { run }), isWanted: () => true });
    if (ended.result) showStudy(store, name, { answer: ended.result });
    else if (ended.state === "cancelled") showStudy(store, name, { isStopped: true });
    else throw errorOf(ended);
  } catch (error) {
    showStudy(store, name, { problem: /** @type {Refusal} */ (error) });
  } finally {
    showStudy(store, name, { run: null });
    if (running === mine) running = null;
  }
}

async function stop() {
  const job = running;
  if (!job) return;
  job.stopped = true;
  if (job.id) await cancelRun(job.id).catch(() => null);
}

// A plan that is asked for must not wait for a study.
function watch(/** @type {PlanStore} */ store) {
  if (watched) return;
  watched = store;
  store.subscribe((state, before) => { if (state.run && !before.run) stop(); });
}

/**
 * One study: its fields, the button that starts it, how far it is, what is wrong, and what came of it.
 * @param {{
 *   name: string, about: string, state: State, store: PlanStore, body: (form: FormData) => Record<string, *>,
 *   isOf: (body: Record<string, *>) => boolean, fields?: unknown, answer: (answer: *, study: Study) => unknown,
 * }} means `body` of what the form says, `isOf`: whether an answer to it is one to what is asked now
 * @returns {TemplateResult}
 */
export function studyParts({ name, about, state, store, body, isOf, fields = nothing, answer }) {
  const study = state.study[name] ?? {};
  const submit = (/** @type {*} */ event) => {
    event.preventDefault();
    const unread = [...event.target.querySelectorAll("input")].find((input) => input.validity.badInput);  // it would be left out without a word
    if (unread) showStudy(store, name, { answer: null, problem: unreadIn(unread) });
    else start(store, name, body(new FormData(event.target)));
  };
  return html`<p class="note">${about}</p>
    <form class="study-form" novalidate @submit=${submit}>${fields}
      <button type="submit" class="primary" ?disabled=${Boolean(study.run)}>${text("page.study.start")}</button>
      ${study.run ? progress(study.run) : nothing}</form>
    <div class="study-result" aria-live="polite">${study.problem ? problem(study.problem) : nothing}
      ${study.isStopped ? html`<p class="note">${text("page.study.stopped")}</p>` : nothing}
      ${study.answer && study.body ? told(study, isOf(study.body), answer) : nothing}</div>`;
}

/**
 * @param {Study} study
 * @param {boolean} isOfNow
 * @param {(answer: *, study: Study) => unknown} answer
 */
function told(study, isOfNow, answer) {
  if (isOfNow) return answer(study.answer, study);
  return html`<p class="note" role="status">${text("plan.study.old")}</p>`;
}

/** @param {*} run */
function progress(run) {
  const { step, done, of } = run.progress ?? {};
  const elapsed = text("page.plan.elapsed", { seconds: formatNumber(run.elapsed_s ?? 0) });
  const words = (run.id && queueWords(run)) || [elapsed, ...(step ? [text(`page.study.step-${step}`, { done: formatNumber(done ?? 0), of: formatNumber(of ?? 0) })] : [])].join(" · ");
  return html`<button type="button" class="small stop" @click=${stop}>${text("page.study.stop")}</button>
    <progress max="1" aria-label=${text("page.study.title")} .value=${of ? done / of : 0}></progress><span role="status">${words}</span>`;
}

/**
 * @param {HTMLInputElement} input
 * @returns {Refusal}
 */
function unreadIn(input) {
  const name = input.closest("label")?.querySelector("span")?.textContent ?? "";
  return new Error(text("page.error.named", { name, words: text("page.error.expected", { expected: text("page.error.not-a-number") }) }));
}

/** @param {Refusal} refusal */
function problem({ message, faults = [] }) {
  return html`<div class="failure" role="alert"><p>${message}</p>
    ${faults.length ? html`<ul class="problems">${faults.map((fault) => html`<li>${wordsOf(fault, null)}</li>`)}</ul>` : nothing}</div>`;
}
