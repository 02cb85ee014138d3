// One study under the card: a button, its progress, a way to stop it, and what comes back.
import { element, fill } from "./dom.js";
import { clearProblems, refuseUnread, showProblems } from "./problems.js";
import { askRun, cancelRun, errorOf, followRun, queueWords, repeatRun } from "./run.js";
import { formatNumber, text } from "./text.js";

let running = null;

// `inputs` names the input of each field that the server may refuse, `ask` gives the body of the request, `show` turns the answer into elements.
export function studyBox({ id, title, about, fields = [], inputs = {}, ask, show }) {
  const start = element("button", { type: "submit", class: "primary" }, text("page.study.start"));
  const stop = element("button", { type: "button", hidden: true }, text("page.study.stop"));
  const told = element("span", { role: "status" });
  const bar = element("progress", { max: 1, hidden: true, "aria-label": title });
  const result = element("div", { class: "study-result", "aria-live": "polite" });
  const parts = { start, stop, told, bar, result };
  stop.addEventListener("click", () => stopStudy());
  const form = element("form", {
    class: "study-form", novalidate: true,
    onsubmit: (event) => {
      event.preventDefault();
      run(parts, () => askRun("/api/studies", ask()), show, inputs);
    },
  }, ...fields, start, stop, bar, told);
  return element("details", { class: "study", id: `study-${id}` }, element("summary", {}, title),
    element("p", { class: "note" }, about), form, result);
}

// A plan that is asked for must not wait for a study that nobody looks at any more.
export async function stopStudy() {
  const job = running;
  if (!job) return;
  job.parts.told.textContent = text("page.plan.cancelling");
  job.stopped = true;
  if (job.id) await cancelRun(job.id).catch(() => null);
}

async function run(parts, start, show, inputs) {
  await stopStudy();
  const job = { id: null, parts, stopped: false };
  running = job;
  showBusy(parts, true);
  try {
    clearProblems(Object.values(inputs));
    refuseUnread(inputs);
    const begun = await start();
    job.id = begun.id;
    if (job.stopped) await stopStudy();
    const ended = await followRun(begun, { tell: (told) => showProgress(parts, told), isWanted: () => true });
    if (ended.result) fill(parts.result, ...show(ended.result));
    else showWithout(parts, ended, show, inputs);
  } catch (error) {
    showProblems(parts.result, error, inputs);
  } finally {
    showBusy(parts, false);
    if (running === job) running = null;
  }
}

function showWithout(parts, ended, show, inputs) {
  if (ended.state === "cancelled") {
    fill(parts.result, element("p", { class: "note" }, text("page.study.stopped")));
    return;
  }
  showProblems(parts.result, errorOf(ended), inputs);
  if (ended.state !== "interrupted") return;
  const again = () => run(parts, () => repeatRun(ended.id), show, inputs);
  parts.result.append(element("button", { type: "button", class: "repeat", onclick: again }, text("page.run.repeat")));
}

function showBusy({ start, stop, told, bar }, busy) {
  start.disabled = busy;
  stop.hidden = !busy;
  bar.hidden = !busy;
  bar.removeAttribute("value");
  told.textContent = busy ? text("page.plan.running") : "";
}

function showProgress({ told, bar }, study) {
  const { elapsed_s: elapsed, progress } = study;
  const waits = queueWords(study);
  if (waits) {
    told.textContent = waits;
    return;
  }
  const { step, done, of } = progress || {};
  const words = [text("page.plan.elapsed", { seconds: formatNumber(elapsed ?? 0) })];
  if (step) words.push(text(`page.study.step-${step}`, { done: formatNumber(done ?? 0), of: formatNumber(of ?? 0) }));
  if (of) bar.value = done / of;
  told.textContent = words.join(" · ");
}

export function dataTable(caption, columns, rows, wordy = 2) {
  return element("div", { class: "table" }, element("table", {}, element("caption", {}, caption),
    element("thead", {}, element("tr", {}, ...columns.map((name, place) => element("th", place >= wordy ? { scope: "col", class: "number" } : { scope: "col" }, name)))),
    element("tbody", {}, ...rows)));
}

export function cells(values, wordy = 1) {
  return values.map((value, place) => element("td", place >= wordy ? { class: "number" } : {}, value ?? ""));
}
