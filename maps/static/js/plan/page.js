// The workbench: opens what the address names, draws the map, and lets every view follow the state of the page.
import { request } from "../core/api.js";
import { render } from "../core/html.js";
import { journal } from "../core/journal.js";
import { prepareHonesty } from "../core/honesty.js";
import { prepareMenu } from "../core/menu.js";
import { cancelRun } from "../core/run.js";
import { formatTime, page, text } from "../core/text.js";
import { roadEditsOf, same } from "./content.js";
import { askOf, buildOf, bytesOfCounty, keptOn, requestOfCounty } from "./county.js";
import { evaluationOf } from "./evaluated.js";
import { earlierSteps } from "./history.js";
import { askedFor, showLink, showNoLink } from "./link.js";
import { planMap } from "./map/plan_map.js";
import { autosave, nameLeft } from "./saving.js";
import { scenarioActs } from "./scenarios.js";
import { confirm, loadOfficeTimes, loadPlaces, openScenario, solve, usualContent } from "./server.js";
import { createPlanStore } from "./state.js";
import { isAsBuiltFor, isGroundOf, travelTimes } from "./times.js";
import { prepareKeys } from "./keys.js";
import { VIEWS } from "./views/all.js";
import { isFirstVisit } from "./visits.js";

/** @import { Refusal, State } from "./state.js" */

const asked = askedFor();
const store = createPlanStore({ question: { service: asked.service ?? page.services[0].name }, edits: [] });
let timesOf = travelTimes(bytesOfCounty);
/** The build that is served, as far as the page knows, and the one that it shows. */
let served = page.info.version;
let shownBuild = served;
const steps = journal(page.account);
const saving = autosave(store, {
  journal: steps, request, onSaved: showLink, clock: () => new Date().toISOString(),
  nameNew: () => text("plan.unnamed", { time: formatTime(new Date().toISOString()) }), nameCopy: (name) => text("plan.copy-name", { name }),
});
const earlier = earlierSteps(store, { request, known: saving.known });
const planned = planMap(store);

/** @param {Partial<State>} fields */
const show = (fields) => store.dispatch({ type: "show", ...fields });

/** The solving that is wanted now; an earlier one is not followed any more. */
let solving = {};

/** What views may ask of the page beside changing its state. */
const acts = {
  /** Solves the question as it stands; its sites become the sites of the scenario. */
  async solve() {
    const { content } = store.state;
    const mine = {};
    solving = mine;
    show({ run: { state: "queued" }, problem: null, infeasible: null });
    try {
      const plan = await solve(content, { tell: (run) => show({ run }), isWanted: () => solving === mine });
      if (plan === null || solving !== mine) return;
      if (plan.status === "infeasible") show({ infeasible: plan, run: null });
      else store.dispatch({ type: "sites", sites: plan.opened, run: null });
      if (same(store.state.content, content)) settle();  // the sites were the best already: their proof is told
    } catch (error) {
      show({ problem: /** @type {Refusal} */ (error), run: null });
    }
  },
  async stop() {
    const { run } = store.state;
    if (run?.id) await cancelRun(run.id).catch((error) => show({ problem: error }));
  },
  /**
   * Another service begins as it usually is; what is changed about the roads stays.
   * @param {string} service
   */
  async chooseService(service) {
    const mine = {};
    solving = mine;
    try {
      const content = await usualContent(service, { tell: (run) => show({ run }), isWanted: () => solving === mine }, roadEditsOf(store.state.content));
      if (content && solving === mine) store.dispatch({ type: "content", content, run: null });
    } catch (error) {
      show({ problem: /** @type {Refusal} */ (error), run: null });
    }
  },
  /** @param {{ id: string, revision: number | null } | null} wanted a scenario, null: the usual plan of the first service */
  open,
  ...scenarioActs(store, { request, saving, open }),
  /** @param {{ lat: number, lon: number, zoom?: number }} at */
  goTo: planned.goTo,
  /**
   * Minutes to the township's office are asked for once they are wanted.
   * @param {string} colour
   */
  async colourBy(colour) {
    show({ colour });
    if (colour !== "office" || store.state.office) return;
    try {
      show({ office: await loadOfficeTimes() });
    } catch (error) {
      show({ colour: "plan", problem: /** @type {Refusal} */ (error) });
    }
  },
  wholeCounty: planned.wholeCounty,
  finishArea: planned.finishArea,
};

/** @typedef {typeof acts} Acts */

// What was asked is asked no more: its answer would be to another question.
/** @param {*} run */
function abandon({ id }) {
  solving = {};
  show({ run: null });
  if (id) cancelRun(id).catch(() => {});
}

// Travel times of the content as it stands, then what the server says of it; whatever is overtaken is dropped.
async function settle() {
  const { content } = store.state;
  const build = buildNow();
  const isWanted = () => store.state.content === content && buildNow() === build;
  try {
    if (build !== shownBuild) turnTo(build);
    const ground = isGroundOf(store.state.ground, content) ? store.state.ground : await timesOf(content);
    if (!isWanted()) return;
    if (ground !== store.state.ground) show({ ground });
    if (content.question.sites?.length) await confirmLast();
  } catch (error) {
    if (isWanted()) show({ problem: /** @type {Refusal} */ (error) });
  }
}

function buildNow() {
  return buildOf(store.state) ?? served;
}

// What is open belongs to another build of the county: its places, its ground and its times, nothing of the one before.
/** @param {string} build */
function turnTo(build) {
  shownBuild = build;
  timesOf = travelTimes(bytesOfCounty);
  show({ ground: null, confirmed: null, places: new Map(), selected: null });
  loadCounty(build).catch((error) => { if (shownBuild === build) show({ problem: error }); });
}

/** @param {string} build */
async function loadCounty(build) {
  const isWanted = () => shownBuild === build;
  const { layers } = build === page.info.version ? page.info : await requestOfCounty("/api/county");
  await Promise.all([
    loadPlaces(layers).then((places) => { if (isWanted()) show({ places }); }),
    planned.loadGround(requestOfCounty, isWanted),
  ]);
}

/** What is shown of nothing that was open before. */
const AFRESH = { confirmed: null, selected: null, conflict: null, dialog: null, told: {}, recovered: 0 };

/** @type {Promise<void> | null} */
let confirming = null;

// One question at a time: what has changed meanwhile is asked after it, and only as it stands then.
async function confirmLast() {
  if (confirming) return;
  const { content } = store.state;
  const build = buildNow();
  confirming = confirm(content).then(async (told) => {
    if (buildNow() !== build) return;
    await renewFor(told.plan);
    if (store.state.content === content) show({ confirmed: { of: content, ...told } });
  });
  try {
    await confirming;
  } finally {
    confirming = null;
    if ((store.state.content !== content || buildNow() !== build) && isGroundOf(store.state.ground, store.state.content)) settle();
  }
}

// The county, or a table of the office, is another than when the page was opened: nothing of before is told beside it.
/** @param {*} plan as the server tells it now */
async function renewFor(plan) {
  const { ground, content, scenario } = store.state;
  if (!ground || isAsBuiltFor(ground, plan)) return;
  if (!scenario) [served, shownBuild] = [plan.county_version, plan.county_version];
  timesOf = travelTimes(bytesOfCounty);
  const [places, anew] = await Promise.all([loadPlaces(page.info.layers), timesOf(content)]);
  if (isGroundOf(anew, store.state.content)) show({ places, ground: anew });
}

let isStarting = true;

// Steps that are still on their way belong to the scenario that is open: another is opened after them.
/** @param {{ id: string, revision: number | null } | null} wanted */
async function open(wanted) {
  const service = store.state.content.question.service;
  solving = {};  // its sites would be those of another question
  if (!wanted) {
    const left = isStarting ? steps.left(nameLeft(null)) : null;
    isStarting = false;
    if (left) return recover(null, left);
    timesOf({ question: { service }, edits: [] }).catch(() => {});  // meanwhile: whoever needs them is told why they did not come
    const content = await usualContent(service, { tell: (run) => show({ run }), isWanted: () => true });
    await saving.done();
    if (!content) return;
    store.dispatch({ type: "opened", content, run: null, scenario: null, saving: { state: "none" }, ...AFRESH });
    if (asked.scenario) showNoLink();
  } else {
    await saving.done();
    const { scenario, content, at } = await openScenario({ scenario: wanted.id, revision: wanted.revision });
    await saving.done();
    const left = steps.left(nameLeft(scenario));
    showLink(scenario);
    if (left && (wanted.revision === null || wanted.revision === left.base)) recover(scenario, left);
    else {
      saving.known(content, scenario.revision);
      store.dispatch({ type: "opened", content, scenario, run: null, saving: { state: "saved", at }, ...AFRESH });
    }
  }
  earlier.opened(store.state.scenario).catch(() => {});  // without an answer there is just nothing further back
  await settle();
}

/**
 * What a tab that was killed had not sent is done again on what it was done to; where others have changed this since, both
 * are told, as of any two who save the same.
 * @param {import("./state.js").Scenario | null} scenario
 * @param {import("../core/journal.js").Left<import("./content.js").Content>} left
 */
function recover(scenario, { base, isMine, before, steps: done }) {
  if (scenario && base !== null) {
    keptOn(before, scenario.build);
    saving.known(before, base);
  }
  const then = scenario && base !== null ? { ...scenario, revision: base, head: isMine ? base : scenario.head } : null;
  store.dispatch({ type: "opened", content: before, scenario: then, run: null, saving: { state: "none" }, ...AFRESH });
  for (const { content, key, name } of done) {
    saving.goOnWith(key);
    store.dispatch({ type: "content", content });
    if (name) saving.keep(name);
  }
  show({ recovered: done.length });
}

let drawing = 0;
function draw() {
  cancelAnimationFrame(drawing);
  drawing = requestAnimationFrame(drawNow);
}

/** @type {State | null} */
let drawn = null;
// Views are drawn once a frame, and only those whose part of the state has changed; while a site is dragged, few have.
function drawNow() {
  const { state } = store;
  const evaluation = evaluationOf(state);
  planned.draw(state, evaluation);
  for (const { id, view, reads } of VIEWS) {
    const before = drawn;
    if (!before || reads.some((name) => state[name] !== before[name])) {
      const node = document.getElementById(id);
      if (node) render(view(state, evaluation, store, acts), node);
    }
  }
  drawn = state;
}

async function start() {
  prepareMenu();
  prepareHonesty();
  prepareKeys(store, acts);
  store.subscribe((state, before) => {
    askOf(buildOf(state));
    if (state.content !== before.content && state.run) abandon(state.run);
    if (state.content !== before.content || buildNow() !== shownBuild) settle();
    draw();
  });
  draw();
  try {
    await Promise.all([
      loadCounty(shownBuild),
      open(asked.scenario ? { id: asked.scenario, revision: asked.revision } : null),
    ]);
  } catch (error) {
    show({ problem: /** @type {Refusal} */ (error), run: null });
  }
  document.documentElement.dataset.ready = "true";
  if (!asked.scenario && isFirstVisit()) show({ dialog: "walk" });
}

window.addEventListener("beforeunload", (event) => { if (!saving.isDone) event.preventDefault(); });
start();
