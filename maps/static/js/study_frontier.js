// The frontier: a chart of plans of which none is better in both goods, with its table; a point shows its plan.
import { pointChart } from "./chart.js";
import { element, fill } from "./dom.js";
import { cells, dataTable, studyBox } from "./study_job.js";
import { nameOf } from "./study_why.js";
import { formatNumber, text } from "./text.js";
import { reasonRow } from "./verdict.js";

const CURVES = ["mean-worst", "coverage-number", "coverage-budget"];
const COUNT = 20;

// How each good is shown: its axis, and its figure in the unit of the axis.
const GOODS = {
  "mean": { key: "page.study.axis-mean", of: ({ first }, people) => first / Math.max(1, people) / 60, decimals: 2 },
  "worst": { key: "page.study.axis-worst", of: ({ second }) => second / 60, decimals: 1 },
  "sites": { key: "page.study.axis-sites", of: ({ first }) => first, decimals: 0 },
  "covered": { key: "page.study.axis-people", of: ({ second }) => second, decimals: 0 },
  "paid-for": { key: "page.study.axis-people", of: ({ first }) => first, decimals: 0 },
  "money": { key: "page.study.axis-money", of: ({ second }) => second / 10000, decimals: 0 },
};
const AXES = { "mean-worst": ["mean", "worst"], "coverage-number": ["sites", "covered"], "coverage-budget": ["money", "paid-for"] };

export function frontierBox({ plan, planId, service, draw }) {
  const title = text("page.study.frontier");
  if (plan.conditions?.capacity != null) {
    return element("details", { class: "study", id: "study-frontier" }, element("summary", {}, title),
      element("p", { class: "note" }, text("page.study.no-capacity")));
  }
  const curve = element("select", { id: "study-curve" }, ...CURVES.map((name) => element("option", { value: name }, text(`page.study.curve-${name}`))));
  const opening = plan.conditions?.opening_yuan ?? service?.defaults.opening_yuan ?? 0;
  const money = element("input", { id: "study-budget", type: "number", min: 0, step: 1, value: plan.conditions?.budget_yuan ?? plan.opened.length * opening });
  const budget = element("label", { class: "field wide", hidden: true }, text("page.conditions.budget_yuan"), money);
  curve.addEventListener("change", () => { budget.hidden = curve.value !== "coverage-budget"; });
  return studyBox({
    id: "frontier", title, about: text("page.study.about-frontier"),
    fields: [element("label", { class: "field wide" }, text("page.study.curve"), curve), budget],
    inputs: { curve, budget_yuan: money },
    ask: () => ({
      kind: "frontier", plan_id: planId, curve: curve.value, count: COUNT,
      ...(curve.value === "coverage-budget" && money.value ? { budget_yuan: Number(money.value) } : {}),
    }),
    show: (study) => answer(study, draw),
  });
}

function answer(study, draw) {
  const { points, curve, complete, reasons = [] } = study.frontier;
  if (!points.length) {
    const rows = reasons.map((reason) => reasonRow(reason, (id) => nameOf(study, id)));
    return [element("p", {}, text("page.study.no-points")), element("ul", { class: "reasons" }, ...rows)];
  }
  const goods = AXES[curve].map((name) => GOODS[name]);
  const names = goods.map((good) => text(good.key));
  const figures = points.map((point) => goods.map((good) => good.of(point, study.people_total)));
  const words = figures.map((pair) => pair.map((value, side) => formatNumber(value, goods[side].decimals)));
  const sure = points.map(({ proof }) => proof === "certificate" || proof === "enumerated");
  const label = (place) => words[place].map((word, side) => `${names[side]} ${word}`).join(text("page.comma"));
  const holder = element("div");
  const choose = (place) => {
    holder.querySelectorAll("[aria-pressed]").forEach((node) => node.setAttribute("aria-pressed", String(Number(node.dataset.place) === place)));
    draw(study, study.frontier, points[place], label(place));
  };
  const chart = pointChart({
    points: figures.map(([x, y], place) => ({ x, y, sure: sure[place], label: `${label(place)}${text("page.comma")}${proofText(sure[place])}` })),
    xLabel: names[0], yLabel: names[1], label: text(`page.study.curve-${curve}`), onChoose: choose,
  });
  chart.querySelectorAll(".dot").forEach((node, place) => { node.dataset.place = place; });
  const rows = words.map((pair, place) => element("tr", {}, ...cells([
    element("button", { type: "button", class: "link", "aria-pressed": "false", "data-place": place, "aria-label": text("page.study.show-point", { number: place + 1 }), onclick: () => choose(place) }, String(place + 1)),
    proofText(sure[place]), ...pair], 2)));
  fill(holder, chart, element("p", { class: "note" }, text("page.study.chart-key")),
    dataTable(text("page.study.points"), ["#", text("page.study.proof"), ...names], rows),
    element("p", { class: "note" }, text(complete ? "page.study.whole" : "page.study.part")));
  return [holder];
}

function proofText(sure) {
  return text(sure ? "page.study.proven" : "page.study.unproven");
}
