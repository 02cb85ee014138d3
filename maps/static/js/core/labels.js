// The names of the ground on one canvas above the tiles, placed anew when the map has come to rest.
import { placeNames } from "./label_places.js";

/** @import { Box } from "./free_space.js" */
/** @import { Ground } from "./ground_data.js" */
/** @import { Label } from "./label_places.js" */

/** A name has one box, or one for each of its signs. @typedef {Box & { label: number, text: string, kind: Label["kind"] }} LabelBox */

/** @typedef {{ refresh: () => void, boxes: () => LabelBox[], remove: () => void }} Labels */

const PANE = "ground-names";
const REST_MS = 80;
const HALO = 3;  // pixels of paper around each sign

/**
 * @param {L.Map} map
 * @param {Ground} ground
 * @param {{ symbols?: () => Box[] }} [options] boxes of what no name may cover, pixels of the map's container
 * @returns {Labels}
 */
export function placeLabels(map, ground, { symbols = () => [] } = {}) {
  const canvas = /** @type {HTMLCanvasElement} */ (L.DomUtil.create("canvas", "leaflet-zoom-hide", paneOf(map)));
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const measure = measuring(context);
  const family = getComputedStyle(map.getContainer()).fontFamily;
  let labels = /** @type {Label[]} */ ([]);
  const refresh = () => {
    const size = map.getSize();
    const { x: left, y: top } = map.getPixelBounds().min ?? L.point(0, 0);
    const view = { zoom: map.getZoom(), left, top, width: size.x, height: size.y, family, measure };
    labels = placeNames(ground, view, symbols());
    L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
    draw(context, size, labels, ground.look.names);
  };
  const rest = resting(map, refresh);
  refresh();
  return {
    refresh,
    boxes: () => labels.flatMap(({ kind, text, pieces }, label) => pieces.map(({ box }) => ({ ...box, label, text, kind }))),
    remove: () => {
      rest.leave();
      canvas.remove();
    },
  };
}

/**
 * Call back when the map has come to rest: between two turns of a wheel it has not.
 * @param {L.Map} map
 * @param {() => void} work
 */
function resting(map, work) {
  let timer = 0;
  const stop = () => clearTimeout(timer);
  const wait = () => {
    stop();
    timer = window.setTimeout(work, REST_MS);
  };
  map.on("moveend resize", wait);
  map.on("movestart zoomstart", stop);
  const leave = () => {
    stop();
    map.off("moveend resize", wait);
    map.off("movestart zoomstart", stop);
  };
  return { leave };
}

/** @param {L.Map} map */
function paneOf(map) {
  const known = map.getPane(PANE);
  if (known) return known;
  const pane = map.createPane(PANE);
  pane.style.zIndex = "445";
  pane.style.pointerEvents = "none";
  return pane;
}

/**
 * How wide a text is; each is measured once.
 * @param {CanvasRenderingContext2D} context
 */
function measuring(context) {
  const known = /** @type {Map<string, number>} */ (new Map());
  return (/** @type {string} */ text, /** @type {string} */ font) => {
    const key = `${font} ${text}`;
    const width = known.get(key);
    if (width !== undefined) return width;
    context.font = font;
    const measured = context.measureText(text).width;
    known.set(key, measured);
    return measured;
  };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {L.Point} size
 * @param {Label[]} labels
 * @param {import("./ground_data.js").Look["names"]} look
 */
function draw(context, size, labels, look) {
  const ratio = window.devicePixelRatio || 1;
  clear(context, size, ratio);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  for (const label of labels) drawLeader(context, label, { ratio, colour: look[label.kind].colour });
  context.lineWidth = HALO;
  context.strokeStyle = look.halo;
  for (const { kind, font, pieces } of labels) {
    context.font = font;
    context.fillStyle = look[kind].colour;
    for (const { text, x, y, angle } of pieces) {
      const [cos, sin] = [Math.cos(angle) * ratio, Math.sin(angle) * ratio];
      context.setTransform(cos, sin, -sin, cos, x * ratio, y * ratio);
      context.strokeText(text, 0, 0);
      context.fillText(text, 0, 0);
    }
  }
}

/**
 * A thin line to what a name belongs to; the halos of names that it passes cover it.
 * @param {CanvasRenderingContext2D} context
 * @param {Label} label
 * @param {{ ratio: number, colour: string }} look
 */
function drawLeader(context, { pieces: [{ box }], point }, { ratio, colour }) {
  if (!point) return;
  const near = (/** @type {number} */ at, /** @type {number} */ from, /** @type {number} */ extent) => Math.min(Math.max(at, from), from + extent);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.strokeStyle = colour;
  context.lineWidth = 0.8;
  context.beginPath();
  context.moveTo(near(point.x, box.x, box.width), near(point.y, box.y, box.height));
  context.lineTo(point.x, point.y);
  context.stroke();
}

/**
 * A canvas of another size is made anew, which costs more than to wipe it.
 * @param {CanvasRenderingContext2D} context
 * @param {L.Point} size
 * @param {number} ratio
 */
function clear(context, size, ratio) {
  const { canvas } = context;
  const [width, height] = [Math.ceil(size.x * ratio), Math.ceil(size.y * ratio)];
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  if (canvas.width === width && canvas.height === height) return;
  canvas.width = width;
  canvas.height = height;
  canvas.style.width = `${size.x}px`;
  canvas.style.height = `${size.y}px`;
}
