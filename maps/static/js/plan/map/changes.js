// What the edits change, on the map: closed and built roads, flooded areas, places that are kept, required or excluded.
import { request } from "../../core/api.js";
import { symbolMarker } from "../../core/symbols.js";
import { page, text } from "../../core/text.js";
import { addressIn } from "../county.js";

/** @import { Edit } from "../content.js" */
/** @import { State } from "../state.js" */

const SIZE = 18;
/** @type {L.PointTuple} */
const ANCHOR = [-1, SIZE + 1];  // up to the right, so that village and site stay visible

/** @type {Map<string, Promise<[number, number][][]>>} */
const lines = new Map();

/** @param {L.Map} map */
export function changesOn(map) {
  const renderer = L.svg({ pane: "incident" });
  const drawn = L.layerGroup().addTo(map);
  /** @type {readonly Edit[] | null} */
  let shown = null;
  let known = 0;

  return (/** @type {State} */ state) => {
    const { edits } = state.content;
    if (edits === shown && state.places.size === known) return;
    shown = edits;
    known = state.places.size;
    drawn.clearLayers();
    for (const edit of edits) draw(edit, state);
  };

  /**
   * @param {Edit} edit
   * @param {State} state
   */
  function draw(edit, state) {
    const { colour } = page.theme.lines.closed;
    const look = { pane: "incident", renderer, interactive: false, color: colour, weight: 4 };
    if (edit.op === "flooded") L.polygon(latLngs(edit.area), { ...look, weight: 2, color: page.theme.lines.flooded.colour, fillOpacity: 0.22 }).addTo(drawn);
    else if (edit.op === "road-built") L.polyline(latLngs([edit.start, edit.end]), { ...look, color: page.theme.lines.built.colour, weight: 5 }).addTo(drawn);
    else if (edit.op === "road-closed") drawClosed(edit, look);
    else if (edit.op === "site-status") drawStatus(edit, state);
  }

  /**
   * @param {Edit} edit
   * @param {L.PolylineOptions} look
   */
  async function drawClosed(edit, look) {
    const address = addressIn(`/api/roads?${new URLSearchParams({ target: String(edit.target) })}`);
    const coming = lines.get(address) ?? request(address).then((told) => told.map((/** @type {*} */ road) => road.line));
    lines.set(address, coming);
    coming.catch(() => lines.delete(address));
    const parts = (await coming.catch(() => [])).map(latLngs);
    if (!shown?.includes(edit)) return;  // undone meanwhile
    L.polyline(parts, { ...look, color: "#fff", weight: 8 }).addTo(drawn);
    L.polyline(parts, { ...look, dashArray: "2 7" }).addTo(drawn);
  }

  /**
   * @param {Edit} edit
   * @param {State} state
   */
  function drawStatus(edit, { places, ground }) {
    const at = places.get(String(edit.target)) ?? ground?.byId.get(String(edit.target));
    const symbol = page.theme.statuses[edit.status];
    if (!at || !symbol) return;
    const title = text("page.status.more", { name: at.name, status: text(`page.status.${edit.status}`) });
    symbolMarker([at.lat, at.lon], symbol, { size: SIZE, anchor: ANCHOR, pane: "status", title }).addTo(drawn);
  }
}

/** @param {[number, number][]} positions */
function latLngs(positions) {
  return positions.map(([lon, lat]) => L.latLng(lat, lon));
}
