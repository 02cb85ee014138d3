// Which rows of a table are shown, and in which order: pure, quick enough for thousands of rows at every key.

/**
 * A column; `value` is sorted by (null stands last, whichever way), `cell` is what is drawn, the value itself if not given.
 * `width` in pixels; `wordy`: words, which stand left; figures stand right.
 * @template Row
 * @typedef {{
 *   key: string, name: string, value: (row: Row) => string | number | null, cell?: (row: Row) => unknown,
 *   unit?: string, note?: string, width?: number, wordy?: boolean,
 * }} Column
 */

/** @typedef {{ key: string, down: boolean }} Sort */

/**
 * Rows made ready once: `searched` is what words are looked for in, `orders` are found as they are asked for.
 * @template Row
 * @typedef {{
 *   rows: readonly Row[], columns: readonly Column<Row>[], searched: string[], orders: Map<string, Order>,
 * }} Prepared
 */

/** @typedef {{ values: (string | number | null)[], known: number[], unknown: number[] }} Order places of rows, ascending */

const collator = new Intl.Collator("zh-CN", { numeric: true });

/**
 * @template Row
 * @param {readonly Row[]} rows
 * @param {readonly Column<Row>[]} columns
 * @param {(row: Row) => string} searchedIn what words are looked for in
 * @param {Prepared<Row> | null} [before] the orders of columns whose values are still the same are taken over
 * @returns {Prepared<Row>}
 */
export function prepareRows(rows, columns, searchedIn, before = null) {
  const orders = new Map([...(before?.orders ?? [])].filter(([key, { values }]) => {
    const column = columns.find((one) => one.key === key);
    return column && values.length === rows.length && rows.every((row, k) => column.value(row) === values[k]);
  }));
  return { rows, columns, searched: rows.map((row) => searchedIn(row).toLowerCase()), orders };
}

/**
 * The places of the rows that are shown, in their order.
 * @template Row
 * @param {Prepared<Row>} prepared
 * @param {{ words?: string, only?: (row: Row) => boolean, sort?: Sort | null }} asked every word must be found
 * @returns {number[]}
 */
export function findRows(prepared, { words = "", only = () => true, sort = null }) {
  const parts = words.toLowerCase().split(/\s+/).filter(Boolean);
  const isShown = (/** @type {number} */ k) => parts.every((part) => prepared.searched[k].includes(part)) && only(prepared.rows[k]);
  if (!sort) return [...prepared.rows.keys()].filter(isShown);
  const { known, unknown } = orderOf(prepared, sort.key);
  return [...(sort.down ? [...known].reverse() : known), ...unknown].filter(isShown);
}

/**
 * @template Row
 * @param {Prepared<Row>} prepared
 * @param {string} key
 * @returns {Order}
 */
function orderOf({ rows, columns, orders }, key) {
  const found = orders.get(key);
  if (found) return found;
  const column = columns.find((one) => one.key === key);
  const values = rows.map((row) => column?.value(row) ?? null);
  const places = [...rows.keys()];
  const known = places.filter((k) => values[k] !== null);
  const ranks = ranksOf(values);
  known.sort((a, b) => ranks(a) - ranks(b) || a - b);
  const order = { values, known, unknown: places.filter((k) => values[k] === null) };
  orders.set(key, order);
  return order;
}

/**
 * Words are compared once each, by their pinyin, and by numbers from then on.
 * @param {(string | number | null)[]} values
 * @returns {(k: number) => number}
 */
function ranksOf(values) {
  if (!values.some((value) => typeof value === "string")) return (k) => Number(values[k]);
  const words = [...new Set(values.map(String))].sort(collator.compare);
  const places = new Map(words.map((word, k) => [word, k]));
  return (k) => places.get(String(values[k])) ?? 0;
}

/**
 * Which rows lie in sight, and a few beyond, so that none is missing while one scrolls.
 * @param {{ count: number, top: number, height: number, rowHeight: number, beyond?: number }} seen
 */
export function windowOf({ count, top, height, rowHeight, beyond = 6 }) {
  const first = Math.floor(top / rowHeight) - beyond;
  const from = Math.max(0, Math.min(first, count - 1));
  const to = Math.min(count, Math.max(from, Math.ceil((top + height) / rowHeight) + beyond));
  return { from, to };
}

/**
 * The place that a key leads to from where one is; null where the key is none of these.
 * @param {string} key
 * @param {{ at: number, count: number, page: number }} where `at` is −1 before the first
 */
export function stepOf(key, { at, count, page }) {
  /** @type {Record<string, number>} */
  const steps = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: count - 1 };
  return key in steps && count ? Math.max(0, Math.min(count - 1, steps[key])) : null;
}

/**
 * What a click on the head of a column asks for: figures fall first, words rise first, the next click turns them round.
 * @template Row
 * @param {Column<Row>} column
 * @param {Sort | null} sort
 * @returns {Sort}
 */
export function nextSort({ key, wordy = false }, sort) {
  return { key, down: sort?.key === key ? !sort.down : !wordy };
}
