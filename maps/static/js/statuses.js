// What a planner says of single villages: stands, required, excluded. Shown on the map, chosen in a village's popup.
import { element } from "./dom.js";
import { drawLegend } from "./legend.js";
import { symbolMarker, symbolPicture } from "./symbols.js";
import { page, text } from "./text.js";

const SIZE = 18;
const ANCHOR = [-1, SIZE + 1];  // up to the right, so that village and planned site stay visible
const layer = L.layerGroup();
let changed = () => {};

export function prepareStatuses(atlas, onChange) {
  changed = onChange;
  layer.addTo(atlas.map);
  atlas.extras.push((place) => statusButtons(atlas, place));
}

// The statuses that a model can tell apart: closing a site is a question of money.
export function offered({ money }) {
  return Object.keys(page.theme.statuses).filter((status) => status !== "closable" || money);
}

export function setStatus(atlas, id, status) {
  if (status) atlas.statuses.set(id, status);
  else atlas.statuses.delete(id);
  redraw(atlas);
}

export function setStatuses(atlas, pairs) {
  atlas.statuses = new Map(pairs);
  redraw(atlas);
}

export function statusName(status) {
  return text(`page.status.${status}`);
}

export function placeOf(atlas, id) {
  return atlas.villages?.places.find((place) => place.id === id) || null;
}

function redraw(atlas) {
  layer.clearLayers();
  for (const [id, status] of atlas.statuses) {
    const place = placeOf(atlas, id);
    if (!place) continue;
    const title = text("page.status.more", { name: place.name || id, status: statusName(status) });
    symbolMarker([place.lat, place.lon], page.theme.statuses[status], { size: SIZE, anchor: ANCHOR, pane: "status", title })
      .on("click", () => atlas.villages.circles.get(id)?.openPopup()).addTo(layer);
  }
  drawLegend(atlas);
  changed();
}

function statusButtons(atlas, place) {
  const now = atlas.statuses.get(place.id) || null;
  const choose = (status) => (event) => {
    event.stopPropagation();
    setStatus(atlas, place.id, status);
    const popup = atlas.villages.circles.get(place.id)?.getPopup();
    popup?.update();
    popup?.getElement()?.querySelector(`[data-status="${status || now}"]`)?.focus();
  };
  const kinds = offered({ money: atlas.money }).map((status) => element("button", {
    type: "button", "data-status": status, "aria-pressed": String(status === now), onclick: choose(status),
  }, symbolPicture(page.theme.statuses[status], { size: 14 }), statusName(status)));
  const clear = element("button", { type: "button", disabled: !now, onclick: choose(null) }, text("page.status.clear"));
  return element("div", { class: "statuses", role: "group", "aria-label": text("page.status.label") }, ...kinds, clear);
}
