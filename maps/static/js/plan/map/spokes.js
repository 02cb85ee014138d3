// Who goes to the site that is pointed at or chosen, and where a village goes: lines that come and go, never all at once.
import { page } from "../../core/text.js";

/** @import { Evaluation } from "../../core/evaluate.js" */
/** @import { State } from "../state.js" */

/** @param {L.Map} map */
export function spokesOn(map) {
  const renderer = L.canvas({ pane: "spokes", padding: 0.3 });
  const { colour, width } = page.theme.lines.spokes;
  const lines = L.polyline([], { pane: "spokes", renderer, interactive: false, color: colour, weight: width + 0.4, opacity: 0.45, smoothFactor: 0, noClip: true }).addTo(map);
  const ring = L.circleMarker([0, 0], { pane: "incident", renderer: L.svg({ pane: "incident" }), radius: 15, color: "#D55E00", weight: 3, fill: false, interactive: false });
  let drawn = "";

  /**
   * @param {State} state
   * @param {Evaluation | null} evaluation
   */
  return (state, evaluation) => {
    const id = state.dragging?.to ?? state.hovered ?? (state.selected && state.selected.kind !== "road" ? state.selected.id : null);
    const isTold = state.way && id === state.selected?.id;  // the way itself is drawn
    const found = id && !isTold && state.ground && evaluation ? spokesOf(id, state, evaluation) : [];
    const key = found.length ? `${id} ${found.length} ${found[0]}` : "";
    if (key !== drawn || state.dragging) lines.setLatLngs(found);
    drawn = key;
    showRing(map, ring, state);
  };
}

/**
 * @param {string} id
 * @param {State} state
 * @param {Evaluation} evaluation
 * @returns {[number, number][][]}
 */
function spokesOf(id, { ground, places, content, dragging }, { allocation }) {
  if (!ground) return [];
  const { byId, candidates, matrix, rows } = ground;
  const site = byId.get(id);
  const isSite = site && (content.question.sites?.includes(id) || dragging?.to === id || !rows.has(id));
  if (isSite) {
    return matrix.about.demand_ids.flatMap((demand, row) => {
      const place = allocation[row] === site.row ? places.get(demand) : null;
      return place ? [[[place.lat, place.lon], [site.lat, site.lon]]] : [];
    });
  }
  const place = places.get(id);
  const row = rows.get(id);
  if (!place || row === undefined || allocation[row] < 0) return [];
  const to = candidates[allocation[row]];
  return [[[place.lat, place.lon], [to.lat, to.lon]]];
}

/**
 * @param {L.Map} map
 * @param {L.CircleMarker} ring
 * @param {State} state
 */
function showRing(map, ring, { selected, ground, places }) {
  const at = selected && selected.kind !== "road" ? ground?.byId.get(selected.id) ?? places.get(selected.id) : null;
  if (!at) ring.remove();
  else ring.setLatLng([at.lat, at.lon]).addTo(map);
}
