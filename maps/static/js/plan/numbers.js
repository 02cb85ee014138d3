// The number of each site, alike on the map, in its table, in its card and on the printed sheet.

/** @import { State } from "./state.js" */

/**
 * Sites in the order in which they were added, as the server lists them too: whatever becomes of others, a site keeps its
 * number until one before it goes; `from` tells where one that is being dragged stood.
 * @param {Pick<State, "content" | "dragging">} state
 * @returns {{ id: string, from: string, number: number }[]}
 */
export function numberedSites({ content, dragging }) {
  return (content.question.sites ?? []).map((from, k) => ({ id: dragging?.from === from ? dragging.to : from, from, number: k + 1 }));
}

/**
 * @param {Pick<State, "content" | "dragging">} state
 * @param {string | null | undefined} id
 * @returns {number | null} null where no site stands
 */
export function numberOf(state, id) {
  return numberedSites(state).find((one) => one.id === id)?.number ?? null;
}
