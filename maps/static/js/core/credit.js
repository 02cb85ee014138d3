// Who the data come from, as their licences ask for: a line in the corner of the map, and all of it for whoever points there.
import { page, text } from "./text.js";

/** @param {L.Map} map */
export function creditSources(map) {
  const layers = /** @type {{ licence?: string }[]} */ (Object.values(page.info.layers));
  const licences = [...new Set(layers.flatMap(({ licence }) => (licence ?? "").split(";")).map((licence) => licence.trim()).filter(Boolean))];
  if (!licences.length) return;
  const line = document.createElement("span");
  line.textContent = text("page.credit", { licences: licences.join("; ") });
  map.attributionControl.addAttribution(line.innerHTML);  // it takes markup, so the words are escaped
  map.attributionControl.getContainer()?.setAttribute("title", line.textContent);
}
