// The comparison: asks the server for the schemes that the address names, and lets every view follow the state.
import { request } from "../core/api.js";
import { showAddress } from "../core/address.js";
import { render } from "../core/html.js";
import { prepareHonesty } from "../core/honesty.js";
import { loadLater } from "../core/later.js";
import { prepareMenu } from "../core/menu.js";
import { page } from "../core/text.js";
import { addressOf, askedIn, comparisonAddress } from "./address.js";
import { askedOnce } from "./ground.js";
import { compareMaps } from "./maps.js";
import { loserTable } from "./losers.js";
import { offeredSchemes } from "./offered.js";
import { createCompareStore } from "./state.js";
import { VIEWS } from "./views/all.js";

/** @import { Refusal, State } from "./state.js" */

const store = createCompareStore(askedIn(location.search));
const maps = compareMaps(store, askedOnce(request));
const losers = loserTable(store);

/** @param {Partial<State>} fields */
const show = (fields) => store.dispatch({ type: "show", ...fields });

/** What is asked beyond comparing: a script of its own. @type {Record<string, *> | null} */
let studies = null;

/** @returns {Promise<Record<string, *>>} */
async function wantStudies() {
  return (studies ??= await loadLater(page.scripts.studies, "compare/studies"));
}

/** What views may ask of the page beside changing its state. */
const acts = {
  /** @param {string} reference */
  add: (reference) => store.dispatch({ type: "references", references: [...store.state.references, reference] }),
  /** @param {string} reference */
  remove: (reference) => store.dispatch({ type: "references", references: store.state.references.filter((one) => one !== reference) }),
  async findMadeGood() {
    const { comparison, pair } = store.state;
    if (!comparison || !pair) return;
    const named = pair.map((key) => comparison.schemes.find((one) => one.key === key)?.reference ?? "");
    const isWanted = () => store.state.pair === pair && store.state.comparison === comparison;
    show({ making: true, problem: null });
    try {
      const made = await request(`/api/compare/made-good?runs=${encodeURIComponent(named.join(","))}`);
      if (isWanted()) show({ madeGood: { ...store.state.madeGood, [pair.join("-")]: made }, making: false });
    } catch (error) {
      if (isWanted()) show({ problem: /** @type {Refusal} */ (error), making: false });
    }
  },
  /** @param {boolean} resolve whether the questions are solved anew too */
  askFutures: (resolve) => asked((found) => found.askFutures(store, resolve), "asking", "futuresProblem"),
  /**
   * @param {string} key of the scheme on whose conditions the curve is wanted
   * @param {string} curve
   */
  askCurve: (key, curve) => asked((found) => found.askCurve(store, key, curve), "drawing", "curveProblem"),
  /** @returns {Record<string, *> | null} the views of what was asked, null until they are there */
  studies: () => studies,
};

/** @typedef {typeof acts} Acts */

/**
 * @param {(studies: Record<string, *>) => Promise<void>} ask
 * @param {"asking" | "drawing"} waiting
 * @param {"futuresProblem" | "curveProblem"} wrong
 */
async function asked(ask, waiting, wrong) {
  const { references } = store.state;
  show({ [waiting]: { run: null }, [wrong]: null });
  try {
    await ask(await wantStudies());
  } catch (error) {
    if (store.state.references === references) show({ [waiting]: null, [wrong]: /** @type {Refusal} */ (error) });
  }
}

// Whatever is overtaken is dropped: another choice was made meanwhile.
async function compare() {
  const { references } = store.state;
  if (references.length < 2) return show({ loading: false });
  show({ loading: true });
  try {
    const comparison = await request(comparisonAddress(store.state));
    if (comparison.futures || comparison.curve) await wantStudies();
    if (store.state.references === references) store.dispatch({ type: "told", comparison });
  } catch (error) {
    if (store.state.references === references) await refused(/** @type {Refusal} */ (error));
  }
}

const RUNS = /** @type {const} */ ([["futures", "futuresRun", "futuresProblem"], ["study", "studyRun", "curveProblem"]]);

/** @param {Refusal} problem of a run that is not of these schemes: then they are shown without it */
async function refused(problem) {
  const found = RUNS.find(([field, run]) => store.state[run] && problem.faults?.length && problem.faults.every((fault) => fault.field === field));
  if (!found) return show({ problem, loading: false });
  const [, run, wrong] = found;
  show({ [run]: null, [wrong]: problem });
  await compare();
}

let drawing = 0;
function draw() {
  cancelAnimationFrame(drawing);
  drawing = requestAnimationFrame(drawNow);
}

function drawNow() {
  const { state } = store;
  for (const { id, view } of VIEWS) {
    const node = document.getElementById(id);
    if (node) render(view(state, store, acts), node);
  }
  document.body.dataset.loading = String(state.loading);
  maps.draw(state);
  losers.draw(state);
}

async function start() {
  prepareMenu();
  prepareHonesty();
  store.subscribe((state, before) => {
    if (state.references !== before.references) compare();
    if (["references", "pair", "futuresRun", "studyRun"].some((name) => state[/** @type {keyof State} */ (name)] !== before[/** @type {keyof State} */ (name)])) showAddress(addressOf(state));
    draw();
  });
  if (store.state.references.length) showAddress(addressOf(store.state));
  draw();
  await Promise.all([
    offeredSchemes(request).then((offered) => show({ offered })).catch((error) => show({ problem: error, offered: [] })),
    compare(),
  ]);
  drawNow();
  document.documentElement.dataset.ready = "true";
}

start();
