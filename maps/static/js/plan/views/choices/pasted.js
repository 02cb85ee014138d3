// Names that were pasted, sorted by what they mean: one place, several, none, or something that is no site. Nothing here draws.

/** @typedef {{ id: string, name: string, kind: string, township: string | null, community: string | null }} Meant as POST /api/names tells it */

/**
 * `lines`: how many of those pasted read so.
 * @typedef {{ typed: string, lines: number, matches: Meant[] }} Line
 */

/** @typedef {{ sure: Line[], ambiguous: Line[], unknown: Line[], notSites: Line[], lines: number, repeated: number }} Sorted */

/**
 * The lines of what was pasted, cells side by side as words; a line that says what another says counts once.
 * @param {string} pasted
 * @returns {Map<string, number>} each with how often it stands there
 */
export function linesOf(pasted) {
  const lines = pasted.split(/\r\n|\r|\n/).map((line) => line.split("\t").map((cell) => cell.trim().replace(/^"(.*)"$/, "$1")).filter(Boolean).join(" ")).filter(Boolean);
  /** @type {Map<string, number>} */
  const counted = new Map();
  for (const line of lines) counted.set(line, (counted.get(line) ?? 0) + 1);
  return counted;
}

/**
 * @param {Map<string, number>} lines
 * @param {{ typed: string, matches: Meant[] }[]} answers in the order of the lines
 * @param {(id: string) => boolean} isCandidate
 * @returns {Sorted}
 */
export function sortLines(lines, answers, isCandidate) {
  const told = answers.map(({ typed, matches }) => ({ typed, lines: lines.get(typed) ?? 1, matches, sites: matches.filter(({ id }) => isCandidate(id)) }));
  const line = (/** @type {typeof told[number]} */ { typed, lines: count, matches, sites }) => ({ typed, lines: count, matches: sites.length ? sites : matches });
  const of = (/** @type {(one: typeof told[number]) => boolean} */ fits) => told.filter(fits).map(line);
  const all = [...lines.values()].reduce((sum, count) => sum + count, 0);
  const sure = of(({ sites }) => sites.length === 1);
  const twice = sure.length - new Set(sure.map(({ matches }) => matches[0].id)).size;
  return {
    sure, ambiguous: of(({ sites }) => sites.length > 1), unknown: of(({ matches }) => !matches.length), notSites: of(({ matches, sites }) => matches.length > 0 && !sites.length),
    lines: all, repeated: all - lines.size + twice,
  };
}

/**
 * @param {Sorted} sorted
 * @param {Record<string, string>} chosen line → id, "" for none
 * @returns {string[]} the places that are meant, each once
 */
export function placesMeant({ sure }, chosen) {
  return [...new Set([...sure.map(({ matches }) => matches[0].id), ...Object.values(chosen).filter(Boolean)])];
}
