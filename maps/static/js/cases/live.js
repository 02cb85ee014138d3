// Changes as they happen: the server tells them; where it cannot, the page asks every few seconds.
import { request } from "../core/api.js";

const ASK_MS = 5000;
const TRY_MS = 15000;

/**
 * @param {{
 *   changed: (cases: { id: string, version: number | null }[], whole: boolean) => void,
 *   linked: (how: "live" | "asking") => void,
 * }} means `changed` hears of each change, and of every beginning, at which something may have been missed
 */
export function followCases({ changed, linked }) {
  let position = 0;
  let asking = 0;

  function listen() {
    const stream = new EventSource("/api/incidents/stream");
    const hear = (/** @type {MessageEvent} */ event) => {
      const told = JSON.parse(event.data);
      position = told.position;
      clearTimeout(asking);
      linked("live");
      changed(told.cases, told.whole && event.type === "changed");
    };
    stream.addEventListener("begun", hear);
    stream.addEventListener("changed", hear);
    stream.onerror = () => {
      linked("asking");
      if (stream.readyState !== EventSource.CLOSED) return;  // the browser tries again by itself
      stream.close();
      ask(Date.now() + TRY_MS);
    };
  }

  /** @param {number} until then the stream is tried again */
  function ask(until) {
    clearTimeout(asking);
    asking = setTimeout(async () => {
      const told = await request(`/api/incidents/feed?after=${position}`).catch(() => null);
      if (told) {
        position = told.position;
        if (told.cases.length) changed(told.cases, !told.more);
      }
      if (Date.now() > until) listen();
      else ask(until);
    }, ASK_MS);
  }

  listen();
}
