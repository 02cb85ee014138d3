// Class breaks of a choropleth and the class of a value. `breaks` are the inner limits: k breaks make k + 1 classes.

/**
 * Quantiles rounded to two digits, so that a legend reads 310 and not 307.4; equal ones fall together.
 * @param {(number | null | undefined)[]} values
 * @param {number} classes
 */
export function quantileBreaks(values, classes) {
  const sorted = values.filter((value) => typeof value === "number" && Number.isFinite(value)).map(Number).sort((a, b) => a - b);
  if (!sorted.length) return [];
  /** @type {number[]} */
  const breaks = [];
  for (let k = 1; k < classes; k += 1) {
    const limit = roundTo2Digits(sorted[Math.min(sorted.length - 1, Math.floor((k * sorted.length) / classes))]);
    if (limit > sorted[0] && limit < sorted[sorted.length - 1] && limit !== breaks.at(-1)) breaks.push(limit);
  }
  return breaks;
}

/** @param {number} value */
function roundTo2Digits(value) {
  return value === 0 ? 0 : Number(value.toPrecision(2));
}

/**
 * A value on a limit belongs to the lower class: "within 15 minutes" includes 15 minutes.
 * @param {number} value
 * @param {readonly number[]} breaks
 */
export function classOf(value, breaks) {
  let place = 0;
  while (place < breaks.length && value > breaks[place]) place += 1;
  return place;
}

/**
 * When breaks fell together, the colours spread over what is left, first and last kept.
 * @param {readonly number[]} breaks
 * @param {string[]} colours
 */
export function coloursFor(breaks, colours) {
  const count = breaks.length + 1;
  if (count >= colours.length) return colours;
  if (count === 1) return [colours[Math.floor(colours.length / 2)]];
  return Array.from({ length: count }, (_, k) => colours[Math.round((k * (colours.length - 1)) / (count - 1))]);
}
