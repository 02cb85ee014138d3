// What both pages of cases do at their start: draw what the store holds, follow what happens, keep the clock going.
import { render } from "../core/html.js";
import { prepareHonesty } from "../core/honesty.js";
import { prepareMenu } from "../core/menu.js";
import { caseActs } from "./acts.js";
import { followCases } from "./live.js";
import { caseMap } from "./map.js";

/** @import { FormActs } from "./form.js" */
/** @import { CaseStore, Refusal, State } from "./state.js" */

const CLOCK_MS = 30_000;

/**
 * @param {CaseStore} store
 * @param {{ name: string, listOf: (state: State) => string, viewsOf: (acts: FormActs) => [id: string, view: () => *][],
 *   merges?: boolean, showsAll?: boolean }} means `viewsOf`: where on the page what is drawn; `merges`: whether it shows what may
 *   be the same; `showsAll`: whether the map begins with all of the list
 */
export function startCases(store, { name, listOf, viewsOf, merges = false, showsAll = false }) {
  const home = `/${name}`;
  const focus = (/** @type {string} */ id) => requestAnimationFrame(() => requestAnimationFrame(() => goTo(id)));
  const own = caseActs(store, { listOf, home, focus, merges });
  const map = caseMap(name, own.open);
  const acts = { ...own, centre: map.centre };
  const views = viewsOf(acts);
  let drawing = 0;

  function draw() {
    cancelAnimationFrame(drawing);
    drawing = requestAnimationFrame(() => {
      document.body.classList.toggle("opened", store.state.opened !== null);
      map.draw(store.state);
      for (const [id, view] of views) {
        const node = document.getElementById(id);
        if (node) render(view(), node);
      }
    });
  }

  async function start() {
    prepareMenu();
    prepareHonesty();
    document.addEventListener("keydown", ({ key }) => {
      if (key !== "Escape" || store.state.doing?.isSending) return;
      if (store.state.doing) acts.giveUp();
      else if (store.state.opened) acts.close();
    });
    store.subscribe(draw);
    draw();
    const asked = new URLSearchParams(location.search).get("case");
    followCases({ changed: acts.changed, linked: (link) => { if (link !== store.state.link) acts.show({ link }); } });
    setInterval(() => acts.show({ now: Date.now() }), CLOCK_MS);
    await Promise.all([
      acts.refresh(),
      asked ? acts.open(asked) : null,
      map.loadGround().catch((error) => acts.show({ problem: /** @type {Refusal} */ (error) })),
    ]);
    if (showsAll && !store.state.opened) requestAnimationFrame(() => map.showAll());
    document.documentElement.dataset.ready = "true";
  }

  start();
  return acts;
}

/** @param {string} id shown and chosen, once it is drawn */
function goTo(id) {
  const node = document.getElementById(id);
  node?.focus({ preventScroll: true });
  node?.scrollIntoView({ block: "nearest" });
}
