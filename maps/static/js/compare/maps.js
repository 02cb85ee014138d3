// One map for each scheme and one for what changes between two, all looking at the same ground.
import { creditSources } from "../core/credit.js";
import { groundLayer, viewLimits } from "../core/ground.js";
import { placeLabels } from "../core/labels.js";
import { symbolMarker } from "../core/symbols.js";
import { formatMinutes, formatPeople, page, text } from "../core/text.js";
import { changeMark, changeOf, minuteColour, radii, weightOf } from "./marks.js";
import { schemeOf } from "./state.js";
import { signedMinutes } from "./words.js";

/** @import { Ground } from "../core/ground_data.js" */
/** @import { Change } from "./marks.js" */
/** @import { Comparison, CompareStore, State } from "./state.js" */

const NEAR = 13;
const MANY_SITES = 20;

/** A map of the page, what lies on it, what of the state that shows, and how it goes. @typedef {{ map: L.Map, group: L.LayerGroup, node: HTMLElement, drawn: unknown[], leave: () => void }} Drawn */

/**
 * @param {CompareStore} store
 * @param {() => Promise<Ground>} askGround
 */
export function compareMaps(store, askGround) {
  /** @type {Map<string, Drawn>} by the key of the scheme; what changes goes by "change" */
  const maps = new Map();
  const together = lookTogether(() => [...maps.values()].map(({ map }) => map));
  /** @type {string | null} */
  let shown = null;

  /**
   * @param {string} key
   * @param {HTMLElement} node
   */
  function mapAt(key, node) {
    const known = maps.get(key);
    if (known?.node === node) return known;
    known?.leave();
    const map = L.map(node, { preferCanvas: true, zoomSnap: 0.25, zoomControl: false });
    map.attributionControl.setPrefix(false);
    creditSources(map);
    L.control.zoom({ position: "topright", zoomInTitle: text("comparing.zoom-in"), zoomOutTitle: text("comparing.zoom-out") }).addTo(map);
    map.createPane("places").style.zIndex = "420";
    map.createPane("sites").style.zIndex = "440";
    const watcher = new ResizeObserver(() => map.invalidateSize({ animate: false }));
    watcher.observe(node);
    /** @type {import("../core/labels.js").Labels | null} */
    let names = null;
    const made = {
      map, group: L.layerGroup().addTo(map), node, drawn: [],
      leave() {
        if (maps.get(key) === made) maps.delete(key);
        watcher.disconnect();
        names?.remove();
        map.remove();
      },
    };
    maps.set(key, made);
    askGround().then((ground) => {
      if (maps.get(key) !== made) return;
      groundLayer(ground).addTo(map);
      viewLimits(map, ground);
      names = placeLabels(map, ground);
    }, () => {});  // without its ground the map still shows the places; the page tells what was refused
    together(map);
    return made;
  }

  /** @param {State} state */
  function draw(state) {
    const { comparison, pair } = state;
    for (const { node, leave } of [...maps.values()]) if (!node.isConnected) leave();
    if (!comparison || !pair) return;
    const begun = [...maps.values()][0]?.map;
    for (const node of document.querySelectorAll("[data-map]")) drawOne(/** @type {HTMLElement} */ (node), comparison, pair, begun);
    if (state.chosen !== shown) goTo(comparison, state.chosen);
    shown = state.chosen;
  }

  /**
   * @param {HTMLElement} node
   * @param {Comparison} comparison
   * @param {readonly [string, string]} pair
   * @param {L.Map | undefined} like a map that is looked at already
   */
  function drawOne(node, comparison, pair, like) {
    const key = node.dataset.map ?? "";
    const made = mapAt(key, node);
    const wanted = key === "change" ? [comparison, ...pair] : [comparison];
    if (wanted.length === made.drawn.length && wanted.every((one, k) => one === made.drawn[k])) return;
    if (!made.drawn.length) {
      if (like && like !== made.map) made.map.setView(like.getCenter(), like.getZoom(), { animate: false });
      else made.map.fitBounds(boundsOf(comparison), { animate: false, padding: [8, 8] });
    }
    made.drawn = wanted;
    made.group.clearLayers();
    if (key === "change") drawChange(made, comparison, pair, store);
    else drawScheme(made, comparison, key, store);
  }

  /**
   * @param {Comparison} comparison
   * @param {string | null} id
   */
  function goTo({ places }, id) {
    const k = id === null ? -1 : places.ids.indexOf(id);
    const first = maps.get("change")?.map;
    if (k >= 0 && first) first.setView([places.lat[k], places.lon[k]], Math.max(first.getZoom(), NEAR), { animate: false });
  }

  return { draw };
}

/**
 * @param {Drawn} made
 * @param {Comparison} comparison
 * @param {string} key
 * @param {CompareStore} store
 */
function drawScheme({ map, group }, comparison, key, store) {
  const { places } = comparison;
  const seconds = places.seconds[key];
  const radiusOf = radii(places);
  const renderer = L.canvas({ pane: "places", padding: 0.2 });
  const order = [...places.ids.keys()].sort((a, b) => places.people[b] - places.people[a]);  // the large never hide the small
  const circles = order.map((k) => {
    const look = { renderer, pane: "places", color: "#fff", weight: 0.5, fillOpacity: 0.9, fillColor: minuteColour(seconds[k]) };
    const circle = L.circleMarker([places.lat[k], places.lon[k]], { ...look, radius: radiusOf(k, map.getZoom()) });
    circle.bindTooltip(() => tooltip(places.names[k], places.townships[k], formatMinutes(seconds[k]), places.people[k]));
    circle.on("click", () => store.dispatch({ type: "show", chosen: places.ids[k] }));
    return circle.addTo(group);
  });
  resized(map, group, () => circles.forEach((circle, place) => circle.setRadius(radiusOf(order[place], map.getZoom()))));
  drawSites(group, comparison, key);
}

/**
 * @param {Drawn} made
 * @param {Comparison} comparison
 * @param {readonly [string, string]} pair
 * @param {CompareStore} store
 */
function drawChange({ map, group }, comparison, [from, to], store) {
  const { places } = comparison;
  const [before, after] = [places.seconds[from], places.seconds[to]];
  const radiusOf = radii(places);
  const renderer = L.canvas({ pane: "places", padding: 0.2 });
  const changes = places.ids.map((_, k) => changeOf(before[k], after[k]));
  const order = [...places.ids.keys()].sort((a, b) => weightOf(changes[a]) - weightOf(changes[b]) || places.people[b] - places.people[a]);
  const marks = () => {
    for (const k of order) {
      const mark = changeMark(changes[k], [places.lat[k], places.lon[k]], { renderer, pane: "places", radius: radiusOf(k, map.getZoom()) });
      mark.bindTooltip(() => tooltip(places.names[k], places.townships[k], changeWords(changes[k], before[k], after[k]), places.people[k]));
      mark.on("click", () => store.dispatch({ type: "show", chosen: places.ids[k] }));
      mark.addTo(group);
    }
    drawSites(group, comparison, to);
  };
  marks();
  resized(map, group, () => { group.clearLayers(); marks(); });
}

/**
 * @param {L.LayerGroup} group
 * @param {Comparison} comparison
 * @param {string} key
 */
function drawSites(group, comparison, key) {
  const { sites } = schemeOf(comparison, key);
  const symbol = page.theme.plans[comparison.service] || page.theme.otherFacility;
  const isMany = sites.length > MANY_SITES;
  sites.forEach(({ lat, lon, name, people }, k) => {
    const look = { size: isMany ? 14 : 24, pane: "sites", title: `${k + 1} ${name} · ${formatPeople(people)}`, label: isMany ? "" : String(k + 1) };
    symbolMarker([lat, lon], symbol, look).addTo(group);
  });
}

/**
 * Call back when a map was zoomed, for as long as what is drawn now is.
 * @param {L.Map} map
 * @param {L.LayerGroup & { resize?: () => void }} group
 * @param {() => void} work
 */
function resized(map, group, work) {
  if (group.resize) map.off("zoomend", group.resize);
  group.resize = work;
  map.on("zoomend", work);
}

/** @param {Comparison} comparison */
function boundsOf({ places }) {
  return L.latLngBounds(places.lat.map((lat, k) => /** @type {L.LatLngTuple} */ ([lat, places.lon[k]])));
}

/**
 * What one map is moved to, all are; which one began is told by whoever moves it.
 * @param {() => L.Map[]} all
 */
function lookTogether(all) {
  let leading = false;
  return (/** @type {L.Map} */ map) => map.on("move zoomend", () => {
    if (leading) return;
    leading = true;
    for (const other of all()) if (other !== map) other.setView(map.getCenter(), map.getZoom(), { animate: false });
    leading = false;
  });
}

/**
 * @param {string} name
 * @param {string | null} township
 * @param {string} told
 * @param {number} people
 */
function tooltip(name, township, told, people) {
  const box = document.createElement("span");
  box.append(`${name}${township ? ` · ${township}` : ""}`, document.createElement("br"), `${told} · ${formatPeople(people)}`);
  return box;
}

/**
 * @param {Change} change
 * @param {number | null} before
 * @param {number | null} after
 */
function changeWords({ way }, before, after) {
  const times = text("comparing.from-to", { from: formatMinutes(before), to: formatMinutes(after) });
  return before === null || after === null ? text(`comparing.change.${way}`) : `${times} (${signedMinutes(after - before)})`;
}
