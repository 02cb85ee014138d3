// The measures of a plan beyond the first figures of its card, each with its unit and its definition.
import { element } from "../core/dom.js";
import { formatMinutes, formatNumber, hasText, text } from "../core/text.js";

/** @typedef {[code: string, name: string, value: string | null]} Row */

/**
 * One sentence that says what a figure is; the same as in the command line's manual and in README.
 * @param {string} code
 */
export function definitionOf(code) {
  const key = `measures.${code}.definition`;
  return hasText(key) ? text(key) : null;
}

/**
 * Closed until it is wanted; null where a plan from before has none of them.
 * @param {*} plan
 * @returns {Element | null}
 */
export function measureDetails(plan) {
  const rows = [...partRows(plan.measures), ...furtherRows(plan), ...ageRows(plan)].filter(([, , value]) => value);
  if (!rows.length) return null;
  return element("details", { class: "measures", id: "plan-measures" },
    element("summary", {}, text("measures.told.more")),
    element("dl", { class: "terms" }, ...rows.flatMap(([code, name, value]) => [
      element("dt", { title: definitionOf(code) }, name),
      element("dd", { title: definitionOf(code) }, value)])),
    townshipTable(plan),
    element("details", { class: "definitions" }, element("summary", {}, text("measures.told.definitions")),
      element("dl", {}, ...definitionRows(rows))));
}

/**
 * Each measure once, with its unit: readable where nothing can be pointed at.
 * @param {Row[]} rows
 */
function definitionRows(rows) {
  const codes = [...new Set(rows.map(([code]) => code))];
  return codes.flatMap((code) => [
    element("dt", {}, text(`measures.${code}.name`)), element("dd", {}, definitionOf(code))]);
}

/**
 * @param {*} found
 * @returns {Row[]}
 */
function partRows(found) {
  if (found.served_people === undefined) return [];
  return ["served_people", "over_capacity_people", "outside_people"].map((code) =>
    [code, text(`measures.${code}.name`), text("page.people", { count: formatNumber(found[code]) })]);
}

/**
 * @param {*} plan
 * @returns {Row[]}
 */
function furtherRows(plan) {
  const found = plan.measures;
  const values = {
    median_s: found.median_s === undefined ? null : formatMinutes(found.median_s),
    second_nearest: secondText(found.second_nearest),
    gini: found.gini === undefined ? null : formatNumber(found.gini, 3),
    equivalent: plan.equivalent || !found.equivalent ? null : formatMinutes(found.equivalent.seconds),
    worst_township: townshipText(found.worst_township),
    loads: loadsText(plan),
    accessibility: accessibilityText(plan),
    spent_yuan: plan.spent_yuan !== undefined || found.spent_yuan === undefined ? null
      : text("measures.told.yuan", { yuan: formatNumber(found.spent_yuan) }),
    floor_area: plan.floor_area ? text("measures.told.area", { area: formatNumber(plan.floor_area.floor_area_m2) }) : null,
    standards: plan.standards ? text("measures.told.standards", plan.standards) : null,
  };
  return Object.entries(values).map(([code, value]) => [code, text(`measures.${code}.name`), value]);
}

/** @param {*} found */
function secondText(found) {
  if (!found) return null;
  const times = found.mean_s === null ? null
    : text("measures.told.second", { mean: formatMinutes(found.mean_s), p95: formatMinutes(found.p95_s) });
  const without = found.unreachable_people
    ? text("measures.told.second-without", { people: formatNumber(found.unreachable_people) }) : null;
  return [times, without].filter(Boolean).join(" · ");
}

/** @param {*} found */
function townshipText(found) {
  if (!found) return null;
  const township = found.township ?? text("measures.told.township-unnamed");
  return found.mean_s === null ? text("measures.told.township-none", { township })
    : text("measures.told.township", { township, mean: formatMinutes(found.mean_s) });
}

/** @param {*} plan */
function loadsText(plan) {
  const found = plan.measures.loads;
  if (!found || found.fullest_percent === null) return null;
  const told = againstCapacity("measures.told.loads", found, plan);
  const over = found.sites_over_capacity
    ? text("measures.told.loads-over", { count: formatNumber(found.sites_over_capacity) }) : null;
  return [told, fullestText(plan), over].filter(Boolean).join(" · ");
}

/**
 * The fullest site: its share of its capacity, or both where it carries more than that.
 * @param {*} plan
 */
function fullestText(plan) {
  const share = (/** @type {*} */ site) => site.load / site.capacity;
  const sites = plan.facilities.filter((/** @type {*} */ site) => site.capacity);
  if (!sites.length) return null;
  const site = sites.reduce((/** @type {*} */ fullest, /** @type {*} */ one) => (share(one) > share(fullest) ? one : fullest));
  return site.load > site.capacity
    ? againstCapacity("measures.told.loads-fullest-over", site, plan, { site: site.name })
    : text("measures.told.loads-fullest", { site: site.name, percent: formatNumber(100 * share(site), 1) });
}

/**
 * @param {string} key
 * @param {*} found
 * @param {*} plan
 * @param {Record<string, string>} [named]
 */
function againstCapacity(key, found, plan, named = {}) {
  const amount = (/** @type {number} */ count) => amountText(formatNumber(count), plan.capacity_unit);
  return text(key, { load: amount(found.load), capacity: amount(found.capacity), ...named });
}

/**
 * So much of what a service offers: beds, people, children or sites.
 * @param {string} count
 * @param {string} unit
 */
function amountText(count, unit) {
  return text(`measures.told.amount.${unit}`, { count });
}

/** @param {*} plan */
function accessibilityText(plan) {
  const found = plan.measures.accessibility;
  if (!found) return null;
  const unit = found.offer === "capacity" ? plan.capacity_unit : "sites";
  const told = text(`measures.told.accessibility-${found.offer}`,
    { median: amountText(formatNumber(found.median_per_1000, 2), unit),
      p10: amountText(formatNumber(found.p10_per_1000, 2), unit) });
  const without = found.people_without
    ? text("measures.told.accessibility-without", { people: formatNumber(found.people_without) }) : null;
  return [told, without].filter(Boolean).join(" · ");
}

/**
 * @param {*} plan
 * @returns {Row[]}
 */
function ageRows(plan) {
  return (plan.by_age || []).map((/** @type {*} */ band) => {
    const name = text("measures.told.age-name", { group: text(`measures.group.${band.group}`),
      minutes: formatNumber(plan.limit_minutes) });
    const told = text("measures.told.age", { within: formatNumber(band.people_within_limit),
      total: formatNumber(band.people_total), mean: formatMinutes(band.mean_s) });
    return ["by_age", name, band.estimated ? `${told} · ${text("measures.told.age-estimated")}` : told];
  });
}

/** @param {*} plan */
function townshipTable(plan) {
  const found = plan.measures.by_township;
  if (!found) return null;
  const columns = ["township", "people", "within", "mean"].map((name) =>
    element("th", { scope: "col" }, text(`measures.column.${name}`)));
  const rows = found.map((/** @type {*} */ one) => element("tr", {},
    element("td", {}, one.township ?? text("measures.told.township-unnamed")),
    element("td", { class: "number" }, formatNumber(one.people_total)),
    element("td", { class: "number" }, formatNumber(one.people_within_limit)),
    element("td", { class: "number" }, formatMinutes(one.mean_s))));
  return element("div", { class: "table" }, element("table", {},
    element("caption", { title: definitionOf("by_township") }, text("measures.by_township.name")),
    element("thead", {}, element("tr", {}, ...columns)), element("tbody", {}, ...rows)));
}
