// A small chart of points in our own SVG: two labelled axes, every point can be reached and chosen by keyboard.
import { element } from "./dom.js";
import { formatNumber } from "./text.js";

const WIDTH = 340;
const HEIGHT = 230;
const LEFT = 66;
const RIGHT = 14;
const TOP = 12;
const BOTTOM = 46;

// `points`: { x, y, label, sure }; a point that is not sure is hollow. `onChoose(place)` is called with its place.
export function pointChart({ points, xLabel, yLabel, label, onChoose }) {
  const across = scale(points.map(({ x }) => x), LEFT + 10, WIDTH - RIGHT - 8);
  const up = scale(points.map(({ y }) => y), HEIGHT - BOTTOM - 8, TOP + 8);
  const path = points.map(({ x, y }) => `${across.at(x).toFixed(1)},${up.at(y).toFixed(1)}`).join(" ");
  return element("svg", { class: "chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group", "aria-label": label },
    ...across.ticks.flatMap((tick) => bottomTick(across, tick)), ...up.ticks.flatMap((tick) => leftTick(up, tick)),
    element("line", { class: "axis", x1: LEFT, x2: LEFT, y1: TOP, y2: HEIGHT - BOTTOM }),
    element("line", { class: "axis", x1: LEFT, x2: WIDTH - RIGHT, y1: HEIGHT - BOTTOM, y2: HEIGHT - BOTTOM }),
    element("text", { class: "name", x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 6, "text-anchor": "middle" }, xLabel),
    element("text", { class: "name", transform: `translate(13 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)`, "text-anchor": "middle" }, yLabel),
    element("polyline", { class: "curve", points: path }),
    ...points.map((point, place) => dot(point, place, { cx: across.at(point.x), cy: up.at(point.y) }, onChoose)));
}

function dot({ label, sure }, place, where, onChoose) {
  const choose = () => onChoose(place);
  return element("circle", {
    ...where, r: 6, class: sure ? "dot" : "dot open", tabindex: 0, role: "button", "aria-label": label, "aria-pressed": "false",
    onclick: choose,
    onkeydown: (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      choose();
    },
  });
}

function bottomTick(across, tick) {
  const x = across.at(tick);
  return [
    element("line", { class: "grid", x1: x, x2: x, y1: TOP, y2: HEIGHT - BOTTOM }),
    element("text", { x, y: HEIGHT - BOTTOM + 15, "text-anchor": "middle" }, across.word(tick)),
  ];
}

function leftTick(up, tick) {
  const y = up.at(tick);
  return [
    element("line", { class: "grid", x1: LEFT, x2: WIDTH - RIGHT, y1: y, y2: y }),
    element("text", { x: LEFT - 5, y: y + 4, "text-anchor": "end" }, up.word(tick)),
  ];
}

// Round steps of 1, 2 or 5, about four of them.
function scale(values, from, to) {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const span = high - low || Math.max(1, Math.abs(high));
  const rough = span / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((one) => one * power >= rough) * power;
  const ticks = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high + step / 1e6; tick += step) ticks.push(tick);
  const decimals = Math.max(0, Math.min(3, -Math.floor(Math.log10(step) + 1e-9)));
  return {
    ticks, at: (value) => (high === low ? (from + to) / 2 : from + ((value - low) / (high - low)) * (to - from)),
    word: (tick) => formatNumber(tick, decimals),
  };
}
