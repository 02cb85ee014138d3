// The Leaflet map that folium built, and its panes: the order in which things lie on one another.

// Bottom to top. Only panes with "touch" take clicks: a canvas above would swallow those meant for the one below.
const PANES = [
  ["townships", false], ["cells", false], ["rivers", false], ["roads", false], ["spokes", false],
  ["villages", true], ["facilities", true], ["plan", true], ["status", true], ["labels", false], ["incident", true],
];

export function openMap(name) {
  const map = window.countyMaps[name];
  PANES.forEach(([pane, touch], place) => {
    const node = map.createPane(pane);
    node.style.zIndex = 400 + 10 * place;
    if (!touch) node.style.pointerEvents = "none";
  });
  fitOnPaper(map);
  return map;
}

// Paper has another shape than the screen: show there what the screen shows, and come back afterwards.
function fitOnPaper(map) {
  let view = null;
  window.matchMedia("print").addEventListener("change", ({ matches }) => {
    if (matches) view = map.getBounds().pad(-0.02);
    map.invalidateSize({ animate: false });
    if (view) map.fitBounds(view, { animate: false });
  });
}

const EDGE = 12;
const LEGEND = 232;

// Leave the legend's side free where that makes nothing smaller.
export function fitTo(map, layer) {
  const bounds = layer.getBounds();
  if (!bounds.isValid()) return;
  const zoomWith = (side) => map.getBoundsZoom(bounds, false, L.point(EDGE + side, 2 * EDGE));
  const right = zoomWith(LEGEND) < zoomWith(EDGE) ? EDGE : LEGEND;
  map.fitBounds(bounds, { paddingTopLeft: [EDGE, EDGE], paddingBottomRight: [right, EDGE], animate: false });
}

// Lines drawn for the whole county thicken as one comes closer.
export function lineScale(map) {
  return Math.max(0.8, Math.min(3.2, 1.28 ** (map.getZoom() - 10.5)));
}
