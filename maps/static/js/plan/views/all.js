// Every view of the page: where it is drawn and which parts of the state it reads, so that nothing is drawn in vain.
import { choicesView } from "./choices.js";
import { dialogsLater } from "./dialogs_later.js";
import { figuresView } from "./figures.js";
import { legendView } from "./legend.js";
import { lookUpView } from "./look_up.js";
import { partsView } from "./parts.js";
import { scenarioView } from "./scenario.js";
import { toolsView } from "./tools.js";
import { villagesView } from "./villages.js";

/** @import { TemplateResult } from "../../../vendor/lit-html/lit-html.js" */
/** @import { Evaluation } from "../../core/evaluate.js" */
/** @import { Acts } from "../page.js" */
/** @import { PlanStore, State } from "../state.js" */

/** @typedef {(state: State, evaluation: Evaluation | null, store: PlanStore, acts: Acts) => TemplateResult} View */

/** @type {{ id: string, view: View, reads: (keyof State)[] }[]} */
export const VIEWS = [
  { id: "scenario", view: scenarioView, reads: ["scenario", "saving", "recovered"] },
  { id: "look-up", view: lookUpView, reads: [] },
  { id: "parts", view: partsView, reads: ["part"] },
  { id: "choices", view: choicesView, reads: ["content", "run", "problem", "infeasible", "places", "ground", "scenario", "form"] },
  { id: "tools", view: toolsView, reads: ["tool", "colour", "scenario", "content"] },
  { id: "legend", view: legendView, reads: ["colour", "places", "content", "ground", "confirmed", "layers", "years"] },
  { id: "figures", view: figuresView, reads: ["content", "ground", "dragging", "confirmed", "selected", "places", "run", "problem", "tool", "way", "study", "years", "office"] },
  { id: "villages", view: villagesView, reads: ["places", "ground", "content", "selected", "table", "confirmed"] },
  { id: "dialogs", view: dialogsLater, reads: ["dialog", "conflict", "told", "scenario", "content", "places", "ground", "form"] },
];
