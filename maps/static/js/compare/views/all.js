// Every view of the page, and where it is drawn.
import { actionsView } from "./actions.js";
import { changeView } from "./change.js";
import { curveView } from "./curve.js";
import { futuresView } from "./futures.js";
import { mapsView } from "./maps.js";
import { measuresView } from "./measures.js";
import { schemesView } from "./schemes.js";
import { townshipsView } from "./townships.js";
import { warningsView } from "./warnings.js";

/** @import { nothing } from "../../core/html.js" */
/** @import { TemplateResult } from "../../../vendor/lit-html/lit-html.js" */
/** @import { Acts } from "../page.js" */
/** @import { CompareStore, State } from "../state.js" */

/** @typedef {(state: State, store: CompareStore, acts: Acts) => TemplateResult | typeof nothing} View */

/** @type {{ id: string, view: View }[]} */
export const VIEWS = [
  { id: "schemes", view: schemesView },
  { id: "warnings", view: warningsView },
  { id: "measures", view: measuresView },
  { id: "futures", view: futuresView },
  { id: "curve", view: curveView },
  { id: "maps", view: mapsView },
  { id: "change", view: changeView },
  { id: "townships", view: townshipsView },
  { id: "actions", view: actionsView },
];
