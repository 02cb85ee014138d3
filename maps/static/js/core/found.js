// What a search has found, in words and as rows: many share a name, so each says where it is.
import { formatPeople, text } from "./text.js";
import { html, nothing } from "./html.js";

/**
 * @typedef {{
 *   id: string, name: string, kind: string, township: string | null, community: string | null, lon: number, lat: number,
 *   resident?: number | null, bounds?: [number, number, number, number] | null, line?: [number, number][][] | null,
 * }} Hit
 */

/** @param {Hit} hit */
export function hitRow({ name, kind, township, community, resident }) {
  const where = [text(`page.search.kind.${kind}`), township, community].filter((word) => word && !word.startsWith("page.")).join(" · ");
  return html`<strong>${name}</strong><span>${where}</span>${resident === null || resident === undefined ? nothing : html`<small>${formatPeople(resident)}</small>`}`;
}

/** @param {number} count */
export function foundWords(count) {
  return count ? text("page.search.found", { count }) : text("page.search.none");
}
