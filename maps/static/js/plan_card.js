// The card of a plan: what is proven, who is reached in how many minutes, and on what basis.
import { askedRows } from "./asked.js";
import { element, terms } from "./dom.js";
import { peopleLabel } from "./plan_layer.js";
import { tableRow } from "./tables.js";
import { formatMinutes, formatNumber, formatPeople, formatShare, hasText, minutesFigure, page, text, textOfCode } from "./text.js";
import { objectiveText, reasonRow, solverWords, verdict } from "./verdict.js";

// `onSite` shows a site on the map, `nameOf` names a place by its id, `file` is the address of the plan file, and
// `sections` are further parts: each gets the plan and returns an element or null.
export function planCard(plan, { onSite, nameOf = String, file = null, sections = [] }) {
  const parts = plan.status === "infeasible" ? infeasibleRows(plan, nameOf)
    : [proofRow(plan), figures(plan), basisRows(plan, nameOf), siteTable(plan, onSite), ...sections.map((section) => section(plan))];
  return element("article", { class: "card", "data-status": plan.status, "data-proof": plan.proof },
    heading(plan), ...parts, fileRow(plan, file));
}

function heading(plan) {
  const model = textOfCode(plan.model, ["page.model"]);
  const count = text("page.card.sites", { count: formatNumber(plan.opened?.length || 0) });
  return element("header", {},
    element("h3", {}, textOfCode(plan.service, ["page.service"])),
    element("p", { class: "kind" }, plan.status === "infeasible" ? model : `${model} · ${count}`));
}

function infeasibleRows(plan, nameOf) {
  const reasons = (plan.reasons || []).map((reason) => reasonRow(reason, nameOf));
  const together = reasons.length > 1 ? element("p", {}, text("page.card.conflict")) : null;
  const solver = plan.proof === "solver";
  const words = text(solver ? "page.card.infeasible-solver" : "page.card.infeasible");
  return [element("p", { class: "verdict bad", id: "plan-proof", title: solver ? solverWords(plan) : null }, words), together,
    element("ul", { class: "reasons" }, ...reasons)];
}

function proofRow(plan) {
  const { level, words, more, detail } = verdict(plan);
  return element("div", { class: `verdict ${level}`, id: "plan-proof" }, element("strong", {}, words),
    more ? element("span", { title: detail }, more) : null);
}

function fileRow(plan, file) {
  if (!file) return null;
  const name = `plan-${file.split("/").at(-2).slice(0, 8)}.json`;
  return element("p", { class: "file" },
    element("a", { href: file, download: name, id: "plan-file" }, text("page.verify.download")),
    element("small", {}, text("page.verify.how", { file: name })));
}

function figures(plan) {
  const found = plan.measures;
  const within = plan.limit_minutes === null || plan.limit_minutes === undefined ? null : figure(
    text("page.card.within", { minutes: formatNumber(plan.limit_minutes) }), formatShare(found.people_within_limit, found.people_total),
    text("page.card.within-of", { within: formatNumber(found.people_within_limit), total: formatNumber(found.people_total) }));
  const reached = found.unreachable_people
    ? text("page.card.of-reached", { people: formatNumber(found.people_total - found.unreachable_people) }) : null;
  return element("div", { class: "figures" }, within,
    figure(text("page.card.mean"), formatMinutes(found.mean_s), reached),
    figure(text("page.card.p95"), formatMinutes(found.p95_s), reached),
    figure(text("page.card.worst"), formatMinutes(found.worst_s), reached),
    plan.equivalent ? figure(text("page.card.equivalent"), formatMinutes(plan.equivalent.seconds),
      text("page.card.rounding", { seconds: formatNumber(plan.equivalent.rounding_s, 3) })) : null,
    plan.spent_yuan === undefined ? null : figure(text("page.card.spent"), formatNumber(plan.spent_yuan)),
    found.unreachable_people ? figure(text("page.card.unreachable"), formatPeople(found.unreachable_people)) : null);
}

function figure(name, value, more = null) {
  return element("div", { class: more ? "figure wide" : "figure" }, element("span", { class: "name" }, name),
    element("strong", {}, value), more ? element("span", { class: "more" }, more) : null);
}

function basisRows(plan, nameOf) {
  const notes = (plan.notes || []).map((code) => element("li", {}, noteText(plan, code)));
  const base = textOfCode(plan.weights_basis ?? plan.base, ["planning.weights", "page.base"]);
  return element("details", { class: "basis", open: true },
    element("summary", {}, text("page.card.basis")),
    terms([
      plan.equivalent ? null : [text("page.card.objective"), objectiveText(plan, plan.objective)],
      [text("page.card.mode"), textOfCode(plan.mode, ["page.mode"])],
      [text("page.card.base"), base],
      ...askedRows(plan, nameOf),
      plan.candidates ? [text("page.card.candidates"), candidatesText(plan.candidates)] : null,
      tableRow(plan.tables),
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
    element("td", {}, name, element("small", {}, [site.township, site.upper ? text("page.card.upper") : null].filter(Boolean).join(" · "))),
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
  return seconds === null || seconds === undefined ? text("page.unreachable") : minutesFigure(seconds);
}

export function planBasis(plan) {
  const mode = textOfCode(plan.mode, ["page.mode"]);
  const remade = page.info.layers.roads?.reconstructed?.length;
  return remade ? text("page.basis.reconstructed", { mode }) : text("page.basis.roads", { mode });
}
