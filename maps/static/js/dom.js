// Elements built from data, never from strings of HTML: names in the data cannot become markup.

export function byId(id) {
  return document.getElementById(id);
}

const SVG = new Set(["svg", "g", "path", "circle", "line", "polyline", "rect", "text"]);

export function element(tag, attributes = {}, ...children) {
  const node = SVG.has(tag)
    ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export function fill(node, ...children) {
  node.replaceChildren(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

// A list of term and value, for cards and popups.
export function terms(pairs) {
  const shown = pairs.filter((pair) => pair !== null && pair[1] !== null && pair[1] !== undefined && pair[1] !== "");
  return element("dl", { class: "terms" }, ...shown.flatMap(([term, value]) =>
    [element("dt", {}, term), element("dd", {}, value)]));
}
