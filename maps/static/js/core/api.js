// Requests to our own server. Every failure becomes a sentence in the reader's language, with all that is wrong.
import { showSignedOut } from "./signed_out.js";
import { page, text } from "./text.js";

/** A request that was refused, or had no answer. */
export class ApiError extends Error {
  /**
   * @param {string} message
   * @param {{ faults?: *[], more?: number, mayPass?: boolean, told?: *, status?: number }} [means] `faults`: what is wrong,
   *   each with where it stands, what was expected and how to fix it; `more`: how many are not listed; `mayPass`: whether
   *   the same request may well be answered a little later; `told`: whatever else the server says; `status`: of HTTP, 0
   *   where no answer came
   */
  constructor(message, { faults = [], more = 0, mayPass = false, told = null, status = 0 } = {}) {
    super(message);
    this.faults = faults;
    this.more = more;
    this.mayPass = mayPass;
    this.told = told;
    this.status = status;
  }
}

/**
 * @typedef {{ method?: string, body?: unknown, signal?: AbortSignal }} Options `body` is sent as JSON, a file as it is
 */

/**
 * @param {string} path
 * @param {Options} [options]
 * @returns {Promise<*>} what the answer holds
 */
export async function request(path, options) {
  const answer = await send(path, options);
  return answer.status === 204 ? null : answer.json().catch(() => null);
}

/**
 * @param {string} path
 * @param {Options} [options]
 * @returns {Promise<ArrayBuffer>} a file
 */
export async function requestBytes(path, options) {
  const answer = await send(path, options);
  return answer.arrayBuffer().catch((error) => {
    if (/** @type {Error} */ (error).name === "AbortError") throw error;
    throw new ApiError(text("page.error.offline"), { mayPass: true });  // broken off on the way
  });
}

/**
 * @param {string} path
 * @param {Blob} file is the body itself
 * @returns {Promise<*>} what the answer holds
 */
export async function sendFile(path, file) {
  return (await send(path, { method: "POST", body: file })).json();
}

/**
 * @param {string} path
 * @param {Options} [options]
 */
async function send(path, { method = "GET", body, signal } = {}) {
  /** @type {Record<string, string>} */
  const headers = { "Accept": "application/json", "Accept-Language": page.lang };
  const isFile = body instanceof Blob;
  const sent = body instanceof Blob ? body : JSON.stringify(body);  // of nothing there is nothing
  if (body !== undefined) headers["Content-Type"] = isFile ? "application/octet-stream" : "application/json";
  let answer;
  try {
    answer = await fetch(path, { method, headers, signal, body: sent });
  } catch (error) {
    if (/** @type {Error} */ (error).name === "AbortError") throw error;
    throw new ApiError(text("page.error.offline"), { mayPass: true });
  }
  showSignedOut(answer.status === 401);
  if (answer.ok) return answer;
  const content = await answer.json().catch(() => null);
  const message = content?.message || text("page.error.server", { status: answer.status });
  throw new ApiError(message, { faults: content?.faults || [], more: content?.faults_left_out || 0, mayPass: answer.status === 503, told: content, status: answer.status });
}

// A key that lets the server recognise a repeated report; randomUUID needs https or localhost, random bytes do not.
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
