// Roads and bridges as they are typed by name: what the county has, offered while somebody types.
import { text } from "../../../core/text.js";
import { requestOfCounty } from "../../county.js";

/** @typedef {{ id: string, typed: string, label: string }} RoadHit `typed`: how it is written in the field; names that several share carry the id */

const KINDS = ["road", "bridge"];

/**
 * @param {string} words
 * @returns {Promise<RoadHit[]>}
 */
export async function findRoads(words) {
  const asked = words.trim();
  if (!asked) return [];
  const told = await requestOfCounty(`/api/search?${new URLSearchParams({ q: asked })}`);
  const roads = told.filter((/** @type {*} */ one) => KINDS.includes(one.kind));
  return roads.map((/** @type {*} */ one) => ({
    id: one.id, typed: one.id === one.name ? one.name : `${one.name} ${one.id}`,
    label: [text(`plan.change.${one.kind}-kind`), one.community, one.township].filter(Boolean).join(" · "),
  }));
}

/**
 * The road that words mean, if they mean one: an offered one, a whole name or an id.
 * @param {string} words
 * @returns {Promise<{ id: string | null, closest: string[] }>}
 */
export async function roadMeant(words) {
  const last = words.trim().split(/\s+/).at(-1) ?? "";
  for (const asked of new Set([words, last])) {
    const hits = await findRoads(asked);
    const exact = hits.find(({ id, typed }) => id === asked || typed === words);
    if (exact) return { id: exact.id, closest: [] };
    if (hits.length && asked === words) return { id: null, closest: hits.slice(0, 3).map(({ typed }) => typed) };
  }
  return { id: null, closest: [] };
}
