// Which names are most like one that nobody has: a letter more, less or another counts one.

const MOST_OFF = 2;

/**
 * @template {{ name: string }} Named
 * @param {string} typed
 * @param {Iterable<Named>} places
 * @param {number} [count]
 * @returns {Named[]} the closest first, none that is further off than two letters or shares no letter
 */
export function closestTo(typed, places, count = 3) {
  const words = typed.split(/[\s,,;;、]+/).filter(Boolean);
  const found = [...places].flatMap((place) => {
    const off = Math.min(...words.map((word) => distance(word, place.name)));
    return off <= MOST_OFF && off < place.name.length ? [{ place, off }] : [];
  });
  return found.sort((one, other) => one.off - other.off).slice(0, count).map(({ place }) => place);
}

/**
 * @param {string} one
 * @param {string} other
 * @returns {number} Levenshtein's, or more than any that counts
 */
export function distance(one, other) {
  if (Math.abs(one.length - other.length) > MOST_OFF) return MOST_OFF + 1;
  let before = Array.from({ length: other.length + 1 }, (_, k) => k);
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) row[j] = Math.min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1));
    before = row;
  }
  return before[other.length];
}
