// One tile of the ground on a canvas: what lies lower first.
import { placing } from "./ground_data.js";

/** @import { Box, Ground, LineLook, Path } from "./ground_data.js" */

/** @typedef {{ shown: Set<string>, zoom: number, x: number, y: number, size: number, ratio: number }} Tile */

/** @typedef {{ context: CanvasRenderingContext2D, scale: number, left: number, top: number, box: Box }} Sheet */

const REACH = 16;  // pixels beyond the tile from which a wide line still shows
const CASED = 2;  // pixels from which a road has an edge
const BANKED = 6;  // pixels from which a river has banks
const BRIDGES = 12.5;

/**
 * Draw what `shown` names: settlements, rivers, townships, roads, streets, county.
 * @param {CanvasRenderingContext2D} context
 * @param {Ground} ground
 * @param {Tile} tile
 */
export function drawTile(context, ground, { shown, zoom, x, y, size, ratio }) {
  const { look } = ground;
  const sheet = sheetOf(context, ground, { zoom, x, y, size });
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.lineJoin = "round";
  drawLand(sheet, ground, { size, zoom });
  if (shown.has("settlements")) drawSettlements(sheet, ground, zoom);
  if (shown.has("rivers")) drawRivers(sheet, ground, zoom);
  if (shown.has("townships")) drawTownships(sheet, ground, zoom);
  drawRoads(sheet, ground, { zoom, shown });
  if (shown.has("county")) stroke(sheet, ground.county, { colour: look.county.colour, width: widthAt(look, look.county, zoom), closed: true });
}

/**
 * @param {import("./ground_data.js").Look} look
 * @param {LineLook} line
 * @param {number} zoom
 */
export function widthAt({ zooms }, { widths }, zoom) {
  const last = zooms.length - 1;
  if (zoom <= zooms[0]) return widths[0];
  if (zoom >= zooms[last]) return widths[last];
  const k = zooms.findIndex((stop) => stop > zoom) - 1;
  const share = (zoom - zooms[k]) / (zooms[k + 1] - zooms[k]);
  return widths[k] + share * (widths[k + 1] - widths[k]);
}

/**
 * The band of roads that counts at a zoom.
 * @param {Ground} ground
 * @param {number} zoom
 */
function bandAt({ bands }, zoom) {
  return bands.findLast((band) => band.zoom <= zoom) ?? bands[0];
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Ground} ground
 * @param {{ zoom: number, x: number, y: number, size: number }} tile
 * @returns {Sheet}
 */
function sheetOf(context, ground, { zoom, x, y, size }) {
  const at = placing(ground, zoom);
  const [left, top] = [x * size - at.left, y * size - at.top];
  /** @type {Box} */
  const box = [left - REACH, top - REACH, left + size + REACH, top + size + REACH];
  return { context, scale: at.scale, left, top, box: /** @type {Box} */ (box.map((edge) => edge / at.scale)) };
}

/**
 * @param {Sheet} sheet
 * @param {Ground} ground
 * @param {{ size: number, zoom: number }} at
 */
function drawLand(sheet, { county, look }, { size, zoom }) {
  const { context } = sheet;
  context.fillStyle = county.length ? look.outside : look.land;
  context.fillRect(0, 0, size, size);
  if (!county.length) return;
  stroke(sheet, county, { colour: look.rim, width: 6 + widthAt(look, look.county, zoom), closed: true });
  trace(sheet, county, true);
  context.fillStyle = look.land;
  context.fill("evenodd");
}

/**
 * @param {Sheet} sheet
 * @param {Ground} ground
 * @param {number} zoom
 */
function drawSettlements(sheet, { settlements, look }, zoom) {
  const { context } = sheet;
  trace(sheet, settlements, true);
  context.fillStyle = look.settlement;
  context.fill("evenodd");
  if (zoom < 12) return;
  context.strokeStyle = look.settlementEdge;
  context.lineWidth = 1;
  context.stroke();
}

/**
 * @param {Sheet} sheet
 * @param {Ground} ground
 * @param {number} zoom
 */
function drawTownships(sheet, { townships, look }, zoom) {
  const { colour, dash } = look.townships;
  stroke(sheet, townships, { colour, dash, width: widthAt(look, look.townships, zoom) });
}

/**
 * @param {Sheet} sheet
 * @param {Ground} ground
 * @param {{ zoom: number, shown: Set<string> }} at
 */
function drawRoads(sheet, ground, { zoom, shown }) {
  const { look } = ground;
  const roads = bandAt(ground, zoom).roads.filter(([name]) => shown.has(isStreet(look, name) ? "streets" : "roads"));
  const drawn = roads.map(([name, paths]) => {
    const line = look.roads[name] ?? look.otherRoad;
    return { line, paths, width: widthAt(look, line, zoom) };
  });
  for (const { line, paths, width } of drawn) drawEdges(sheet, line, paths, width);
  for (const { line, paths, width } of drawn) stroke(sheet, paths, { colour: line.colour, width: width >= CASED ? width : 0 });
  if (zoom < BRIDGES || !shown.has("roads")) return;
  for (const [name, paths] of ground.bridges) {
    const line = look.roads[name] ?? look.otherRoad;
    const width = Math.max(widthAt(look, line, zoom), CASED);
    stroke(sheet, paths, { colour: look.bridgeCasing, width: width + 4, cap: "butt" });
    stroke(sheet, paths, { colour: line.colour, width, cap: "butt" });
  }
}

/**
 * @param {import("./ground_data.js").Look} look
 * @param {string} name
 */
function isStreet(look, name) {
  return name === "living_street" || !(name in look.roads);
}

/**
 * The edges of a road, or all of one that is too narrow to have any.
 * @param {Sheet} sheet
 * @param {LineLook} line
 * @param {Path[]} paths
 * @param {number} width
 */
function drawEdges(sheet, line, paths, width) {
  if (width > 0) stroke(sheet, paths, { colour: line.casing ?? line.colour, width: width >= CASED ? width + 1.6 : width });
}

/**
 * @param {Sheet} sheet
 * @param {Ground} ground
 * @param {number} zoom
 */
function drawRivers(sheet, { rivers, look }, zoom) {
  const { colour, casing = colour } = look.rivers;
  const width = widthAt(look, look.rivers, zoom);
  if (width >= BANKED) stroke(sheet, rivers, { colour: casing, width: width + 1.6 });
  stroke(sheet, rivers, { colour, width });
}

/**
 * @param {Sheet} sheet
 * @param {Path[]} paths
 * @param {{ colour: string, width: number, dash?: number[], closed?: boolean, cap?: CanvasLineCap }} look
 */
function stroke(sheet, paths, { colour, width, dash = [], closed = false, cap = "round" }) {
  if (width <= 0) return;
  const { context } = sheet;
  trace(sheet, paths, closed);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.lineCap = dash.length ? "butt" : cap;
  context.setLineDash(dash);
  context.stroke();
  context.setLineDash([]);
}

/**
 * Lay the paths that meet the sheet.
 * @param {Sheet} sheet
 * @param {Path[]} paths
 * @param {boolean} closed
 */
function trace({ context, scale, left, top, box }, paths, closed) {
  context.beginPath();
  for (const { xy, box: [west, north, east, south] } of paths) {
    if (west > box[2] || east < box[0] || north > box[3] || south < box[1]) continue;
    context.moveTo(xy[0] * scale - left, xy[1] * scale - top);
    for (let k = 2; k < xy.length; k += 2) context.lineTo(xy[k] * scale - left, xy[k + 1] * scale - top);
    if (closed) context.closePath();
  }
}
