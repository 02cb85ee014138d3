// Who loses more than five minutes between the two schemes that are looked at, by name, as a table that can be sorted.
import { findRows, prepareRows } from "../core/rows.js";
import { createTable } from "../core/table.js";
import { formatNumber, minutesFigure, text } from "../core/text.js";
import { differenceOf } from "./state.js";

/** @import { Column } from "../core/rows.js" */
/** @import { CompareStore, Loser, State } from "./state.js" */

/** @param {CompareStore} store */
export function loserTable(store) {
  const table = createTable({
    id: "losers-table", label: text("comparing.losers"), idOf: (/** @type {Loser} */ { id }) => id,
    onChoose: ({ id }) => store.dispatch({ type: "show", chosen: id }), onGo: () => {},
    onSort: (sort) => store.dispatch({ type: "show", sort }),
  });
  /** @type {{ of: readonly Loser[], columns: Column<Loser>[], prepared: ReturnType<typeof prepareRows<Loser>> } | null} */
  let made = null;
  /** @type {unknown[]} */
  let drawn = [];

  return {
    /** @param {State} state */
    draw({ comparison, pair, sort, chosen }) {
      const node = document.getElementById("losers-rows");
      if (!node || !comparison || !pair) return;
      if (table.node.parentNode !== node) node.append(table.node);
      const losers = differenceOf(comparison, pair)?.losers ?? [];
      if (made?.of !== losers) {
        const columns = loserColumns(losers.some(({ people, elders }) => elders !== people));
        made = { of: losers, columns, prepared: prepareRows(losers, columns, ({ name }) => name) };
      }
      if ([losers, sort, chosen].every((one, k) => one === drawn[k])) return;
      drawn = [losers, sort, chosen];
      const { columns, prepared } = made;
      table.show({ columns, rows: findRows(prepared, { sort }).map((k) => prepared.rows[k]), chosen, sort });
    },
  };
}

/**
 * @param {boolean} countsOthers whether others than elders are counted: else elders are everyone
 * @returns {Column<Loser>[]}
 */
function loserColumns(countsOthers) {
  const minutes = (/** @type {number | null} */ seconds) => (seconds === null ? text("page.unreachable") : minutesFigure(seconds));
  const unit = text("comparing.unit.seconds");
  const people = text("comparing.unit.people");
  /** @type {Column<Loser>} */
  const elders = { key: "elders", name: text("comparing.elders"), unit: people, value: (row) => row.elders, cell: (row) => (row.elders === null ? text("page.unknown") : formatNumber(row.elders)) };
  return [
    { key: "name", name: text("comparing.place"), value: ({ name }) => name, wordy: true },
    { key: "township", name: text("comparing.township"), value: ({ township }) => township, wordy: true },
    { key: "people", name: text("comparing.people"), unit: people, value: (row) => row.people, cell: (row) => formatNumber(row.people) },
    ...(countsOthers ? [elders] : []),
    { key: "before", name: text("comparing.before"), unit, value: (row) => row.before_s, cell: (row) => minutes(row.before_s) },
    { key: "after", name: text("comparing.after"), unit, value: (row) => row.after_s ?? Infinity, cell: (row) => minutes(row.after_s) },
    { key: "more", name: text("comparing.more"), unit, value: (row) => row.more_s ?? Infinity, cell: (row) => (row.more_s === null ? "–" : minutes(row.more_s)) },
  ];
}
