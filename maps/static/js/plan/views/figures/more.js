// Further measures and the basis of all of them: the server's, so they wait for the drop and stand still until then.
import { html, nothing } from "../../../core/html.js";
import { basisRows } from "../../../told/basis.js";
import { measureDetails } from "../../../told/measures.js";
import { text } from "../../../core/text.js";
import { confirmedPlan } from "../../frame.js";

/** @import { State } from "../../state.js" */

/** @type {{ of: *, named: number, nodes: (Element | null)[] }} */
let made = { of: null, named: 0, nodes: [] };

/** @param {State} state */
export function moreFigures(state) {
  const plan = state.confirmed?.plan;
  if (!plan) return html`${nothing}`;
  if (made.of !== plan || made.named !== state.places.size) {
    const nameOf = (/** @type {string} */ id) => state.places.get(id)?.name ?? state.ground?.byId.get(id)?.name ?? id;
    const wasOpen = made.nodes.map((node) => node?.hasAttribute("open"));
    made = { of: plan, named: state.places.size, nodes: [measureDetails(plan), basisRows(plan, nameOf)] };
    made.nodes.forEach((node, k) => node?.toggleAttribute("open", wasOpen[k] ?? false));  // what was open stays open
  }
  const isOld = confirmedPlan(state) === null;
  return html`<div class=${isOld ? "more-figures old" : "more-figures"} title=${isOld ? text("plan.old") : nothing}>${made.nodes}</div>`;
}
