// A report in words: its category, who handles it, how long the way is.
import { formatMinutes, page, text, textOfCode } from "../core/text.js";

/**
 * The office may call its kinds of incident as it likes.
 * @param {string} code
 * @returns {string}
 */
export function categoryName(code) {
  return page.categories[code] ?? text(`incident.category.${code}`);
}

/** @param {*} incident */
export function handlerOf({ assignee_name: name, assignee, level }) {
  return name || assignee || (level ? textOfCode(level, ["incident.desk"]) : null);
}

/** @param {*} incident */
export function routeText({ role, route_seconds: seconds, route_mode: mode }) {
  if (role === "desk") return text("page.incident.no-route");
  const way = mode && seconds !== null ? ` · ${textOfCode(mode, ["page.mode"])}` : "";
  return `${formatMinutes(seconds)}${way}`;
}
