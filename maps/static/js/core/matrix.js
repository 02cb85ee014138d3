// Travel times of a service as GET /api/matrices/{service} sends them; gis/matrix_bytes.py tells their form.

export const UNREACHABLE = 2 ** 29;  // seconds that stand for "no way", as on the server

const NEVER = 65535;  // stands for it where times take two bytes: the longest that is told so is 65534 seconds
const LENGTH = 4;  // bytes before the head, which tell how long it is

/**
 * What is said of places (rows) and candidates (columns); without a capacity nothing is said of loads.
 * @typedef {{
 *   service: string, mode: string, base: string, limit_s: number, county_version: string,
 *   weights_basis: string, weights_estimated: boolean, weights: number[], demand_ids: string[],
 *   candidate_ids: string[], candidate_names: string[], candidate_townships: (string | null)[] | null, candidate_origins: string[],
 *   max_time_s?: number | null, candidate_positions: [lon: number, lat: number][], statuses: [row: number, status: string][],
 *   loads?: number[], capacities?: number[], tables?: Record<string, number>,
 * }} About
 */

/**
 * `seconds` lie column by column: those from row i to candidate j at j * rows + i; `neverIn` them is no way.
 * @typedef {{ rows: number, columns: number, seconds: Uint16Array | Int32Array, about: About }} Matrix
 */

/** @typedef {{ rows: number, columns: number, bytes: number, order: number[] | null, about: About }} Head */

/** @type {Map<string, Promise<Matrix>>} */
const fetched = new Map();

/**
 * The matrix of a service, asked for once by each page; what failed is asked for again.
 * @param {string} service
 * @param {{ mode?: string, base?: string }} asked the service's own where nothing is said
 * @param {(address: string) => Promise<ArrayBuffer>} load
 * @returns {Promise<Matrix>}
 */
export function matrixOf(service, asked, load) {
  const query = new URLSearchParams(Object.entries(asked).filter(([, value]) => value)).toString();
  const address = `/api/matrices/${encodeURIComponent(service)}${query ? `?${query}` : ""}`;
  const known = fetched.get(address);
  if (known) return known;
  const coming = load(address).then(decodeMatrix);
  coming.catch(() => fetched.delete(address));
  fetched.set(address, coming);
  return coming;
}

/**
 * @param {ArrayBuffer} packed
 * @returns {Promise<Matrix>}
 */
export async function decodeMatrix(packed) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const content = await new Response(stream).arrayBuffer();
  const begin = LENGTH + new DataView(content).getUint32(0, true);
  /** @type {Head} */
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(content, LENGTH, begin - LENGTH)));
  const { rows, columns, about } = head;
  const stepAt = stepsOf(new Uint8Array(content, begin), head);
  return { rows, columns, about, seconds: head.order ? bothWays(stepAt, head, head.order) : inRows(stepAt, head) };
}

/**
 * The steps from each time to the next, out of the planes of their bytes; an array of them all would take more than the times.
 * @param {Uint8Array} bytes
 * @param {Head} head
 * @returns {(k: number) => number}
 */
function stepsOf(bytes, { rows, columns, bytes: width }) {
  const count = rows * columns;
  if (width === 1) return (k) => bytes[k];
  if (width === 2) return (k) => bytes[k] | (bytes[count + k] << 8);
  return (k) => {
    let step = 0;
    for (let place = 0; place < width; place += 1) step += bytes[place * count + k] * 256 ** place;
    return step;
  };
}

/**
 * Room for all times: two bytes each where they fit, half the memory.
 * @param {Head} head
 * @returns {Uint16Array | Int32Array}
 */
function roomFor({ rows, columns, bytes }) {
  return bytes <= 2 ? new Uint16Array(rows * columns) : new Int32Array(rows * columns);
}

/**
 * What stands for "no way" among times.
 * @param {ArrayLike<number>} seconds
 */
export function neverIn(seconds) {
  return seconds instanceof Uint16Array ? NEVER : UNREACHABLE;
}

/**
 * @param {(k: number) => number} stepAt
 * @param {Head} head
 */
function inRows(stepAt, head) {
  const { rows, columns, bytes } = head;
  const seconds = roomFor(head);
  const never = neverIn(seconds);
  const modulus = 256 ** bytes;
  let number = 0;
  for (let k = 0; k < seconds.length; k += 1) {
    number = (number + stepAt(k)) % modulus;
    seconds[(k % columns) * rows + Math.floor(k / columns)] = number === 0 ? never : number - 1;
  }
  return seconds;
}

/**
 * @param {(k: number) => number} stepAt
 * @param {Head} head
 * @param {number[]} order
 */
function bothWays(stepAt, head, order) {
  const { rows, columns, bytes } = head;
  const seconds = roomFor(head);
  const never = neverIn(seconds);
  const modulus = 256 ** bytes;
  let [number, k] = [0, 0];
  for (let r = 0; r < rows; r += 1) {
    for (let c = r; c < rows; c += 1, k += 1) {
      number = (number + stepAt(k)) % modulus;
      seconds[order[c] * rows + order[r]] = number === 0 ? never : number - 1;
    }
  }
  for (let c = rows; c < columns; c += 1) {
    for (let r = 0; r < rows; r += 1, k += 1) {
      number = (number + stepAt(k)) % modulus;
      seconds[c * rows + order[r]] = number === 0 ? never : number - 1;
    }
  }
  for (let r = 0; r < rows; r += 1) {
    for (let c = 0; c < r; c += 1, k += 1) {
      const back = seconds[order[r] * rows + order[c]];
      number = ((back === never ? 0 : back + 1) + stepAt(k)) % modulus;
      seconds[order[c] * rows + order[r]] = number === 0 ? never : number - 1;
    }
  }
  return seconds;
}
