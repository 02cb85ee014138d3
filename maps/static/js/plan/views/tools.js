// The tools of the map: what a click does, what the colours tell, one step back or on, the whole county.
import { html, nothing } from "../../core/html.js";
import { page, text } from "../../core/text.js";

/** @import { View } from "./all.js" */

/** @type {("add" | "close" | "flood" | "bridge")[]} */
const TOOLS = ["add", "close", "flood", "bridge"];
const COLOURS = ["plan", "townships", "people", ...(page.info.layers.facilities ? ["office"] : []), "none"];

/** @type {View} */
export function toolsView({ tool, colour }, _evaluation, store, acts) {
  const choose = (/** @type {*} */ kind) => () => store.dispatch({ type: "show", tool: { kind: tool.kind === kind ? "look" : kind } });
  const hint = document.getElementById("hint");
  if (hint) {
    hint.hidden = tool.kind === "look";
    hint.textContent = tool.kind === "look" ? "" : text(`plan.hint.${tool.kind}`);
  }
  return html`
    <div class="group">
      <button type="button" id="undo" ?disabled=${!store.canUndo} title=${`${text("plan.undo")} Ctrl+Z`} @click=${() => store.undo()}>↶ ${text("plan.undo")}</button>
      <button type="button" id="redo" ?disabled=${!store.canRedo} title=${`${text("plan.redo")} Ctrl+Y`} @click=${() => store.redo()}>↷ ${text("plan.redo")}</button>
    </div>
    <div class="group">
      ${TOOLS.map((kind) => html`<button type="button" id=${`tool-${kind}`} title=${text(`plan.tool.${kind}`)} aria-pressed=${String(tool.kind === kind)} @click=${choose(kind)}>${text(`plan.tool.${kind}`)}</button>`)}
      ${tool.kind === "flood" ? html`<button type="button" id="finish-area" title=${text("plan.finish-area")} @click=${acts.finishArea}>${text("plan.finish-area")}</button>` : nothing}
    </div>
    <div class="group">
      <button type="button" id="whole-county" title=${text("plan.whole-county")} @click=${acts.wholeCounty}>${text("plan.whole-county")}</button>
      <label>${text("plan.colour")} <select id="colour" @change=${(/** @type {*} */ event) => acts.colourBy(event.target.value)}>
        ${COLOURS.map((one) => html`<option value=${one} ?selected=${one === colour}>${text(`plan.colours.${one}`)}</option>`)}
      </select></label>
    </div>`;
}
