// A run: a computation that was asked for. Followed by the server's events; asked again and again where those fail.
import { ApiError, request } from "./api.js";
import { text } from "./text.js";

const POLL_MS = 300;
const BEST_MS = 5000;
const PATIENCE_MS = 60000;  // so long a server that does not answer is asked again

/** @typedef {*} Run as api/runs/view.py tells it */

export const isOpen = (/** @type {Run} */ run) => run.state === "queued" || run.state === "running";

/**
 * @param {string} path
 * @param {*} body
 * @returns {Promise<Run>}
 */
export async function askRun(path, body) {
  return (await request(path, { method: "POST", body })).run;
}

/**
 * @param {string} id
 * @returns {Promise<Run>}
 */
export async function cancelRun(id) {
  return (await request(addressOf(id), { method: "DELETE" })).run;
}

/** @param {string} id */
function addressOf(id) {
  return `/api/runs/${encodeURIComponent(id)}`;
}

/**
 * Where a plan lies with all that its proof needs.
 * @param {string} id
 */
export function planFileAddress(id) {
  return `${addressOf(id)}/plan-file`;
}

/** @typedef {{ tell: (run: Run) => void, isWanted: () => boolean }} Following `tell` hears of each change */

/**
 * @param {Run} run
 * @param {Following} following
 * @returns {Promise<Run | null>} the run once it has ended, with its result; null once nobody wants it
 */
export async function followRun(run, { tell, isWanted }) {
  let shown = run;
  let streams = "EventSource" in window;
  while (isOpen(shown)) {
    if (!isWanted()) return null;
    tell(shown);
    streams = streams && await streamed(shown, { tell, isWanted });
    if (!streams) await wait(POLL_MS);
    if (!isWanted()) return null;
    shown = await looked(shown.id, isWanted);
    if (shown === null) return null;
  }
  return withBest(shown, isWanted);
}

/**
 * A run that was cancelled may have ended before the best plan that it had found was put together.
 * @param {Run} run
 * @param {() => boolean} isWanted
 */
async function withBest(run, isWanted) {
  const deadline = Date.now() + BEST_MS;
  let shown = run;
  while (shown && shown.state === "cancelled" && !shown.result && Number.isFinite(shown.progress?.incumbent) && Date.now() < deadline) {
    await wait(POLL_MS);
    shown = await looked(shown.id, isWanted);
  }
  return shown;
}

/**
 * The words of a run that has no result.
 * @param {Run} run
 */
export function errorOf(run) {
  if (run.error) return new ApiError(run.error.message, { faults: run.error.faults });
  return new ApiError(text(run.state === "cancelled" ? "page.plan.cancelled" : "page.plan.failed"));
}

/**
 * What is told of a run that waits; null once it is computed.
 * @param {Run} run
 */
export function queueWords(run) {
  return run.state === "queued" ? text("page.run.queued", { place: run.place ?? 1 }) : null;
}

/**
 * @param {Run} run
 * @param {Following} following
 * @returns {Promise<boolean>} true when the stream has told of the end, false when it has failed
 */
function streamed(run, { tell, isWanted }) {
  return new Promise((resolve) => {
    const stream = new EventSource(`${addressOf(run.id)}/events`);
    const end = (/** @type {boolean} */ told) => { stream.close(); resolve(told); };
    stream.addEventListener("progress", (event) => {
      if (!isWanted()) end(true);
      else tell(JSON.parse(event.data).run);
    });
    stream.addEventListener("end", () => resolve(true));  // the server closes next; without this the browser would come again
    stream.onerror = () => end(false);
  });
}

/**
 * The run as it stands; a server that begins anew is waited for.
 * @param {string} id
 * @param {() => boolean} isWanted
 * @returns {Promise<Run | null>}
 */
async function looked(id, isWanted) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return (await request(addressOf(id))).run;
    } catch (error) {
      if (!(/** @type {ApiError} */ (error).mayPass) || Date.now() > deadline) throw error;
      await wait(POLL_MS);
      if (!isWanted()) return null;
    }
  }
}

/** @param {number} milliseconds */
function wait(milliseconds) {
  return new Promise((wake) => { setTimeout(wake, milliseconds); });
}
