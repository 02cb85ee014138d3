// The card of a plan: what is proven, who is reached in how many minutes, and on what basis.
import { element, terms } from "./dom.js";
import { peopleLabel } from "./plan_layer.js";
import { formatGap, formatMinutes, formatNumber, formatPeople, formatShare, hasText, page, text, textOfCode } from "./text.js";

export function planCard(plan, { onSite }) {
  if (plan.status === "infeasible") return element("article", { class: "card" }, heading(plan), ...infeasibleRows(plan));
  return element("article", { class: "card", "data-status": plan.status, "data-proof": plan.proof },
    heading(plan), proofRow(plan), figures(plan), basisRows(plan), siteTable(plan, onSite));
}

function heading(plan) {
  const model = textOfCode(plan.model, ["page.model"]);
  const count = text("page.card.sites", { count: formatNumber(plan.opened?.length || 0) });
  return element("header", {},
    element("h3", {}, textOfCode(plan.service, ["page.service"])),
    element("p", { class: "kind" }, plan.status === "infeasible" ? model : `${model} · ${count}`));
}

function infeasibleRows(plan) {
  const reasons = (plan.reasons || []).map((reason) => element("li", {}, reasonText(reason)));
  return [element("p", { class: "verdict bad" }, text("page.card.infeasible")), element("ul", {}, ...reasons)];
}

function reasonText({ code, params }) {
  return textOfCode(code, ["planning.reason"], params);
}

const PROVEN = ["certificate", "enumerated"];

// Only a certificate of our own or a full enumeration is called proven; the solver's word is called that.
export function verdict(plan) {
  if (plan.status === "optimal" && PROVEN.includes(plan.proof)) {
    return { level: "good", words: text("page.card.proven"), more: text(`page.proof.${plan.proof}`) };
  }
  if (plan.status === "optimal") {
    return { level: "fair", words: text("page.card.solver-says", { solver: plan.solver || "HiGHS" }), more: null };
  }
  const share = formatGap(plan.gap);
  const key = plan.sense === "maximize" ? "page.card.gap-more" : "page.card.gap-less";
  return { level: "fair", words: text("page.card.best-so-far"), more: text(key, { share, bound: objectiveText(plan, plan.bound) }) };
}

function proofRow(plan) {
  const { level, words, more } = verdict(plan);
  return element("div", { class: `verdict ${level}`, id: "plan-proof" }, element("strong", {}, words),
    more ? element("span", {}, more) : null);
}

export function objectiveText(plan, value) {
  if (value === null || value === undefined) return text("page.unknown");
  const key = `page.unit.${plan.objective_unit}`;
  return hasText(key) ? text(key, { value: formatNumber(value) }) : `${formatNumber(value)} ${plan.objective_unit || ""}`;
}

function figures(plan) {
  const found = plan.measures;
  const within = plan.limit_minutes === null || plan.limit_minutes === undefined ? null : figure(
    text("page.card.within", { minutes: formatNumber(plan.limit_minutes) }), formatShare(found.people_within_limit, found.people_total),
    text("page.card.within-of", { within: formatNumber(found.people_within_limit), total: formatNumber(found.people_total) }));
  return element("div", { class: "figures" }, within,
    figure(text("page.card.mean"), formatMinutes(found.mean_s)),
    figure(text("page.card.p95"), formatMinutes(found.p95_s)),
    figure(text("page.card.worst"), formatMinutes(found.worst_s)),
    found.unreachable_people ? figure(text("page.card.unreachable"), formatPeople(found.unreachable_people)) : null);
}

function figure(name, value, more = null) {
  return element("div", { class: more ? "figure wide" : "figure" }, element("span", { class: "name" }, name),
    element("strong", {}, value), more ? element("span", { class: "more" }, more) : null);
}

function basisRows(plan) {
  const notes = (plan.notes || []).map((code) => element("li", {}, noteText(plan, code)));
  const base = textOfCode(plan.weights_basis ?? plan.base, ["planning.weights", "page.base"]);
  return element("details", { class: "basis", open: true },
    element("summary", {}, text("page.card.basis")),
    terms([
      [text("page.card.objective"), objectiveText(plan, plan.objective)],
      [text("page.card.mode"), textOfCode(plan.mode, ["page.mode"])],
      [text("page.card.base"), base],
      plan.candidates ? [text("page.card.candidates"), candidatesText(plan.candidates)] : null,
      plan.county_version ? [text("page.version"), String(plan.county_version).slice(0, 12)] : null,
    ]),
    notes.length ? element("ul", { class: "notes" }, ...notes) : null);
}

function candidatesText({ count, of, rule }) {
  const params = { count: formatNumber(count), of: formatNumber(of) };
  return hasText(`planning.candidates.${rule}`) ? text(`planning.candidates.${rule}`, params) : text("page.card.candidates-of", params);
}

function noteText(plan, code) {
  const params = { count: formatNumber(plan.candidates?.count ?? 0), of: formatNumber(plan.candidates?.of ?? 0) };
  return textOfCode(code, ["page.note"], params);
}

function siteTable(plan, onSite) {
  const hasArea = plan.facilities.some((site) => site.floor_area_m2);
  const columns = ["#", text("page.card.site"), text(peopleLabel(plan)), text("page.card.mean-short"), text("page.card.worst-short")];
  if (hasArea) columns.push(text("page.card.area"));
  const head = element("tr", {}, ...columns.map((name) => element("th", { scope: "col" }, name)));
  const rows = plan.facilities.flatMap((site, place) => siteRows(site, place + 1, { hasArea, onSite, width: columns.length }));
  return element("div", { class: "table" }, element("table", { id: "plan-sites" },
    element("caption", {}, text("page.card.opened")), element("thead", {}, head), element("tbody", {}, ...rows)));
}

function siteRows(site, number, { hasArea, onSite, width }) {
  const name = element("button", { type: "button", class: "link", onclick: () => onSite(site) }, site.name || site.id);
  const cells = [
    element("td", {}, String(number)),
    element("td", {}, name, element("small", {}, site.township || "")),
    element("td", { class: "number" }, formatNumber(site.people)),
    element("td", { class: "number" }, minutesCell(site.mean_s)),
    element("td", { class: "number" }, minutesCell(site.worst_s)),
  ];
  if (hasArea) cells.push(element("td", { class: "number" }, site.floor_area_m2 ? formatNumber(site.floor_area_m2) : ""));
  const row = element("tr", {}, ...cells);
  if (!site.rooms?.length) return [row];
  const rooms = site.rooms.map(({ room, area_m2: area }) =>
    `${textOfCode(room, ["page.room"])} ${formatNumber(area)}`).join(" · ");
  return [row, element("tr", { class: "rooms" }, element("td"), element("td", { colspan: width - 1 }, element("details", {},
    element("summary", {}, text("page.card.rooms")), rooms)))];
}

function minutesCell(seconds) {
  return seconds === null || seconds === undefined ? text("page.unreachable") : formatNumber(seconds / 60, 1);
}

export function planBasis(plan) {
  const mode = textOfCode(plan.mode, ["page.mode"]);
  const remade = page.info.layers.roads?.reconstructed?.length;
  return remade ? text("page.basis.reconstructed", { mode }) : text("page.basis.roads", { mode });
}
