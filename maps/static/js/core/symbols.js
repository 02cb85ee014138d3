// Symbols of facilities and planned sites as small SVG pictures: a shape and a colour for each kind.
import { element } from "./dom.js";

/** @typedef {{ shape: string, colour: string }} Symbol as maps/theme.py has it */

/** @type {Record<string, string>} */
const OUTLINES = {
  star: "M12 1.6l3.2 6.7 7.3 1-5.3 5.1 1.3 7.3L12 18.2l-6.5 3.5 1.3-7.3L1.5 9.3l7.3-1z",
  square: "M4 4h16v16H4z",
  diamond: "M12 2l10 10-10 10L2 12z",
  circle: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
  triangle: "M12 3l10 17H2z",
  house: "M12 2L2 11h3v10h14V11h3z",
  flag: "M4 2h3.5v1.5H21l-4 5 4 5H7.5V22H4z",
  hexagon: "M7 3h10l5 9-5 9H7l-5-9z",
  plus: "M8.5 2h7v6.5H22v7h-6.5V22h-7v-6.5H2v-7h6.5z",
  cross: "M6 2l6 6 6-6 4 4-6 6 6 6-4 4-6-6-6 6-4-4 6-6-6-6z",
};

/**
 * @param {Symbol} symbol
 * @param {{ size?: number, label?: string }} [look]
 * @returns {SVGElement}
 */
export function symbolPicture({ shape, colour }, { size = 16, label = "" } = {}) {
  const outline = element("path", {
    d: OUTLINES[shape], fill: colour, stroke: "#fff", "stroke-width": 1.6, "stroke-linejoin": "round",
    "paint-order": "stroke",
  });
  const edge = label === "" ? null : element("path", {  // so that a site stands out in grey too
    d: OUTLINES[shape], fill: "none", stroke: "#1f2a37", "stroke-width": 3, "stroke-linejoin": "round",
  });
  const number = label === "" ? null : element("text", {
    x: 12, y: shape === "triangle" ? 17.5 : 15.8, "text-anchor": "middle", "font-size": label.length > 2 ? 8 : 10, "font-weight": 700, fill: "#fff",
    stroke: colour, "stroke-width": label.length > 1 ? 2.5 : 0, "paint-order": "stroke", "stroke-linejoin": "round",
  }, label);
  return element("svg", { viewBox: "0 0 24 24", width: size, height: size, "aria-hidden": "true" },
    ...[edge, outline, number].filter(Boolean));
}

/**
 * @param {L.LatLngExpression} latlng
 * @param {Symbol} symbol
 * @param {{ size: number, pane: string, title: string, label?: string, anchor?: L.PointTuple }} look `anchor`: where in
 *   the picture its place lies, in pixels; the middle if not given
 */
export function symbolMarker(latlng, symbol, { size, label, pane, title, anchor }) {
  const icon = L.divIcon({
    html: /** @type {*} */ (symbolPicture(symbol, { size, label })), className: "symbol", iconSize: [size, size], iconAnchor: anchor,
  });
  return L.marker(latlng, { icon, pane, title, alt: title, keyboard: true, riseOnHover: true });
}

/**
 * @param {string} colour
 * @param {number} [size]
 * @returns {SVGElement}
 */
export function dotPicture(colour, size = 12) {
  return element("svg", { viewBox: "0 0 12 12", width: size, height: size, "aria-hidden": "true" },
    element("circle", { cx: 6, cy: 6, r: 5, fill: colour, stroke: "#4b5666", "stroke-width": 0.7 }));
}

/**
 * @param {string} colour
 * @param {number} [size]
 * @returns {SVGElement}
 */
export function ringPicture(colour, size = 12) {
  return element("svg", { viewBox: "0 0 12 12", width: size, height: size, "aria-hidden": "true" },
    element("circle", { cx: 6, cy: 6, r: 4.4, fill: "#ffffff", stroke: colour, "stroke-width": 2.4 }));
}

/**
 * @param {{ colour: string, width: number, dash?: string }} line
 * @returns {SVGElement}
 */
export function linePicture({ colour, width, dash }) {
  return element("svg", { viewBox: "0 0 22 10", width: 22, height: 10, "aria-hidden": "true" },
    element("line", { x1: 1, y1: 5, x2: 21, y2: 5, stroke: colour, "stroke-width": Math.max(1.4, width), "stroke-dasharray": dash }));
}
