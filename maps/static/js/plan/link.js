// The address of what is open: it survives a reload and a change of language, and opens the same in another browser.

import { showAddress } from "../core/address.js";

/** @import { Scenario } from "./state.js" */

/** What an address asks for. */
export function askedFor(search = location.search) {
  const query = new URLSearchParams(search);
  const n = Number(query.get("n"));
  return { scenario: query.get("scenario"), revision: Number.isInteger(n) && n > 0 ? n : null, service: query.get("service") };
}

/** @param {Scenario} scenario */
export function linkOf({ id, revision }) {
  return `/plan?${new URLSearchParams({ scenario: id, n: String(revision) })}`;
}

/** @param {Scenario} scenario */
export function showLink(scenario) {
  showAddress(linkOf(scenario));
}

/** Nothing that is kept is open. */
export function showNoLink() {
  showAddress("/plan");
}
