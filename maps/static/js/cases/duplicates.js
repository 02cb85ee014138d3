// Open cases that may be the same as the one that is looked at: a desk looks at them, and merges.
import { html, nothing } from "../core/html.js";
import { formatTime, text } from "../core/text.js";
import { distanceWords, spanWords, stateName } from "./words.js";

/** @import { CaseActs } from "./acts.js" */
/** @import { Duplicate, State } from "./state.js" */

const MINUTE = 60_000;

/**
 * @param {State} state
 * @param {Pick<CaseActs, "open" | "mergeInto">} acts
 */
export function duplicatesView({ opened, duplicates, doing }, acts) {
  if (!opened || !duplicates?.length) return nothing;
  const mayMerge = opened.moves.includes("merge") && !doing;
  const row = (/** @type {Duplicate} */ { id, state, reported_at: at, metres, minutes_apart: apart }) => html`<li>
    <button type="button" class="link" id="alike-${id}" @click=${() => acts.open(id)}>${id}</button>
    <span>${text("cases.duplicate", { distance: distanceWords(metres), time: spanWords(apart * MINUTE) })} · ${stateName(state)} · ${formatTime(at)}</span>
    ${mayMerge ? html`<button type="button" id="merge-${id}" @click=${() => acts.mergeInto(id)}>${text("cases.merge-into")}</button>` : nothing}</li>`;
  return html`<section class="duplicates" aria-labelledby="duplicates-title"><h3 id="duplicates-title">${text("cases.duplicates", { count: duplicates.length })}</h3>
    <p class="note">${text("cases.duplicates-note")}</p><ul>${duplicates.map(row)}</ul></section>`;
}
