// The legend on the map: classes of the chosen measure, and the symbols that are shown now.
import { byId, element, fill } from "./dom.js";
import { facilityName, facilitySymbol } from "./layers.js";
import { dotPicture, linePicture, symbolPicture } from "./symbols.js";
import { formatNumber, page, text, textOfCode } from "./text.js";

export function drawLegend(atlas) {
  const box = byId("legend-body");
  fill(box, ...measureRows(atlas), ...siteRows(atlas), ...(atlas.closures ? [closedRow()] : []));
}

function measureRows(atlas) {
  const scale = atlas.villages?.legend;
  if (!scale || !scale.colours.length) return [note(text("page.legend.size"))];
  const title = text(`page.measure.${atlas.measure}`);
  const rows = classLabels(scale).map((label, k) => row(dotPicture(scale.colours[k]), label));
  if (scale.unreachable) rows.push(row(dotPicture(page.theme.unreachable), text("page.unreachable")));
  if (scale.unknown) rows.push(row(dotPicture(page.theme.unknown), text("page.legend.unknown")));
  const basis = atlas.basis[atlas.measure];
  return [
    element("h3", {}, title, element("span", { class: "unit" }, text(`page.legend.unit-${scale.unit}`))),
    element("ul", {}, ...rows),
    note(basis ? text("page.popup.basis", { basis }) : null), note(text("page.legend.size")),
  ].filter(Boolean);
}

export function classLabels({ breaks }) {
  if (!breaks.length) return [text("page.legend.all")];
  const shown = breaks.map((limit) => formatNumber(limit));
  const between = shown.slice(1).map((limit, k) => text("page.legend.between", { low: shown[k], high: limit }));
  return [text("page.legend.up-to", { high: shown[0] }), ...between, text("page.legend.above", { low: shown.at(-1) })];
}

function siteRows(atlas) {
  const standing = atlas.kinds.map((kind) => row(symbolPicture(facilitySymbol(kind)), facilityName(kind)));
  const kinds = Object.keys(page.theme.statuses).filter((status) => [...atlas.statuses.values()].includes(status));
  const asked = kinds.map((status) => row(symbolPicture(page.theme.statuses[status]), text(`page.status.${status}`)));
  const rows = [...(atlas.plan ? [plannedRow(atlas.plan.service)] : []), ...asked, ...standing];
  return rows.length ? [element("ul", {}, ...rows)] : [];
}

function plannedRow(service) {
  const symbol = page.theme.plans[service] || page.theme.otherFacility;
  return row(symbolPicture(symbol), text("page.legend.planned", { service: textOfCode(service, ["page.service"]) }));
}

function closedRow() {
  return element("ul", {}, row(linePicture(page.theme.lines.closed), text("page.closures.legend")));
}

function row(picture, label) {
  return element("li", {}, picture, element("span", {}, label));
}

function note(words) {
  return words ? element("p", { class: "note" }, words) : null;
}
