// Year by year: what opens and closes, what it costs, and how many people are within the limit at its end.
import { element } from "./dom.js";
import { cells, dataTable, studyBox } from "./study_job.js";
import { nameOf } from "./study_why.js";
import { formatNumber, formatShare, text } from "./text.js";
import { reasonRow } from "./verdict.js";

const YEARS = 5;

export function yearsBox({ plan, planId, service }) {
  const opening = plan.conditions?.opening_yuan ?? service?.defaults.opening_yuan ?? 0;
  const built = plan.facilities.filter((site) => !site.stands).length;
  const usual = Math.max(opening, Math.ceil((built * opening) / YEARS));
  const money = element("input", { id: "study-yearly", type: "number", min: 0, step: 1, required: true, value: usual });
  return studyBox({
    id: "phasing", title: text("page.study.phasing"), about: text("page.study.about-phasing"),
    fields: [element("label", { class: "field wide" }, text("page.study.yearly"), money)],
    inputs: { yearly_budget_yuan: money },
    ask: () => ({ kind: "phasing", plan_id: planId, ...(money.value ? { yearly_budget_yuan: Number(money.value) } : {}) }),
    show: (study) => answer(study),
  });
}

function answer(study) {
  const found = study.phasing;
  const told = element("p", { id: "study-order" }, text(`page.study.phasing-${found.status}`));
  const notes = [
    found.end_is_optimal || !found.years.length ? null : element("p", { class: "note" }, text("page.study.end-unproven")),
    found.years.length ? element("p", { class: "note" }, text(study.tables?.["unit-costs"] ? "page.note.costs-of-office" : "page.note.costs-assumed")) : null,
    found.capacities_counted ? null : element("p", { class: "note" }, text("page.study.capacity-ignored")),
  ];
  if (!found.years.length) {
    return [told, element("ul", { class: "reasons" }, ...found.reasons.map((reason) => reasonRow(reason, (id) => nameOf(study, id)))), ...notes];
  }
  const columns = ["year", "opened", "spent", "covered"].map((name) => text(`page.study.column-${name}`));
  const rows = [todayRow(found.today), ...found.years.map((year) => yearRow(study, year))];
  return [told, dataTable(text("page.study.years"), columns, rows), ...notes];
}

function todayRow(today) {
  return element("tr", {}, ...cells([text("page.study.today"), "", "", share(today)], 2));
}

function yearRow(study, { year, opened, closed, spent_yuan: spent, carried_yuan: carried, measures }) {
  const names = (ids) => ids.map((id) => nameOf(study, id)).join(text("page.comma"));
  const sites = element("span", {}, opened.length ? `+ ${names(opened)}` : text("page.study.nothing"),
    closed.length ? element("small", {}, `− ${names(closed)}`) : null);
  const money = element("span", {}, formatNumber(spent / 10000, 1), element("small", {}, text("page.study.carried", { money: formatNumber(carried / 10000, 1) })));
  return element("tr", {}, ...cells([String(year), sites, money, share(measures)], 2));
}

function share({ people_within_limit: within, people_total: total }) {
  return element("span", {}, formatShare(within, total), element("small", {}, formatNumber(within)));
}
