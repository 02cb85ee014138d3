// The map of the workbench: the county's ground, villages and sites on it, and what tools draw.
import { groundLayer, loadGround, viewLimits } from "../../core/ground.js";
import { placeLabels } from "../../core/labels.js";
import { openMap } from "../../core/map.js";
import { changesOn } from "./changes.js";
import { layersOn } from "./layers.js";
import { sitesOn } from "./sites.js";
import { spokesOn } from "./spokes.js";
import { standingOn } from "./standing.js";
import { toolsOn } from "./tools.js";
import { townshipsOn } from "./townships.js";
import { scaleOf, villagesOn } from "./villages.js";
import { wayOn } from "./way.js";

/** @import { Evaluation } from "../../core/evaluate.js" */
/** @import { PlanStore, State } from "../state.js" */

const NEAR = 14;  // zoom at which one place is looked at
const BESIDE = 20;  // pixels between the outermost places and the edge

/** @param {PlanStore} store */
export function planMap(store) {
  const map = openMap("plan");
  const villages = villagesOn(map, store);
  const sites = sitesOn(map, store);
  const spokes = spokesOn(map);
  const standing = standingOn(map, store);
  const townships = townshipsOn(map, () => store.dispatch({ type: "show" }));
  const tools = toolsOn(map, store);
  const changes = changesOn(map);
  const way = wayOn(map, store);
  const layers = layersOn(map, store, () => names?.refresh());
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());  // the table below opens and closes
  /** @type {State["places"] | null} */
  let placed = null;
  /** @type {import("../../core/labels.js").Labels | null} */
  let names = null;
  /** @type {State["content"] | null} */
  let named = null;
  let removeGround = () => {};

  // Symbols lie above the names, which keep clear of them.
  const symbols = () => [...villages.boxes(), ...layers.boxes(), ...standing.boxes(), ...sites.boxes()];

  function wholeCounty() {
    const points = [...store.state.places.values()].map(({ lat, lon }) => L.latLng(lat, lon));
    const above = document.getElementById("tools")?.offsetHeight ?? 0;  // in English they take two rows on a narrow screen
    if (points.length) map.fitBounds(L.latLngBounds(points), { animate: false, paddingTopLeft: [BESIDE, above + 2 * BESIDE], paddingBottomRight: [BESIDE, BESIDE] });
  }

  // For whoever measures the page: where names and symbols stand on the map, in its pixels.
  Object.assign(map, { boxes: () => ({ names: names?.boxes() ?? [], symbols: symbols() }) });

  return {
    map, wholeCounty, finishArea: tools.finish,
    /** @param {{ lat: number, lon: number, bounds?: [number, number, number, number] | null }} at */
    goTo({ lat, lon, bounds = null }) {
      if (bounds) map.fitBounds([[bounds[1], bounds[0]], [bounds[3], bounds[2]]], { animate: false, maxZoom: NEAR, padding: [30, 30] });
      else map.setView([lat, lon], Math.max(map.getZoom(), NEAR - 1), { animate: false });
    },
    /**
     * The ground of the county, in place of the one of another build.
     * @param {(path: string) => Promise<*>} request
     * @param {() => boolean} isWanted once it is there
     */
    async loadGround(request, isWanted) {
      const ground = await loadGround(request);
      if (!isWanted()) return;
      removeGround();
      const layer = groundLayer(ground).addTo(map);
      const unbound = viewLimits(map, ground);
      const labels = placeLabels(map, ground, { symbols });
      names = labels;
      removeGround = () => { layer.remove(); unbound(); labels.remove(); };
    },
    /**
     * @param {State} state
     * @param {Evaluation | null} evaluation
     */
    draw(state, evaluation) {
      if (state.places !== placed) {
        placed = state.places;
        villages.draw(state.places);
        wholeCounty();
      }
      villages.paint(state, evaluation);
      standing.draw(state);
      sites.draw(state);
      const { breaks, colours } = scaleOf(state);
      townships(state, evaluation, breaks, colours);
      spokes(state, evaluation);
      layers.draw(state);
      changes(state);
      if (state.content !== named) names?.refresh();
      named = state.content;
      way(state);
    },
  };
}
