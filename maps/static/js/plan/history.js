// Steps that were made before this page was opened: undo and redo go on through the revisions that the server keeps.
import { keptOn } from "./county.js";
import { addressOf, contentOf, isOpenToChange } from "./saving.js";

/** @import { Content } from "./content.js" */
/** @import { PlanStore, Scenario } from "./state.js" */

const AHEAD = 4;  // so many are at hand before they are asked for, so that undo needs no answer
const MOST = 500;  // revisions among which those that follow are looked for

/** @typedef {{ revision: number, parent: number | null, aside: boolean }} Entry as the server lists revisions */

/**
 * @param {PlanStore} store
 * @param {{ request: (path: string, options?: object) => Promise<*>, known: (content: Content, revision: number) => void }} means
 *   `known` hears of each content which revision it is
 */
export function earlierSteps(store, { request, known }) {
  /** @type {{ id: string, back: number | null, on: number[] }} */
  let line = { id: "", back: null, on: [] };
  let filling = Promise.resolve();

  store.subscribe((_state, _before, how) => {
    if (how === "done") line.on = [];  // what was undone before something else was done is gone
    if (how !== "shown") fill();
  });

  function fill() {
    filling = filling.then(fillNow).catch(() => {});  // asked for again at the next step
    return filling;
  }

  async function fillNow() {
    const mine = line;
    const isWanted = () => line === mine && store.state.scenario?.id === mine.id;
    while (isWanted() && mine.back !== null && store.depth.past < AHEAD) {
      const then = await request(`${addressOf(mine)}/revisions/${mine.back}`);
      if (isWanted()) prolong(then, (content) => { store.prolong({ before: [content] }); mine.back = then.parent; });
    }
    while (isWanted() && mine.on.length && store.depth.future < AHEAD) {
      const [next] = mine.on;
      const then = await request(`${addressOf(mine)}/revisions/${next}`);
      if (isWanted() && mine.on[0] === next) prolong(then, (content) => { store.prolong({ after: [content] }); mine.on = mine.on.slice(1); });
    }
  }

  /**
   * @param {*} then a revision
   * @param {(content: Content) => void} add
   */
  function prolong(then, add) {
    const content = contentOf(then);
    known(content, then.revision);
    keptOn(content, then.county_version);
    add(content);
    store.dispatch({ type: "show", scenario: { .../** @type {Scenario} */ (store.state.scenario) } });  // there is something to undo now
  }

  return {
    /** @param {Scenario | null} scenario that was opened just now; of one that is only looked at nothing is undone */
    async opened(scenario) {
      line = { id: "", back: null, on: [] };
      if (!scenario || !isOpenToChange(scenario)) return;
      const mine = line;
      /** @type {Entry[]} */
      const listed = await request(`${addressOf(scenario)}/revisions?limit=${MOST}`);
      if (line !== mine || store.state.scenario?.id !== scenario.id) return;
      const here = listed.find(({ revision }) => revision === scenario.revision);
      line = { id: scenario.id, back: here?.parent ?? null, on: store.depth.past || store.depth.future ? [] : following(listed, scenario.revision) };
      await fill();
    },
  };
}

/**
 * The revisions that redo comes to, one after the other: each time the newest that was made from the one before.
 * @param {Entry[]} listed newest first
 * @param {number} from
 */
export function following(listed, from) {
  /** @type {number[]} */
  const found = [];
  for (let at = from; ;) {
    const next = listed.find(({ parent, aside }) => parent === at && !aside);
    if (!next) return found;
    found.push(next.revision);
    at = next.revision;
  }
}
