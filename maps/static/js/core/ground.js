// The ground that a map lies on: canvas tiles of the county's own layers, kept once drawn. No WebGL, no tiles from outside.
import { decodeGround } from "./ground_data.js";
import { drawTile } from "./ground_tile.js";

/** @import { Ground } from "./ground_data.js" */

/** @typedef {L.GridLayer & { show: (part: string, shown: boolean) => void, drawn: number }} GroundLayer */

/** @typedef {(error: Error | undefined, tile: HTMLCanvasElement) => void} Done */

/** @typedef {{ canvas: HTMLCanvasElement, coords: L.Coords, done: Done }} Waiting */

const PANE = "ground";
const PARTS = ["settlements", "rivers", "townships", "roads", "streets", "county"];
const DEEPEST = 16;  // zoom at which the two metres that lines may be off are a pixel
const FRAME_MS = 6;  // of drawing in each frame, and so many tiles: a zoom stays smooth
const FRAME_TILES = 2;
const SIZE = 512;  // pixels of a tile: as sharp as smaller ones, and half the work of putting them together
const KEPT_PIXELS = 12_000_000;  // of tiles out of sight, four bytes each

/**
 * @param {(path: string) => Promise<*>} request
 * @returns {Promise<Ground>}
 */
export async function loadGround(request) {
  const { theme } = JSON.parse(document.getElementById("page-data")?.textContent || "{}");
  return decodeGround(await request("/api/ground"), theme.ground);
}

/**
 * The layer; `show` draws parts of it (settlements, rivers, townships, roads, streets, county) or leaves them out.
 * @param {Ground} ground
 * @returns {GroundLayer}
 */
export function groundLayer(ground) {
  const layer = new Tiles({ pane: PANE, tileSize: SIZE, maxZoom: 24, keepBuffer: 0, updateWhenIdle: false, noWrap: true });
  layer.ground = ground;
  return layer;
}

/**
 * Bound a map to where there is data: from the whole county with a margin down to where the lines end.
 * @param {L.Map} map
 * @param {Ground} ground
 * @returns {() => void} bounds it no more
 */
export function viewLimits(map, { extent: [west, south, east, north] }) {
  const county = L.latLngBounds([south, west], [north, east]);
  map.setMaxZoom(DEEPEST);
  const bound = () => {
    const snap = map.options.zoomSnap || 1;
    const least = Math.floor((map.getBoundsZoom(county) - 0.3) / snap) * snap;
    const middle = map.project(county.getCenter(), least);
    const reach = map.getSize().multiplyBy(0.7);
    const corners = [middle.subtract(reach), middle.add(reach)].map((corner) => map.unproject(corner, least));
    map.setMaxBounds(L.latLngBounds(corners[0], corners[1]).extend(county.pad(0.2)));
    map.setMinZoom(least);
  };
  bound();
  map.on("resize", bound);
  return () => { map.off("resize", bound); };
}

/** @type {*} Leaflet's own workings, which its types leave out: 1.9.4 is pinned */
const GridLayer = L.GridLayer;

/** @type {Record<string, *> & ThisType<*>} */
const methods = {
  initialize(/** @type {L.GridLayerOptions} */ options) {
    L.setOptions(this, options);
    this.shown = new Set(PARTS);
    this.drawn = 0;
    this.waiting = /** @type {Waiting[]} */ ([]);
    this.kept = /** @type {Map<string, HTMLCanvasElement>} */ (new Map());
    this.on("tileunload", this.keep, this);
  },

  beforeAdd(/** @type {L.Map} */ map) {
    if (!map.getPane(PANE)) {
      const pane = map.createPane(PANE);
      pane.style.zIndex = "350";
      pane.style.pointerEvents = "none";
    }
    GridLayer.prototype.beforeAdd.call(this, map);
  },

  show(/** @type {string} */ part, /** @type {boolean} */ shown) {
    if (shown) this.shown.add(part);
    else this.shown.delete(part);
    if (this._map) this._removeAllTiles();
    this.kept.clear();  // after what was drawn so far has been taken away, which keeps it
    this.redraw();
  },

  createTile(/** @type {L.Coords} */ coords, /** @type {Done} */ done) {
    const key = this._tileCoordsToKey(coords);
    const known = this.kept.get(key);
    if (known) {
      this.kept.delete(key);
      L.Util.requestAnimFrame(() => this.tell({ canvas: known, coords, done }));
      return known;
    }
    const canvas = document.createElement("canvas");
    if (!this.waiting.length) L.Util.requestAnimFrame(this.drawSome, this);
    this.waiting.push({ canvas, coords, done });
    return canvas;
  },

  // As many of the tiles that are still wanted as fit into a frame.
  drawSome() {
    const begun = performance.now();
    const { drawn } = this;
    while (this.waiting.length && performance.now() - begun < FRAME_MS && this.drawn - drawn < FRAME_TILES) {
      const { canvas, coords, done } = this.waiting.shift();
      if (this._tiles?.[this._tileCoordsToKey(coords)]?.el !== canvas || coords.z !== this._tileZoom) continue;
      this.draw(canvas, coords);
      this.tell({ canvas, coords, done });
    }
    if (this.waiting.length) L.Util.requestAnimFrame(this.drawSome, this);
  },

  // It is there at once: fading in would show what lies below instead.
  tell(/** @type {Waiting} */ { canvas, coords, done }) {
    done(undefined, canvas);
    const tile = this._tiles?.[this._tileCoordsToKey(coords)];
    if (tile) tile.loaded = 1;
    canvas.style.opacity = "1";
  },

  draw(/** @type {HTMLCanvasElement} */ canvas, /** @type {L.Coords} */ { x, y, z }) {
    const size = this.getTileSize().x;
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.ceil(size * ratio);
    canvas.height = canvas.width;
    const context = canvas.getContext("2d", { alpha: false });
    if (!context) return;
    drawTile(context, this.ground, { shown: this.shown, zoom: z, x, y, size, ratio });
    this.drawn += 1;
  },

  // A tile that goes out of sight is kept for the way back, the last seen longest.
  keep(/** @type {{ tile: HTMLCanvasElement, coords: L.Coords }} */ { tile, coords }) {
    if (!tile.classList.contains("leaflet-tile-loaded")) return;
    this.kept.set(this._tileCoordsToKey(coords), tile);
    const most = Math.max(1, Math.floor(KEPT_PIXELS / (tile.width * tile.height)));
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= most) break;
      this.kept.delete(oldest);
    }
  },

  // Tiles are drawn at the very zoom of the map, also between whole ones: stretched lines are neither sharp nor true.
  _setView(/** @type {L.LatLng} */ center, /** @type {number} */ zoom, /** @type {boolean} */ noPrune, /** @type {boolean} */ noUpdate) {
    this.exact = zoom;
    GridLayer.prototype._setView.call(this, center, zoom, noPrune, noUpdate);
  },

  _clampZoom() {
    return this.exact ?? this._map.getZoom();
  },

  // While a zoom is under way what there is grows or shrinks; new tiles come once it has ended.
  _animateZoom(/** @type {L.ZoomAnimEvent} */ { center, zoom }) {
    this._setZoomTransforms(center, zoom);
  },

  _onUpdateLevel(/** @type {number} */ zoom) {
    this._levels[zoom].el.style.zIndex = String(24 - Math.min(23, Math.ceil(Math.abs(this._tileZoom - zoom) * 4)));
  },

  // What was seen before stays below until all that is seen now is drawn.
  _pruneTiles() {
    const tiles = /** @type {{ current: boolean, active: boolean }[]} */ (Object.values(this._tiles));
    if (tiles.every(({ current, active }) => active || !current)) GridLayer.prototype._pruneTiles.call(this);
  },
};

const Tiles = GridLayer.extend(methods);
