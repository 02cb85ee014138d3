// The page of reports: somebody says what happened and where, and reads who goes there and until when.
import { request } from "../core/api.js";
import { createCombobox } from "../core/combobox.js";
import { html, render } from "../core/html.js";
import { foundWords, hitRow } from "../core/found.js";
import { prepareHonesty } from "../core/honesty.js";
import { prepareMenu } from "../core/menu.js";
import { page, text } from "../core/text.js";
import { incidentActs } from "./acts.js";
import { incidentMap } from "./map.js";
import { createIncidentStore } from "./state.js";
import { formView } from "./views/form.js";
import { hintView } from "./views/hint.js";
import { reportsView } from "./views/reports.js";
import { resultView } from "./views/result.js";

/** @import { TemplateResult } from "../../vendor/lit-html/lit-html.js" */
/** @import { Refusal, State } from "./state.js" */

const store = createIncidentStore();
const acts = { ...incidentActs(store, { mayList: page.mayList, focus: (id) => requestAnimationFrame(() => requestAnimationFrame(() => goTo(id))) }), chooseCentre };
const map = incidentMap(acts.choose);

/** @typedef {typeof acts} Acts */
/** @typedef {(state: State, acts: Acts) => TemplateResult} View */

/** @type {[id: string, view: View][]} */
const VIEWS = [["form", formView], ["result", resultView], ["reports", reportsView], ["hint", hintView]];

function chooseCentre() {
  return acts.choose(map.centre());
}

/** @param {string} id shown and chosen, once it is drawn */
function goTo(id) {
  const node = document.getElementById(id);
  node?.focus({ preventScroll: true });
  (node?.closest(".card") ?? node)?.scrollIntoView({ block: "nearest" });
}

let drawing = 0;
function draw() {
  cancelAnimationFrame(drawing);
  drawing = requestAnimationFrame(() => {
    map.draw(store.state);
    for (const [id, view] of VIEWS) {
      const node = document.getElementById(id);
      if (node) render(view(store.state, acts), node);
    }
  });
}

async function start() {
  prepareMenu();
  prepareHonesty();
  const field = createCombobox({
    id: "search", label: text("page.search.label"), placeholder: text("page.search.placeholder"), rowOf: hitRow,
    find: (words, signal) => request(`/api/search?q=${encodeURIComponent(words)}`, { signal }),
    onChoose: map.goTo, nameOf: ({ name }) => name, told: foundWords,
  });
  render(html`${field}`, /** @type {HTMLElement} */ (document.getElementById("look-up")));
  document.addEventListener("keydown", ({ key }) => { if (key === "Escape") acts.cancel(); });
  store.subscribe(draw);
  draw();
  await Promise.all([acts.list(), map.loadGround().catch((error) => acts.show({ problem: /** @type {Refusal} */ (error) }))]);
  document.documentElement.dataset.ready = "true";
}

start();
