// Texts of the message catalogue, and numbers, times and shares in words. The page carries its own language's texts.

function readJson(id) {
  const node = document.getElementById(id);
  return node ? JSON.parse(node.textContent) : null;
}

export const page = readJson("page-data");
const texts = window.countyTexts;
const locale = page.lang === "zh" ? "zh-CN" : "en-GB";
// Deadlines are counted in the county's working days, so they are shown in China's time wherever the browser stands.
const clock = new Intl.DateTimeFormat(locale, {
  timeZone: "Asia/Shanghai", month: "short", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit",
});

export function hasText(key) {
  return key in texts;
}

export function text(key, params = {}) {
  const found = texts[key];
  if (found === undefined) return key;
  return found.replace(/\{(\w+)(?::([^}]*))?\}/g, (_, name, spec) => fillField(params[name], spec));
}

// The text of a code that comes from data: the first prefix that knows it, else the code itself.
export function textOfCode(code, prefixes, params = {}) {
  const key = prefixes.map((prefix) => `${prefix}.${code}`).find(hasText);
  return key ? text(key, params) : String(code);
}

function fillField(value, spec) {
  if (value === undefined || value === null) return text("page.unknown");
  const decimals = spec?.match(/\.(\d)f/);
  if (typeof value === "number" && decimals) return formatNumber(value, Number(decimals[1]));
  return typeof value === "number" && spec?.includes(",") ? formatNumber(value) : String(value);
}

// Halves go up, whatever the browser's own rule: the command line writes the same figures.
export function formatNumber(value, decimals = 0) {
  const scale = 10 ** decimals;
  const rounded = Number.isInteger(value) ? value : Math.floor(value * scale + 0.5) / scale;
  return rounded.toLocaleString(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

export function formatPeople(count) {
  return count === null || count === undefined ? text("page.unknown") : text("page.people", { count: formatNumber(count) });
}

// Minutes to a tenth, halves up, in whole numbers: 471 s are 7.9 min.
export function minutesFigure(seconds) {
  return formatNumber(Math.floor((seconds + 3) / 6) / 10, 1);
}

// Seconds of persons or beds as hours; small ones to a tenth.
export function hoursFigure(seconds) {
  return seconds < 360000 ? formatNumber(Math.floor((seconds + 180) / 360) / 10, 1) : formatNumber(Math.floor((seconds + 1800) / 3600));
}

// Unreachable is a word, never a number.
export function formatMinutes(seconds) {
  if (seconds === null || seconds === undefined) return text("page.unreachable");
  return text("page.minutes", { minutes: minutesFigure(seconds) });
}

// Rounded down: 99.97 % of the people is not everybody.
export function formatShare(part, whole) {
  if (!whole) return text("page.unknown");
  const tenths = Math.floor((part * 1000) / whole);
  return tenths === 1000 ? "100%" : `${formatNumber(tenths / 10, 1)}%`;
}

// Rounded up: a gap is never made to look smaller than it is.
export function formatGap(gap) {
  if (gap === null || gap === undefined) return text("page.unknown");
  return `${formatNumber(Math.ceil(gap * 10000 - 1e-9) / 100, 2)}%`;
}

export function formatTime(iso) {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? String(iso) : clock.format(time);
}
