// The room table behind a hub's floor area, editable: every number of a row is a field.
import { byId, element, fill } from "./dom.js";
import { text, textOfCode } from "./text.js";

const state = { rows: [], edited: false };

export function showRooms(rooms) {
  state.rows = (rooms || []).map((row) => ({ ...row }));
  state.edited = false;
  byId("plan-rooms").hidden = !state.rows.length;
  if (!state.rows.length) return;
  const fields = numericFields(state.rows[0]);
  const head = element("tr", {}, element("th", { scope: "col" }, text("page.rooms.room")),
    ...fields.map((field) => element("th", { scope: "col" }, text(`page.rooms.${field}`))));
  const rows = state.rows.map((row) => element("tr", {}, roomCell(row),
    ...fields.map((field) => element("td", {}, input(row, field)))));
  fill(byId("plan-rooms-table"), element("thead", {}, head), element("tbody", {}, ...rows));
}

function numericFields(row) {
  return Object.keys(row).filter((field) => typeof row[field] === "number");
}

function roomName(row) {
  return textOfCode(row.room, ["page.room"]);
}

function roomCell(row) {
  const basis = row.basis ? textOfCode(row.basis, ["planning.basis"]) : null;
  return element("th", { scope: "row", title: basis }, roomName(row));
}

function input(row, field) {
  return element("input", {
    type: "number", min: 0, step: "any", value: row[field], "aria-label": `${roomName(row)} ${text(`page.rooms.${field}`)}`,
    onchange: (event) => {
      row[field] = Number(event.target.value);
      state.edited = true;
    },
  });
}

// What to send: nothing while the table is the default, so that the default plan stays the one that is kept.
export function readRooms() {
  if (!state.edited) return null;
  return state.rows.map((row) => ({
    room: row.room, ...Object.fromEntries(numericFields(row).map((field) => [field, row[field]])),
  }));
}
