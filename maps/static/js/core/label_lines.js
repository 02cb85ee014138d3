// Names along lines: sign by sign, turned as the line is, each sign with a box of its own.

/** @import { Box } from "./free_space.js" */

/** A piece of a name, a whole one or one sign: its middle, its turn and its box. @typedef {{ text: string, x: number, y: number, angle: number, box: Box }} Piece */

/** @typedef {{ x: number, y: number }} Point */

const ROOM = 2;  // pixels around each name
const STEEP = (52 * Math.PI) / 180;  // where a line is steeper, the signs of its name stand upright below one another
const SIGNS = /^[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef—·]+$/u;
const DASH = /^[—-]$/;

/**
 * @param {Point} middle
 * @param {number} width
 * @param {number} height
 * @returns {Box}
 */
export function boxAround({ x, y }, width, height) {
  return { x: x - width / 2 - ROOM, y: y - height / 2 - ROOM, width: width + 2 * ROOM, height: height + 2 * ROOM };
}

/**
 * The pieces of a name on its line; upright and from above where the line is steep and the script allows it.
 * @param {string} text
 * @param {Point & { angle: number }} at the line there
 * @param {{ length: number, size: number }} of the text, pixels
 * @returns {Piece[]}
 */
export function piecesAlong(text, at, { length, size }) {
  if (!SIGNS.test(text)) return [pieceOf(text, at, { width: length, size, angle: at.angle })];
  const isUpright = Math.abs(at.angle) > STEEP;
  const angle = isUpright ? at.angle - Math.sign(at.angle) * (Math.PI / 2) : at.angle;
  const way = isUpright && at.angle < 0 ? at.angle + Math.PI : at.angle;
  const signs = [...text];
  const step = Math.max(length / signs.length, isUpright ? size * 1.05 : 0);
  return signs.map((sign, k) => {
    const off = (k - (signs.length - 1) / 2) * step;
    const middle = { x: at.x + off * Math.cos(way), y: at.y + off * Math.sin(way) };
    const lying = isUpright && DASH.test(sign) ? Math.PI / 2 : 0;  // in a column a dash stands
    return pieceOf(sign, middle, { width: size, size, angle: angle + lying });
  });
}

/**
 * @param {string} text
 * @param {Point} middle
 * @param {{ width: number, size: number, angle: number }} shape
 * @returns {Piece}
 */
function pieceOf(text, { x, y }, { width, size, angle }) {
  const [cos, sin] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
  return { text, x, y, angle, box: boxAround({ x, y }, width * cos + size * sin, width * sin + size * cos) };
}
