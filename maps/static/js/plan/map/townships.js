// Townships coloured by the mean minutes of their people: where whole townships are badly served.
import { request } from "../../core/api.js";
import { classOf } from "../../core/classes.js";
import { UNREACHABLE } from "../../core/matrix.js";
import { page } from "../../core/text.js";
import { addressIn } from "../county.js";

/** @import { Evaluation } from "../../core/evaluate.js" */
/** @import { State } from "../state.js" */

/**
 * @param {L.Map} map
 * @param {() => void} redraw once their outlines are there
 */
export function townshipsOn(map, redraw) {
  /** @type {L.GeoJSON | null} */
  let layer = null;
  /** @type {Promise<void> | null} */
  let coming = null;
  let from = "";

  async function load() {
    const mine = from;
    const told = page.info.layers.townships ? await request(from) : { type: "FeatureCollection", features: [] };
    const renderer = L.canvas({ pane: "townships", padding: 0.3 });
    if (mine !== from) return;  // another build meanwhile
    layer = L.geoJSON(told, /** @type {*} */ ({ pane: "townships", renderer, interactive: false, style: { weight: 1.2, color: "#ffffff" } }));
  }

  /**
   * @param {State} state
   * @param {Evaluation | null} evaluation
   * @param {number[]} breaks
   * @param {string[]} colours
   */
  return (state, evaluation, breaks, colours) => {
    if (state.colour !== "townships" || !evaluation) return layer?.remove();
    const address = addressIn("/api/layers/townships");
    if (address !== from) {  // of another build of the county
      layer?.remove();
      [layer, coming, from] = [null, null, address];
    }
    if (!layer) {
      coming ??= load();
      return coming.then(redraw).catch(() => { coming = null; });
    }
    const means = meansOf(state, evaluation);
    return layer.addTo(map).setStyle((feature) => {
      const mean = means.get(feature?.properties.name);
      return { fillColor: mean === undefined ? page.theme.unknown : mean === null ? page.theme.unreachable : colours[classOf(mean / 60, breaks)], fillOpacity: 0.8, weight: 1.2, color: "#ffffff" };
    });
  };
}

/**
 * Mean seconds by township, weighted by people.
 * @param {State} state
 * @param {Evaluation} evaluation
 * @returns {Map<string, number | null>}
 */
function meansOf({ ground, places }, { seconds }) {
  /** @type {Map<string, [people: number, personS: number]>} */
  const sums = new Map();
  ground?.matrix.about.demand_ids.forEach((id, row) => {
    const township = places.get(id)?.township ?? "";
    const [people, personS] = sums.get(township) ?? [0, 0];
    const mine = seconds[row] < UNREACHABLE ? ground.matrix.about.weights[row] : 0;
    sums.set(township, [people + mine, personS + mine * seconds[row]]);
  });
  return new Map([...sums].map(([township, [people, personS]]) => [township, people ? personS / people : null]));
}
