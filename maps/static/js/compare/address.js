// What the address of a comparison says, so that it can be sent to others: the schemes, and the two that are looked at.

/** @returns {{ references: string[], pair: [string, string] | null }} */
export function askedIn(/** @type {string} */ search) {
  const told = new URLSearchParams(search);
  const references = (told.get("runs") ?? "").split(",").map((one) => one.trim()).filter(Boolean);
  const [from, to] = [told.get("from"), told.get("to")];
  return { references, pair: from && to ? [from, to] : null };
}

/**
 * @param {{ references: readonly string[], pair: readonly [string, string] | null }} state
 */
export function addressOf({ references, pair }) {
  const told = new URLSearchParams();
  if (references.length) told.set("runs", references.join(","));
  if (pair) { told.set("from", pair[0]); told.set("to", pair[1]); }
  return `/compare${told.size ? `?${told}` : ""}`;
}
