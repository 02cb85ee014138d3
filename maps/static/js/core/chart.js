// Charts come from the server as SVG, the same as in print; here their points are reached and chosen by keyboard too.

/**
 * @param {string} svg
 * @param {{ labels: string[], onChoose: (place: number) => void }} means `labels`: what is said of each point, in their order; what is marked beyond them is no button
 * @returns {SVGElement}
 */
export function chartOfPoints(svg, { labels, onChoose }) {
  const drawn = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  const chart = /** @type {*} */ (document.importNode(drawn, true));
  chart.setAttribute("role", "group");  // a picture would hide the buttons in it
  [...chart.querySelectorAll(".point")].slice(0, labels.length).forEach((/** @type {Element} */ point, /** @type {number} */ place) => makeButton(point, place, labels[place], onChoose));
  return chart;
}

/**
 * @param {SVGElement} chart
 * @param {number} chosen the place of a point, -1: none
 */
export function showChosen(chart, chosen) {
  chart.querySelectorAll(".point").forEach((point, place) => point.setAttribute("aria-pressed", String(place === chosen)));
}

/**
 * @param {Element} point
 * @param {number} place
 * @param {string} label
 * @param {(place: number) => void} onChoose
 */
function makeButton(point, place, label, onChoose) {
  const names = { "tabindex": "0", "role": "button", "aria-label": label, "aria-pressed": "false" };
  Object.entries(names).forEach(([name, value]) => point.setAttribute(name, value));
  point.querySelector("title")?.remove();  // the label says it, with its names
  point.addEventListener("click", () => onChoose(place));
  point.addEventListener("keydown", (event) => {
    const { key } = /** @type {KeyboardEvent} */ (event);
    if (key !== "Enter" && key !== " ") return;
    event.preventDefault();
    onChoose(place);
  });
}
