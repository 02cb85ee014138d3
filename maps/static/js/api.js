// Requests to our own server. Every failure becomes a sentence in the reader's language, with all that is wrong.
import { showSignedOut } from "./signed_out.js";
import { page, text } from "./text.js";

// `faults`: what is wrong, each with where it stands, what was expected and how to fix it; `more`: how many are not listed;
// `mayPass`: whether the same request may well be answered a little later.
export class ApiError extends Error {
  constructor(message, { faults = [], more = 0, mayPass = false } = {}) {
    super(message);
    this.faults = faults;
    this.more = more;
    this.mayPass = mayPass;
  }
}

export async function request(path, { method = "GET", body, signal } = {}) {
  const headers = { "Accept": "application/json", "Accept-Language": page.lang };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(path, { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(text("page.error.offline"), { mayPass: true });
  }
  const content = answer.status === 204 ? null : await answer.json().catch(() => null);
  showSignedOut(answer.status === 401);
  if (!answer.ok) {
    const message = content?.message || text("page.error.server", { status: answer.status });
    throw new ApiError(message, { faults: content?.faults || [], more: content?.faults_left_out || 0, mayPass: answer.status === 503 });
  }
  return content;
}

// A key that lets the server recognise a repeated report; randomUUID needs https or localhost, random bytes do not.
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
