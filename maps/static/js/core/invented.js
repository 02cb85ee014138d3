// The mark of a case that is invented, wherever one is shown.
import { html, nothing } from "./html.js";
import { text } from "./text.js";

/** @param {{ channel?: string }} one a case as the API tells it */
export function inventedMark({ channel }) {
  return channel === "example" ? html`<span class="mark" title=${text("page.invented.long")}>${text("page.invented.mark")}</span>` : nothing;
}
