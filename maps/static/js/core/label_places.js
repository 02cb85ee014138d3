// Where the names of the ground stand on a map: the weightier first, none on another or on a symbol, none cut off.
import { freeSpace } from "./free_space.js";
import { placing } from "./ground_data.js";
import { widthAt } from "./ground_tile.js";
import { boxAround, piecesAlong } from "./label_lines.js";

/** @import { Box, Space } from "./free_space.js" */
/** @import { Ground, LineName, NameLook, PointName } from "./ground_data.js" */
/** @import { Piece, Point } from "./label_lines.js" */

/** @typedef {"townships" | "rivers" | "roads" | "villages"} Kind */

/** `point`: what a name belongs to that had to stand away from it. @typedef {{ kind: Kind, text: string, font: string, pieces: Piece[], point?: Point }} Label */

/**
 * `zoom`, `left` and `top`: of the map, and its corner in the world's pixels; `measure` tells how wide a text is.
 * @typedef {{
 *   zoom: number, left: number, top: number, width: number, height: number, family: string,
 *   measure: (text: string, font: string) => number,
 * }} View
 */

/** What names are placed on: where a position of the ground lies, `scale` pixels a metre, and what is still free. @typedef {{ ground: Ground, view: View, scale: number, onMap: (at: Point) => Point, space: Space }} Sheet */

/** Half of the name's width and height to the right and down, and further pixels. @typedef {[right: number, down: number, dx: number, dy: number]} Offset */

const FIRST_PIXELS = 60_000;  // of the county: where it has no more, one village is named …
const MORE = 1.6;  // … and the power with which they grow in number, so that few are named from far off and all near
const LARGE = 0.06;  // share of the villages whose names are larger
const SAME_NAME = 320;  // pixels between two names of one line
const NARROWEST = 1.6;  // pixels of a road that is named
const WIDE = 1.6;  // a river's name is set so much wider than it is

/** @type {Offset[]} */
const BESIDE = [
  [0, 0, 0, 0], [0, -1, 0, -7], [0, 1, 0, 7], [1, 0, 8, 0], [-1, 0, -8, 0], [0, -1, 0, -13], [0, 1, 0, 13], [1, 0, 14, 0],
  [-1, 0, -14, 0],
];
const AWAY = 20;  // pixels from which a line leads from a name to its point
const AROUND = around([12, 24, 36, 48, 60, 76, 92, 108]);

/**
 * The names that a map shows.
 * @param {Ground} ground
 * @param {View} view
 * @param {Box[]} symbols
 * @returns {Label[]}
 */
export function placeNames(ground, view, symbols) {
  const { scale, left, top } = placing(ground, view.zoom);
  const onMap = (/** @type {Point} */ { x, y }) => ({ x: left - view.left + x * scale, y: top - view.top + y * scale });
  const sheet = { ground, view, scale, onMap, space: freeSpace(view, symbols) };
  const { names, look } = ground;
  const labels = [
    ...names.townships.map((name) => atPoint(sheet, name, { kind: "townships", look: look.names.townships, offsets: AROUND })),
    ...names.rivers.flatMap((name) => alongLine(sheet, name, { kind: "rivers", look: look.names.rivers })),
    ...wideRoads(sheet).flatMap((name) => alongLine(sheet, name, { kind: "roads", look: look.names.roads })),
    ...largeVillages(sheet).map((name, rank) =>
      atPoint(sheet, name, { kind: "villages", look: villageLook(ground, rank), offsets: BESIDE })),
  ];
  return labels.filter((label) => label !== null);
}

// Ever farther round a point: a township is wide, and its name may give way.
/** @param {number[]} reaches */
function around(reaches) {
  const ways = [[0, -1], [0, 1], [1, 0], [-1, 0], [1, -1], [-1, -1], [1, 1], [-1, 1]];
  /** @type {Offset[]} */
  const offsets = reaches.flatMap((reach) => ways.map(([x, y]) => /** @type {Offset} */ ([0, 0, x * reach, y * reach])));
  return /** @type {Offset[]} */ ([[0, 0, 0, 0], ...offsets]);
}

/** @param {Sheet} sheet */
function wideRoads({ ground: { names, look }, view: { zoom } }) {
  if (zoom < (look.names.roads.from ?? 0)) return [];
  return names.roads.filter(({ roadClass }) => widthAt(look, look.roads[roadClass] ?? look.otherRoad, zoom) >= NARROWEST);
}

/** @param {Sheet} sheet */
function largeVillages({ ground: { names, size }, scale }) {
  const pixels = size[0] * size[1] * scale ** 2;
  return names.villages.slice(0, Math.ceil((pixels / FIRST_PIXELS) ** MORE));
}

/**
 * @param {Ground} ground
 * @param {number} rank
 * @returns {NameLook}
 */
function villageLook({ names: { villages }, look: { names } }, rank) {
  const { size } = names.villages;
  return { ...names.villages, size: rank < LARGE * villages.length ? size + 1 : size };
}

/**
 * @param {Sheet} sheet
 * @param {PointName} name
 * @param {{ kind: Kind, look: NameLook, offsets: Offset[] }} how
 * @returns {Label | null}
 */
function atPoint({ view, onMap, space }, name, { kind, look, offsets }) {
  const at = onMap(name);
  if (!isIn(at, view)) return null;
  const { text } = name;
  const font = fontOf(look, view);
  const width = view.measure(text, font);
  for (const [right, down, dx, dy] of offsets) {
    const middle = { x: at.x + right * (width / 2) + dx, y: at.y + down * (look.size / 2) + dy };
    const pieces = [{ text, ...middle, angle: 0, box: boxAround(middle, width, look.size) }];
    if (settle(pieces, space)) return { kind, text, font, pieces, point: Math.hypot(dx, dy) > AWAY ? at : undefined };
  }
  return null;
}

/**
 * @param {Sheet} sheet
 * @param {LineName} name
 * @param {{ kind: Kind, look: NameLook }} how
 * @returns {Label[]}
 */
function alongLine({ view, scale, onMap, space }, { text, spots }, { kind, look }) {
  const font = fontOf(look, view);
  const length = view.measure(text, font) * (kind === "rivers" ? WIDE : 1);
  /** @type {Label[]} */
  const labels = [];
  /** @type {Point[]} */
  const before = [];
  for (const spot of spots) {
    const at = onMap(spot);
    if (spot.reach * scale < length / 2 || !isIn(at, view) || before.some((other) => isNear(at, other))) continue;
    const pieces = piecesAlong(text, { ...at, angle: spot.angle }, { length, size: look.size });
    if (!settle(pieces, space)) continue;
    before.push(at);
    labels.push({ kind, text, font, pieces });
  }
  return labels;
}

/**
 * Take the space of a name if all of it is free.
 * @param {Piece[]} pieces
 * @param {Space} space
 */
function settle(pieces, space) {
  if (!pieces.every(({ box }) => space.isFree(box))) return false;
  pieces.forEach(({ box }) => space.take(box));
  return true;
}

/**
 * @param {NameLook} look
 * @param {View} view
 */
function fontOf({ size, weight }, { family }) {
  return `${weight} ${size}px ${family}`;
}

/**
 * @param {Point} point
 * @param {View} view
 */
function isIn({ x, y }, { width, height }) {
  return x > 0 && y > 0 && x < width && y < height;
}

/**
 * @param {Point} one
 * @param {Point} other
 */
function isNear(one, other) {
  return Math.hypot(one.x - other.x, one.y - other.y) < SAME_NAME;
}
