// A plan on the map: numbered markers where sites open, and a spoke from each village to its site.
import { element, terms } from "./dom.js";
import { symbolMarker } from "./symbols.js";
import { formatMinutes, formatNumber, formatPeople, page, text, textOfCode } from "./text.js";

export function showPlan(atlas, plan) {
  atlas.planLayer?.remove();
  atlas.planMarkers = new Map();
  const markers = plan.facilities.map((site, place) => siteMarker(atlas, plan, site, place + 1));
  atlas.planLayer = L.layerGroup([spokeLayer(plan), ...markers]).addTo(atlas.map);
}

// All spokes as one shape: a canvas draws 865 lines in one stroke.
function spokeLayer(plan) {
  const lines = plan.spokes.map(([lon, lat, siteLon, siteLat]) => [[lat, lon], [siteLat, siteLon]]);
  const { colour, width } = page.theme.lines.spokes;
  return L.polyline(lines, {
    pane: "spokes", renderer: L.canvas({ pane: "spokes", padding: 0.3 }), interactive: false, color: colour,
    weight: width, opacity: 0.4, noClip: true, smoothFactor: 0,
  });
}

function siteMarker(atlas, plan, site, number) {
  const symbol = page.theme.plans[plan.service] || page.theme.otherFacility;
  const size = plan.facilities.length > 20 ? 20 : 32;
  const marker = symbolMarker([site.lat, site.lon], symbol, { size, label: String(number), pane: "plan", title: site.name });
  atlas.planMarkers.set(site.id, marker);
  return marker.bindPopup(() => sitePopup(plan, site, number), { minWidth: 210 });
}

function sitePopup(plan, site, number) {
  return element("div", {},
    element("h3", {}, `${number}. ${site.name}`),
    element("p", { class: "kind" }, text("page.legend.planned", { service: textOfCode(plan.service, ["page.service"]) })),
    terms([
      [text("page.popup.township"), site.township],
      [text(peopleLabel(plan)), formatPeople(site.people)],
      [text("page.card.mean"), formatMinutes(site.mean_s)],
      [text("page.card.worst"), formatMinutes(site.worst_s)],
      [text("page.popup.floor-area"), site.floor_area_m2
        ? text("page.square-metres", { area: formatNumber(site.floor_area_m2) }) : null],
    ]));
}

export function peopleLabel(plan) {
  return plan.service === "elder-centre" && plan.weights_basis !== "no-age-data" ? "page.card.elders" : "page.card.people";
}
