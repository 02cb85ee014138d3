// What stands today, where it is no site of the scheme: a quiet symbol, which can be kept, closed or made a site.
import { symbolMarker } from "../../core/symbols.js";
import { page, serviceOf, text } from "../../core/text.js";
import { boxOf } from "./villages.js";

/** @import { Ground, PlanStore, State } from "../state.js" */

const SIZE = 16;

/**
 * @param {L.Map} map
 * @param {PlanStore} store
 */
export function standingOn(map, store) {
  /** @type {Map<string, L.Marker>} */
  const markers = new Map();
  /** @type {Ground | null} */
  let drawn = null;
  /** @type {readonly string[] | undefined} */
  let open;

  function onClick(/** @type {string} */ id) {
    const { tool } = store.state;
    if (tool.kind === "move") store.dispatch({ type: "site-moved", from: tool.from, to: id, tool: { kind: "look" }, selected: { kind: "site", id } });
    else if (tool.kind === "add") store.dispatch({ type: "site-added", id, tool: { kind: "look" }, selected: { kind: "site", id } });
    else store.dispatch({ type: "show", selected: { kind: "site", id } });
  }

  return {
    boxes: () => [...markers.values()].map((marker) => boxOf(map.latLngToContainerPoint(marker.getLatLng()), SIZE / 2)),
    /** @param {State} state */
    draw({ ground, content }) {
      const { service, sites } = content.question;
      if (ground === drawn && sites === open) return;
      [drawn, open] = [ground, sites];
      for (const marker of markers.values()) marker.remove();
      markers.clear();
      const symbol = standingSymbol(service);
      for (const { id, name, lat, lon } of (ground?.candidates ?? []).filter((one) => one.origin !== "place" && !sites?.includes(one.id))) {
        const marker = symbolMarker([lat, lon], symbol, { size: SIZE, pane: "facilities", title: text("plan.stands", { name }) });
        markers.set(id, marker.on("click", () => onClick(id)).addTo(map));
      }
    },
  };
}

/** @param {string} service */
export function standingSymbol(service) {
  return page.theme.facilities[serviceOf(service)?.facility_kinds?.[0]] ?? page.theme.otherFacility;
}
