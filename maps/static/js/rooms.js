// The room table behind a hub's floor area, editable: every number of a row is a field.
import { byId, element, fill } from "./dom.js";
import { text, textOfCode } from "./text.js";

let shown = [];

export function showRooms(rooms) {
  shown = (rooms || []).map((row) => ({ ...row }));
  byId("plan-rooms").hidden = !shown.length;
  if (!shown.length) return;
  const fields = numericFields(shown);
  const head = element("tr", {}, element("th", { scope: "col" }, text("page.rooms.room")),
    ...fields.map((field) => element("th", { scope: "col" }, text(`page.rooms.${field}`))));
  const rows = shown.map((row) => element("tr", {}, element("th", { scope: "row" }, roomName(row)),
    ...fields.map((field) => element("td", {}, field in row ? input(row, field) : null))));
  fill(byId("plan-rooms-table"), element("thead", {}, head), element("tbody", {}, ...rows));
}

function numericFields(rows) {
  return [...new Set(rows.flatMap((row) => Object.keys(row).filter((field) => typeof row[field] === "number")))];
}

function roomName(row) {
  return textOfCode(row.name, ["page.room", "room"]);
}

function input(row, field) {
  return element("input", {
    type: "number", min: 0, step: "any", value: row[field], "aria-label": `${roomName(row)} ${text(`page.rooms.${field}`)}`,
    onchange: (event) => { row[field] = Number(event.target.value); },
  });
}

// What to send, or nothing when the service has no rooms.
export function readRooms() {
  return shown.length ? shown : null;
}
