// The table of our pages: as many rows as there are, of which the document holds those in sight; by pointer and keyboard.
import { html, nothing, render, repeat } from "./html.js";
import { nextSort, stepOf, windowOf } from "./rows.js";

/** @import { Column, Sort } from "./rows.js" */

/**
 * @template Row
 * @typedef {{ columns: readonly Column<Row>[], rows: readonly Row[], chosen: string | null, sort: Sort | null }} Shown `rows` in their order
 */

/**
 * @template Row
 * @param {{
 *   id: string, label: string, idOf: (row: Row) => string, classOf?: (row: Row) => string,
 *   onChoose: (row: Row) => void, onGo: (row: Row) => void, onSort: (sort: Sort) => void,
 * }} means `onChoose`: a row is chosen by arrow or click; `onGo`: it is wanted on the map, by Enter or click
 * @returns {{ node: HTMLElement, show: (shown: Shown<Row>) => void }}
 */
export function createTable({ id, label, idOf, classOf = () => "", onChoose, onGo, onSort }) {
  const node = document.createElement("div");
  node.className = "long-table";
  /** @type {Shown<Row>} */
  let shown = { columns: [], rows: [], chosen: null, sort: null };
  /** @type {Map<string, number>} */
  let places = new Map();
  let rowHeight = 28;  // until a row has been measured

  node.addEventListener("scroll", () => draw(), { passive: true });
  new ResizeObserver(() => draw()).observe(node);

  function draw() {
    const { columns, rows, chosen, sort } = shown;
    const { from, to } = windowOf({ count: rows.length, top: node.scrollTop, height: node.clientHeight, rowHeight });
    const at = chosen === null ? -1 : places.get(chosen) ?? -1;
    render(html`<table id=${id} role="grid" tabindex="0" aria-label=${label} aria-rowcount=${rows.length + 1}
        aria-activedescendant=${at >= from && at < to ? `${id}-${at}` : nothing} @keydown=${onKey}>
      <colgroup>${columns.map(({ width }) => html`<col width=${width ?? nothing}>`)}</colgroup>
      <thead><tr aria-rowindex="1">${columns.map((column) => headOf(column, sort))}</tr></thead>
      <tbody>
        ${space(from, columns)}
        ${repeat(rows.slice(from, to), idOf, (row, k) => rowOf(row, from + k, at))}
        ${space(rows.length - to, columns)}
      </tbody></table>`, node);
  }

  /**
   * @param {Column<Row>} column
   * @param {Sort | null} sort
   */
  function headOf(column, sort) {
    const way = sort?.key === column.key ? (sort.down ? "descending" : "ascending") : "none";
    return html`<th scope="col" aria-sort=${way} class=${column.wordy ? "" : "number"} title=${column.note ?? nothing}>
      <button type="button" data-column=${column.key} @click=${() => onSort(nextSort(column, shown.sort))}>${column.name}${column.unit ? html` <small>${column.unit}</small>` : nothing}</button></th>`;
  }

  /**
   * @param {Row} row
   * @param {number} place
   * @param {number} at
   */
  function rowOf(row, place, at) {
    const choose = () => { onChoose(row); onGo(row); };
    return html`<tr id=${`${id}-${place}`} aria-rowindex=${place + 2} aria-selected=${String(place === at)} class=${classOf(row)} data-id=${idOf(row)} @click=${choose}>
      ${shown.columns.map((column) => html`<td class=${column.wordy ? "" : "number"}>${column.cell ? column.cell(row) : column.value(row)}</td>`)}</tr>`;
  }

  /**
   * @param {number} count rows that lie above or below
   * @param {readonly Column<Row>[]} columns
   */
  function space(count, columns) {
    return count > 0 ? html`<tr role="presentation" class="space"><td role="presentation" colspan=${columns.length} height=${count * rowHeight}></td></tr>` : nothing;
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const { chosen, rows } = shown;
    const at = chosen === null ? -1 : places.get(chosen) ?? -1;
    const next = stepOf(event.key, { at, count: rows.length, page: Math.max(1, Math.floor(node.clientHeight / rowHeight) - 2) });
    if (next !== null && event.target === event.currentTarget) {
      event.preventDefault();
      onChoose(rows[next]);
    } else if (event.key === "Enter" && event.target === event.currentTarget && at >= 0) {
      onGo(rows[at]);
    }
  }

  // From one row to the next, so that what lies between them counts.
  function measured() {
    const [first, second] = node.querySelectorAll("tbody tr[data-id]");
    return second ? second.getBoundingClientRect().top - first.getBoundingClientRect().top : 0;
  }

  /** @param {number} place */
  function bringInSight(place) {
    const head = node.querySelector("thead")?.offsetHeight ?? rowHeight;
    const above = place * rowHeight;
    if (above < node.scrollTop) node.scrollTop = above;
    else if (above + rowHeight > node.scrollTop + node.clientHeight - head) node.scrollTop = above + rowHeight + head - node.clientHeight;
  }

  return {
    node,
    show(next) {
      const moved = next.chosen !== shown.chosen || next.sort !== shown.sort;
      if (next.rows !== shown.rows) places = new Map(next.rows.map((row, k) => [idOf(row), k]));
      shown = next;
      draw();
      rowHeight = measured() || rowHeight;
      const at = next.chosen === null ? undefined : places.get(next.chosen);
      if (moved && at !== undefined) { bringInSight(at); draw(); }
    },
  };
}
