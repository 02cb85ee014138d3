// A field that finds things as one types: arrows choose among what was found, Enter takes it, Escape closes the list.
import { html, nothing, render } from "./html.js";

const WAIT_MS = 150;  // after the last key

/**
 * @template Hit
 * @param {{
 *   id: string, label: string, placeholder?: string, find: (words: string, signal: AbortSignal) => Promise<Hit[]>,
 *   rowOf: (hit: Hit) => unknown, onChoose: (hit: Hit) => void, nameOf?: (hit: Hit) => string,
 *   told: (count: number) => string, failed?: (error: Error) => string,
 * }} means `nameOf`: what stays in the field, nothing if not given; `told` says how many were found
 * @returns {HTMLElement}
 */
export function createCombobox({ id, label, placeholder = "", find, rowOf, onChoose, nameOf = () => "", told, failed = (error) => error.message }) {
  const node = document.createElement("div");
  node.className = "combobox";
  /** @type {{ hits: Hit[], active: number, open: boolean, words: string, pending: boolean }} */
  const state = { hits: [], active: -1, open: false, words: "", pending: false };
  let timer = 0;
  let asking = new AbortController();
  let takeFirst = false;  // Enter was pressed before anything was found

  function draw() {
    const { hits, active, open, words } = state;
    render(html`<input id=${id} type="search" role="combobox" aria-label=${label} placeholder=${placeholder} autocomplete="off"
        aria-autocomplete="list" aria-controls=${`${id}-hits`} aria-expanded=${String(open)} aria-activedescendant=${open && active >= 0 ? `${id}-hit-${active}` : nothing}
        @input=${onInput} @keydown=${onKey} @blur=${() => setTimeout(close, 200)}>
      <ul id=${`${id}-hits`} class="hits" role="listbox" aria-label=${label} ?hidden=${!open}>
        ${hits.map((hit, k) => html`<li id=${`${id}-hit-${k}`} role="option" aria-selected=${String(k === active)} @mousedown=${(/** @type {Event} */ event) => { event.preventDefault(); choose(hit); }}>${rowOf(hit)}</li>`)}
        ${hits.length ? nothing : html`<li class="none" role="option" aria-disabled="true">${words}</li>`}
      </ul><p class="unseen" role="status">${open ? words : ""}</p>`, node);
    node.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }

  function input() { return /** @type {HTMLInputElement} */ (node.querySelector("input")); }

  function onInput() {
    clearTimeout(timer);
    asking.abort();
    takeFirst = false;
    const words = input().value.trim();
    state.pending = Boolean(words);
    if (words) timer = window.setTimeout(() => ask(words), WAIT_MS);
    else close();
  }

  /** @param {string} words */
  async function ask(words) {
    asking = new AbortController();
    try {
      const hits = await find(words, asking.signal);
      Object.assign(state, { hits, active: hits.length ? 0 : -1, open: true, words: told(hits.length), pending: false });
    } catch (error) {
      if (/** @type {Error} */ (error).name === "AbortError") return;
      Object.assign(state, { hits: [], active: -1, open: true, words: failed(/** @type {Error} */ (error)), pending: false });
    }
    if (takeFirst && state.hits.length) choose(state.hits[0]);
    else draw();
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.key === "Escape") { event.stopPropagation(); close(); }
    if (event.key === "Enter") {
      event.preventDefault();
      if (state.pending) takeFirst = true;
      else if (state.open && state.hits.length) choose(state.hits[state.active]);
    }
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (!step || !state.open || !state.hits.length) return;
    event.preventDefault();
    state.active = (state.active + step + state.hits.length) % state.hits.length;
    draw();
  }

  /** @param {Hit} hit */
  function choose(hit) {
    takeFirst = false;
    input().value = nameOf(hit);
    close();
    onChoose(hit);
  }

  function close() {
    state.open = false;
    draw();
  }

  draw();
  return node;
}
