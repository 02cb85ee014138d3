// The latest reports, as far as one may read them: category, cell, who handles it and until when.
import { html, nothing } from "../../core/html.js";
import { inventedMark } from "../../core/invented.js";
import { formatTime, page, text } from "../../core/text.js";
import { categoryName, handlerOf } from "../words.js";

/** @import { View } from "../page.js" */

/** @type {View} */
export function reportsView({ list, listProblem, shown }, acts) {
  if (!page.mayList) return html``;  // not everybody who reports may read what others reported
  return html`<h2>${text("page.incident.recent")}</h2>
    ${listProblem ? html`<p class="failure">${listProblem.message}</p>` : nothing}
    <ul id="incident-recent">${list?.map((one) => html`<li aria-current=${one.id === shown?.id ? "true" : nothing}><button type="button" class="link" @click=${() => acts.reopen(one.id)}>${categoryName(one.category)}</button>
        <span>${inventedMark(one)} ${[one.cell_name || text("page.incident.no-cell"), handlerOf(one)].filter(Boolean).join(" · ")}
          <small>${text("page.incident.due-at", { time: one.due_at ? formatTime(one.due_at) : text("page.unknown") })}</small></span></li>`)}
      ${list && !list.length ? html`<li class="none">${text("page.incident.none")}</li>` : nothing}</ul>`;
}
