// What colours, marks and symbols of the map mean, for the view that is shown.
import { changeOf, changeTheme } from "../compare/marks.js";
import { element, fill } from "../core/dom.js";
import { classLabels } from "../core/class_labels.js";
import { symbolOf } from "../plan/map/sites.js";
import { dotPicture, symbolPicture } from "../core/symbols.js";
import { formatNumber, page, serviceName, text } from "../core/text.js";
import { hollowSymbol } from "./changes.js";

/** @import { Data, View } from "./views.js" */

/**
 * @param {Element} box
 * @param {View} view
 * @param {Data} data
 */
export function drawLegend(box, view, data) {
  const isChange = view.before.length > 0;
  const service = { service: serviceName(view.service) };
  const planned = row(symbolPicture(symbolOf(view.service)), text("page.legend.planned", service));
  const gone = view.gone.length ? row(symbolPicture(hollowSymbol(view.service), { label: " " }), text("sheet.legend.gone", service)) : null;
  fill(box, element("strong", {}, text(`comparing.legend-${isChange ? "change" : "minutes"}`)),
    element("ul", {}, ...(isChange ? changeRows(view, data) : minuteRows(view)), planned, gone),
    element("p", {}, text(isChange ? "sheet.legend.size" : "page.legend.size")));
}

/** @param {View} view */
function minuteRows(view) {
  const { breaks, colours } = page.theme.measures.plan;
  const rows = classLabels({ breaks }).map((/** @type {string} */ label, /** @type {number} */ k) => row(dotPicture(colours[k]), label));
  return view.seconds.includes(null) ? [...rows, row(dotPicture(page.theme.unreachable), text("page.unreachable"))] : rows;
}

/**
 * @param {View} view
 * @param {Data} data
 */
function changeRows(view, data) {
  const { breaks, gain, loss, same } = changeTheme();
  const steps = [...breaks.keys()];
  const minutes = (/** @type {number} */ k) => (k + 1 < breaks.length
    ? text("page.legend.between", { low: formatNumber(breaks[k]), high: formatNumber(breaks[k + 1]) }) : text("page.legend.above", { low: formatNumber(breaks[k]) }));
  const found = new Set(data.places.ids.map((_, k) => changeOf(view.before[k], view.seconds[k]).way));
  return [
    ...[...steps].reverse().map((k) => row(dotPicture(gain[k]), text("comparing.legend-gain", { minutes: minutes(k) }))),
    row(dotPicture(same, 8), text("comparing.legend-same", { minutes: formatNumber(breaks[0]) })),
    ...steps.map((k) => row(trianglePicture(loss[k]), text("comparing.legend-loss", { minutes: minutes(k) }))),
    found.has("newly") ? row(dotPicture(gain[gain.length - 1]), text("comparing.change.newly")) : null,
    found.has("gone") ? row(trianglePicture(page.theme.unreachable), text("comparing.change.gone")) : null,
    found.has("neither") ? row(dotPicture(page.theme.unknown, 8), text("comparing.change.neither")) : null,
  ];
}

/** @param {string} colour */
function trianglePicture(colour) {
  return element("svg", { viewBox: "0 0 12 12", width: 12, height: 12, "aria-hidden": "true" },
    element("path", { d: "M6 0.8l5.5 10.4H0.5z", fill: colour, stroke: "#2b3440", "stroke-width": 0.7 }));
}

/**
 * @param {Element} picture
 * @param {string} label
 */
function row(picture, label) {
  return element("li", {}, picture, element("span", {}, label));
}
