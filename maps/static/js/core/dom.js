// Elements built from data, never from strings of HTML: names in the data cannot become markup.

/**
 * @param {string} id
 * @returns {*} the element, which the page has
 */
export function byId(id) {
  return document.getElementById(id);
}

const SVG = new Set(["svg", "g", "path", "circle", "line", "polyline", "rect", "text"]);

/**
 * @param {string} tag
 * @param {Record<string, *>} [attributes] `on…` listens
 * @param {...(Node | string | null | undefined)} children
 * @returns {*} an element of HTML or SVG
 */
export function element(tag, attributes = {}, ...children) {
  const node = SVG.has(tag)
    ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter(isThere));
  return node;
}

/**
 * @param {*} node
 * @param {...(Node | string | null | undefined)} children in place of those that it has
 */
export function fill(node, ...children) {
  node.replaceChildren(...children.filter(isThere));
  return node;
}

/**
 * A list of term and value, for cards and popups; those without a value are left out.
 * @param {(readonly (string | null | undefined)[] | null)[]} pairs
 */
export function terms(pairs) {
  const shown = pairs.flatMap((pair) => (pair !== null && pair[1] ? [pair] : []));
  return element("dl", { class: "terms" }, ...shown.flatMap(([term, value]) =>
    [element("dt", {}, term), element("dd", {}, value)]));
}

/**
 * @param {Node | string | null | undefined} child
 * @returns {child is Node | string}
 */
function isThere(child) {
  return child !== null && child !== undefined;
}
