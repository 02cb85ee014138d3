// Texts of the message catalogue, and numbers, times and shares in words. The page carries its own language's texts.

/** @type {*} what the page was made with: maps/pages.py, and the page's own */
export const page = JSON.parse(document.getElementById("page-data")?.textContent ?? "null");
const texts = window.countyTexts;
const locale = page.lang === "zh" ? "zh-CN" : "en-GB";
/** @type {Intl.NumberFormat[]} */
const writers = [];
// Deadlines are counted in the county's working days, so they are shown in China's time wherever the browser stands.
const clock = new Intl.DateTimeFormat(locale, {
  timeZone: "Asia/Shanghai", month: "short", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit",
});

/** @param {string} key */
export function hasText(key) {
  return key in texts;
}

/**
 * @param {string} key
 * @param {Record<string, *>} [params]
 * @returns {string}
 */
export function text(key, params = {}) {
  const found = texts[key];
  if (found === undefined) return key;
  return found.replace(/\{(\w+)(?::([^}]*))?\}/g, (_, name, spec) => fillField(params[name], spec));
}

/**
 * The text of a code that comes from data: the first prefix that knows it, else the code itself.
 * @param {string | number} code
 * @param {string[]} prefixes
 * @param {Record<string, *>} [params]
 */
export function textOfCode(code, prefixes, params = {}) {
  const key = prefixes.map((prefix) => `${prefix}.${code}`).find(hasText);
  return key ? text(key, params) : String(code);
}

/**
 * What a service is called: services are data, and so is their name.
 * @param {string} code
 * @returns {string}
 */
export function serviceName(code) {
  return serviceOf(code)?.label || textOfCode(code, ["page.service"]);
}

/**
 * @param {string} code
 * @returns {*} the service as maps/pages.py tells it
 */
export function serviceOf(code) {
  return page.services.find((/** @type {*} */ { name }) => name === code);
}

/**
 * @param {*} value
 * @param {string | undefined} spec
 */
function fillField(value, spec) {
  if (value === undefined || value === null) return text("page.unknown");
  const decimals = spec?.match(/\.(\d)f/);
  if (typeof value === "number" && decimals) return formatNumber(value, Number(decimals[1]));
  return typeof value === "number" && spec?.includes(",") ? formatNumber(value) : String(value);
}

/**
 * Halves go up, whatever the browser's own rule: the command line writes the same figures.
 * @param {number} value
 * @param {number} [decimals]
 */
export function formatNumber(value, decimals = 0) {
  const scale = 10 ** decimals;
  const rounded = Number.isInteger(value) ? value : Math.floor(value * scale + 0.5) / scale;
  return writerOf(decimals).format(rounded);
}

/**
 * Made once for each number of decimals: making one takes longer than writing a hundred numbers.
 * @param {number} decimals
 */
function writerOf(decimals) {
  writers[decimals] ??= new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return writers[decimals];
}

/** @param {number | null | undefined} count */
export function formatPeople(count) {
  return count === null || count === undefined ? text("page.unknown") : text("page.people", { count: formatNumber(count) });
}

/**
 * Minutes to a tenth, halves up, in whole numbers: 471 s are 7.9 min.
 * @param {number} seconds
 */
export function minutesFigure(seconds) {
  return formatNumber(Math.floor((seconds + 3) / 6) / 10, 1);
}

/**
 * Seconds of persons or beds as hours; small ones to a tenth.
 * @param {number} seconds
 */
export function hoursFigure(seconds) {
  return seconds < 360000 ? formatNumber(Math.floor((seconds + 180) / 360) / 10, 1) : formatNumber(Math.floor((seconds + 1800) / 3600));
}

/**
 * Unreachable is a word, never a number.
 * @param {number | null | undefined} seconds
 */
export function formatMinutes(seconds) {
  if (seconds === null || seconds === undefined) return text("page.unreachable");
  return text("page.minutes", { minutes: minutesFigure(seconds) });
}

/**
 * Rounded down: 99.97 % of the people is not everybody.
 * @param {number} part
 * @param {number} whole
 */
export function formatShare(part, whole) {
  if (!whole) return text("page.unknown");
  const tenths = Math.floor((part * 1000) / whole);
  return tenths === 1000 ? "100%" : `${formatNumber(tenths / 10, 1)}%`;
}

/**
 * Rounded up: a gap is never made to look smaller than it is.
 * @param {number | null | undefined} gap
 */
export function formatGap(gap) {
  if (gap === null || gap === undefined) return text("page.unknown");
  return `${formatNumber(Math.ceil(gap * 10000 - 1e-9) / 100, 2)}%`;
}

/** @param {string} iso */
export function formatTime(iso) {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? String(iso) : clock.format(time);
}
