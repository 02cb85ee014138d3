// Find a village by name. Many share a name, so every hit shows its township and community.
import { request } from "./api.js";
import { focusPlace } from "./atlas.js";
import { byId, element, fill } from "./dom.js";
import { openPanel } from "./panel.js";
import { formatPeople, text } from "./text.js";

const WAIT_MS = 150;

export function prepareSearch(atlas) {
  const box = byId("search");
  const state = { hits: [], active: -1, timer: 0, abort: null };
  box.addEventListener("input", () => {
    clearTimeout(state.timer);
    state.timer = setTimeout(() => find(atlas, state, box.value.trim()), WAIT_MS);
  });
  box.addEventListener("keydown", (event) => onKey(atlas, state, event));
  box.addEventListener("blur", () => setTimeout(close, 200));
}

async function find(atlas, state, words) {
  state.abort?.abort();
  if (!words) return close();
  state.abort = new AbortController();
  try {
    const hits = await request(`/api/search?q=${encodeURIComponent(words)}`, { signal: state.abort.signal });
    state.hits = hits;
    state.active = hits.length ? 0 : -1;
    showHits(atlas, state);
  } catch (error) {
    if (error.name !== "AbortError") showMessage(error.message);
  }
  return undefined;
}

function showHits(atlas, state) {
  if (!state.hits.length) return showMessage(text("page.search.none"));
  const rows = state.hits.map((hit, place) => element("li", {
    id: `hit-${place}`, role: "option", "aria-selected": String(place === state.active),
    onmousedown: (event) => { event.preventDefault(); choose(atlas, hit); },
  }, element("strong", {}, hit.name), element("span", {}, whereText(hit)),
  hit.resident === null || hit.resident === undefined ? null : element("small", {}, formatPeople(hit.resident))));
  fill(byId("search-hits"), ...rows);
  markActive(state);
  byId("search-hits").hidden = false;
  byId("search").setAttribute("aria-expanded", "true");
  byId("search-status").textContent = text("page.search.found", { count: state.hits.length });
  return undefined;
}

function whereText(hit) {
  return [hit.township, hit.community].filter(Boolean).join(" · ");
}

function showMessage(words) {
  fill(byId("search-hits"), element("li", { class: "none" }, words));
  byId("search-hits").hidden = false;
  byId("search-status").textContent = words;
}

function markActive(state) {
  [...byId("search-hits").children].forEach((row, place) => {
    row.setAttribute("aria-selected", String(place === state.active));
    if (place === state.active) row.scrollIntoView({ block: "nearest" });
  });
  byId("search").setAttribute("aria-activedescendant", state.active < 0 ? "" : `hit-${state.active}`);
}

function onKey(atlas, state, event) {
  if (event.key === "Escape") return close();
  if (byId("search-hits").hidden || !state.hits.length) return undefined;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    state.active = (state.active + step + state.hits.length) % state.hits.length;
    markActive(state);
  } else if (event.key === "Enter") {
    event.preventDefault();
    choose(atlas, state.hits[state.active]);
  }
  return undefined;
}

function choose(atlas, hit) {
  byId("search").value = hit.name;
  close();
  openPanel(false);
  focusPlace(atlas, hit);
}

function close() {
  byId("search-hits").hidden = true;
  byId("search").setAttribute("aria-expanded", "false");
  byId("search").setAttribute("aria-activedescendant", "");
}
