// What the address of a comparison says, so that it can be sent to others: the schemes, the two that are looked at, and the
// run of their futures.

/** @typedef {{ references: readonly string[], pair: readonly [string, string] | null, futuresRun: string | null }} Asked */

/** @returns {Asked} */
export function askedIn(/** @type {string} */ search) {
  const told = new URLSearchParams(search);
  const references = (told.get("runs") ?? "").split(",").map((one) => one.trim()).filter(Boolean);
  const [from, to] = [told.get("from"), told.get("to")];
  return { references, pair: from && to ? [from, to] : null, futuresRun: told.get("futures") || null };
}

/** @param {Asked} state */
export function addressOf({ references, pair, futuresRun }) {
  const told = new URLSearchParams();
  if (references.length) told.set("runs", references.join(","));
  if (pair) { told.set("from", pair[0]); told.set("to", pair[1]); }
  if (futuresRun) told.set("futures", futuresRun);
  return `/compare${told.size ? `?${told}` : ""}`;
}

/**
 * Where the server tells of the schemes and of all that was asked about them.
 * @param {Pick<Asked, "references" | "futuresRun">} state
 */
export function comparisonAddress({ references, futuresRun }) {
  return `/api/compare?runs=${encodeURIComponent(references.join(","))}${futuresRun ? `&futures=${encodeURIComponent(futuresRun)}` : ""}`;
}
