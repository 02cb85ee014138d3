// What the address of a comparison says, so that it can be sent to others: the schemes, the two that are looked at, and the
// runs of what was asked about them.

/**
 * `futuresRun`: of the schemes' futures; `studyRun`: of a trade-off curve.
 * @typedef {{ references: readonly string[], pair: readonly [string, string] | null, futuresRun: string | null, studyRun: string | null }} Asked
 */

/** @returns {Asked} */
export function askedIn(/** @type {string} */ search) {
  const told = new URLSearchParams(search);
  const references = (told.get("runs") ?? "").split(",").map((one) => one.trim()).filter(Boolean);
  const [from, to] = [told.get("from"), told.get("to")];
  return { references, pair: from && to ? [from, to] : null, futuresRun: told.get("futures") || null, studyRun: told.get("study") || null };
}

/** @param {Asked} state */
export function addressOf({ references, pair, ...runs }) {
  const told = new URLSearchParams();
  if (references.length) told.set("runs", references.join(","));
  if (pair) { told.set("from", pair[0]); told.set("to", pair[1]); }
  setRuns(told, runs);
  return `/compare${told.size ? `?${told}` : ""}`;
}

/**
 * Where the server tells of the schemes and of all that was asked about them.
 * @param {Omit<Asked, "pair">} state
 * @param {Record<string, string>} [more]
 */
export function comparisonAddress({ references, ...runs }, more = {}) {
  const told = new URLSearchParams({ runs: references.join(",") });
  setRuns(told, runs);
  for (const [name, value] of Object.entries(more)) told.set(name, value);
  return `/api/compare?${told}`;
}

/**
 * @param {URLSearchParams} told
 * @param {Pick<Asked, "futuresRun" | "studyRun">} runs
 */
function setRuns(told, { futuresRun, studyRun }) {
  if (futuresRun) told.set("futures", futuresRun);
  if (studyRun) told.set("study", studyRun);
}
