// The address of what a page shows: it survives a reload and a change of language, and opens the same elsewhere.

/**
 * Lets the address bar, and the link to the other language, name what is open.
 * @param {string} address
 */
export function showAddress(address) {
  history.replaceState(null, "", address);
  const language = /** @type {HTMLAnchorElement | null} */ (document.getElementById("language"));
  if (!language) return;
  const there = new URL(address, location.origin);
  there.searchParams.set("lang", new URL(language.href).searchParams.get("lang") ?? "");
  language.href = there.pathname + there.search;
}
