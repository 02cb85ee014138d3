// The rows of the table of villages: who lives there, where they go, how long it takes, what is said of the place.
import { formatMinutes, formatNumber, minutesFigure, text, textOfCode } from "../core/text.js";
import { statusOf } from "./content.js";
import { goingOf, reachOf } from "./frame.js";
import { numberedSites } from "./numbers.js";

/** @import { Column } from "../core/rows.js" */
/** @import { Evaluation } from "../core/evaluate.js" */
/** @import { Ground, Place, State } from "./state.js" */

/**
 * `counted`: those whom the figures count; `seconds`: null where no way leads to a site, undefined before anything is known.
 * @typedef {{
 *   id: string, place: Place, name: string, township: string, community: string | null, people: number | null, counted: number | null,
 *   elders: number | null, seconds: number | null | undefined, site: string | null, number: number | null, status: string | null,
 *   isBeyond: boolean,
 * }} VillageRow
 */

export const CLASSES = ["all", "beyond", "unreachable", "marked", "sites"];

/**
 * @param {State} state
 * @param {Evaluation | null} evaluation
 * @returns {VillageRow[]}
 */
export function villageRows(state, evaluation) {
  const { ground, places, content } = state;
  const going = ground && evaluation ? goingOf(state, evaluation) : null;
  const numbers = new Map(numberedSites(state).map(({ id, number }) => [id, number]));
  const marked = new Map(content.edits.filter(({ op }) => op === "site-status").map(({ target }) => [target, statusOf(content, String(target))]));
  const reach = reachOf(state);
  return [...places.values()].map((place) => {
    const row = ground?.rows.get(place.id);
    const [site, seconds] = going && row !== undefined ? [going.siteOf(row), going.secondsOf(row)] : [null, undefined];
    return {
      id: place.id, place, name: place.name, township: place.township, community: place.community, people: peopleOf(place, ground),
      counted: row === undefined || !ground ? null : ground.matrix.about.weights[row], elders: place.elders, seconds, site,
      number: site ? numbers.get(site) ?? null : null, status: marked.get(place.id) ?? null,
      isBeyond: seconds === null || (seconds !== undefined && seconds > reach),
    };
  });
}

/**
 * People of a place on the base that counts.
 * @param {Place} place
 * @param {Ground | null} ground
 */
export function peopleOf(place, ground) {
  const base = ground?.matrix.about.base === "registered" ? place.registered : place.resident;
  return base ?? place.resident ?? place.registered;
}

/**
 * @param {VillageRow[]} rows
 * @param {Ground | null} ground
 * @returns {Column<VillageRow>[]}
 */
export function villageColumns(rows, ground) {
  const people = text("plan.table.unit-people");
  const basis = ground ? textOfCode(ground.matrix.about.weights_basis, ["planning.weights", "page.base"]) : "";
  const isApart = rows.some(({ counted, people: all, elders }) => counted !== null && counted !== all && counted !== elders);
  /** @type {(Column<VillageRow> | false)[]} */
  const columns = [
    { key: "name", name: text("plan.table.name"), wordy: true, width: 100, value: ({ name }) => name },
    { key: "township", name: text("plan.table.township"), wordy: true, width: 84, value: ({ township }) => township || null },
    rows.some(({ community }) => community) && { key: "community", name: text("page.popup.community"), wordy: true, width: 90, value: ({ community }) => community },
    { key: "people", name: text(`page.base.${ground?.matrix.about.base ?? "resident"}`), unit: people, width: 104, value: (row) => row.people, cell: (row) => told(row.people) },
    rows.some(({ elders }) => elders !== null) && { key: "elders", name: text("plan.table.elders"), unit: people, width: 98, value: (row) => row.elders, cell: (row) => told(row.elders) },
    isApart && { key: "counted", name: text("plan.table.counted"), unit: people, note: basis, width: 98, value: (row) => row.counted, cell: (row) => told(row.counted) },
    { key: "minutes", name: text("plan.table.minutes"), unit: text("plan.table.unit-minutes"), width: 98, value: secondsToSort, cell: ({ seconds }) => minutesTold(seconds) },
    { key: "site", name: text("plan.table.site"), wordy: true, width: 116, value: ({ number }) => number, cell: (row) => siteTold(row, ground) },
    { key: "status", name: text("plan.table.status"), wordy: true, width: 74, value: ({ status }) => status && text(`page.status.${status}`), cell: ({ status }) => (status ? text(`page.status.${status}`) : "") },
  ];
  return columns.flatMap((column) => column || []);
}

/** @param {VillageRow} row places without a way are farther than all others */
function secondsToSort({ seconds }) {
  return seconds === undefined ? null : seconds ?? Infinity;
}

/** @param {number | null} count */
function told(count) {
  return count === null ? text("page.unknown") : formatNumber(count);
}

/** @param {number | null | undefined} seconds */
function minutesTold(seconds) {
  if (seconds === undefined) return "";
  return seconds === null ? formatMinutes(null) : minutesFigure(seconds);
}

/**
 * @param {VillageRow} row
 * @param {Ground | null} ground
 */
function siteTold({ site, number }, ground) {
  const candidate = site ? ground?.byId.get(site) : null;
  return candidate ? text("plan.table.site-of", { number: number ?? "", name: candidate.name }) : "";
}

/**
 * Which rows a class holds.
 * @param {string} name
 * @param {State} state
 * @returns {(row: VillageRow) => boolean}
 */
export function classFilter(name, { content }) {
  const sites = new Set(content.question.sites);
  /** @type {Record<string, (row: VillageRow) => boolean>} */
  const filters = {
    beyond: ({ isBeyond }) => isBeyond, unreachable: ({ seconds }) => seconds === null, marked: ({ status }) => status !== null,
    sites: ({ id }) => sites.has(id),
  };
  return filters[name] ?? (() => true);
}
