// Why here: what each site is worth, the best exchange not taken, and other plans that are nearly as good.
import { element } from "./dom.js";
import { cells, dataTable, studyBox } from "./study_job.js";
import { formatMinutes, formatNumber, minutesFigure, text } from "./text.js";
import { objectiveText } from "./verdict.js";

const EFFECTS = 3;
const LIMIT_S = 30;

export function whyHereBox({ planId, draw }) {
  const title = text("page.study.why-here");
  return studyBox({
    id: "why-here", title, about: text("page.study.about-why"),
    ask: () => ({ kind: "why-here", plan_id: planId, time_limit_s: LIMIT_S }),
    show: (study) => [worthTable(study), swapText(study), ...others(study, draw)],
  });
}

function worthTable(study) {
  const columns = ["page.card.site", "page.study.affected", "page.study.extra-mean", "page.study.extra-longest"].map((key) => text(key));
  const rows = [...study.why_here.sites].sort((a, b) => b.extra_person_seconds - a.extra_person_seconds).map((site) => {
    const words = [
      site.kept ? text("page.study.kept") : null,
      site.possible === false ? text("page.study.impossible") : null,
      site.loss && study.units.loss !== "person-seconds" ? lossText(study, site.loss) : null,
      site.without_people ? text("page.study.without", { people: formatNumber(site.without_people) }) : null,
    ];
    const name = element("span", {}, nameOf(study, site.site), element("small", {}, words.filter(Boolean).join(" · ")));
    return element("tr", {}, ...cells([name, formatNumber(site.people), minutesFigure(site.mean_extra_s), minutesFigure(site.longest_extra_s)]));
  });
  return dataTable(text("page.study.worth"), columns, rows, 1);
}

function swapText(study) {
  const { swap } = study.why_here;
  if (!swap) return element("p", {}, text("page.study.no-swap"));
  const words = text("page.study.swap", {
    leaving: nameOf(study, swap.leaving), entering: nameOf(study, swap.entering), loss: lossText(study, swap.loss),
  });
  const balance = text("page.study.balance", {
    gaining: formatNumber(swap.gaining_people), gain: minutesFigure(swap.mean_gain_s),
    losing: formatNumber(swap.losing_people), loss: minutesFigure(swap.mean_loss_s),
  });
  const lists = [["page.study.helped", swap.most_helped], ["page.study.hurt", swap.most_hurt]]
    .filter(([, effects]) => effects.length)
    .map(([key, effects]) => element("li", {}, text(key, { names: effects.slice(0, EFFECTS).map((one) => effectText(study, one)).join(text("page.comma")) })));
  const lost = swap.without_people ? element("p", {}, text("page.study.without", { people: formatNumber(swap.without_people) })) : null;
  return element("div", { class: "swap" }, element("h4", {}, text("page.study.swap-title")),
    element("p", {}, words), element("p", {}, balance), lost, element("ul", {}, ...lists),
    swap.proven ? null : element("p", { class: "note" }, text("page.study.swap-unproven")));
}

// What people lose, or win: travel of all together is told as seconds of each.
function lossText(study, loss) {
  if (!loss) return text("page.study.unchanged");
  const size = Math.abs(loss);
  if (study.units.loss === "person-seconds") {
    return text(loss < 0 ? "page.study.shorter" : "page.study.longer", { seconds: formatNumber(size / Math.max(1, study.people_total), 1) });
  }
  return text(loss < 0 ? "page.study.gain" : "page.study.worse", { loss: objectiveText({ objective_unit: study.units.loss }, size) });
}

function effectText(study, { demand, before_s: before, after_s: after }) {
  return `${nameOf(study, demand)} ${formatMinutes(before)} → ${formatMinutes(after)}`;
}

function others(study, draw) {
  const found = study.why_here.alternatives;
  const share = `${formatNumber(study.options.within_percent, study.options.within_percent % 1 ? 1 : 0)}%`;
  const km = formatNumber(study.options.apart_km, study.options.apart_km % 1 ? 1 : 0);
  const told = text(found.counted ? "page.study.counted" : "page.study.at-least",
    { share, km, count: formatNumber(found.within), far: formatNumber(found.within_far) });
  const rows = found.plans.map((plan, place) => {
    const number = formatNumber(place + 1);
    const show = element("button", {
      type: "button", class: "link", "aria-label": text("page.study.show-other", { number }),
      onclick: () => draw(study, study.why_here, plan, text("page.study.other", { number })),
    }, number);
    const change = element("span", {}, `+ ${namesOf(study, plan.entering)}`, element("small", {}, `− ${namesOf(study, plan.leaving)}`));
    const loss = element("span", {}, lossText(study, plan.loss), element("small", {}, text(plan.proven ? "page.study.proven" : "page.study.unproven")));
    return element("tr", {}, ...cells([show, change, loss], 2));
  });
  const columns = ["#", text("page.study.change"), text("page.study.loss")];
  const title = text("page.study.others", { km });
  return [element("h4", {}, text("page.study.others-title")), element("p", { id: "study-count" }, told),
    rows.length ? dataTable(title, columns, rows) : null,
    found.complete && !rows.length ? element("p", { class: "note" }, text("page.study.no-far", { km })) : null,
    found.complete ? null : element("p", { class: "note" }, text("page.study.not-all"))];
}

function namesOf(study, ids) {
  return ids.map((id) => nameOf(study, id)).join(text("page.comma"));
}

export function nameOf(study, id) {
  return study.places[id]?.name || String(id);
}
