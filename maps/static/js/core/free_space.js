// Which part of a map is still free: boxes that were taken, found by the squares that they touch.

/** @typedef {{ x: number, y: number, width: number, height: number }} Box pixels */

/** @typedef {{ isFree: (box: Box) => boolean, take: (box: Box) => void }} Space */

const SQUARE = 48;

/**
 * The space of a map of a size, with some of it taken.
 * @param {{ width: number, height: number }} size
 * @param {Box[]} taken
 * @returns {Space}
 */
export function freeSpace({ width, height }, taken) {
  const squares = /** @type {Map<string, Box[]>} */ (new Map());
  const take = (/** @type {Box} */ box) => {
    for (const key of squaresOf(box)) squares.set(key, [...(squares.get(key) ?? []), box]);
  };
  const isFree = (/** @type {Box} */ box) => {
    if (box.x < 0 || box.y < 0 || box.x + box.width > width || box.y + box.height > height) return false;
    return squaresOf(box).every((key) => !squares.get(key)?.some((other) => overlap(box, other)));
  };
  taken.filter((box) => overlap(box, { x: 0, y: 0, width, height })).forEach(take);
  return { isFree, take };
}

/** @param {Box} box */
function squaresOf({ x, y, width, height }) {
  const keys = [];
  for (let i = Math.floor(x / SQUARE); i <= Math.floor((x + width) / SQUARE); i += 1) {
    for (let j = Math.floor(y / SQUARE); j <= Math.floor((y + height) / SQUARE); j += 1) keys.push(`${i}:${j}`);
  }
  return keys;
}

/**
 * @param {Box} one
 * @param {Box} other
 */
function overlap(one, other) {
  return one.x < other.x + other.width && other.x < one.x + one.width
    && one.y < other.y + other.height && other.y < one.y + one.height;
}
