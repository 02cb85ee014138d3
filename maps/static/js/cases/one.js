// A case: where it stands and until when, what can be done, what was said, its files, its history.
import { html, nothing, repeat } from "../core/html.js";
import { inventedMark } from "../core/invented.js";
import { formatMinutes, formatTime, text, textOfCode } from "../core/text.js";
import { addressOf } from "./acts.js";
import { duplicatesView } from "./duplicates.js";
import { moveForm } from "./form.js";
import { deadline } from "./rows.js";
import { categoryName, dueAt, moveName, personName, placeName, stateName } from "./words.js";

/** @import { FormActs } from "./form.js" */
/** @import { Case, State } from "./state.js" */

// What most often comes next: that goes first, the rest stands below.
const NEXT = ["accept", "arrive", "handle", "feed-back", "check-good", "close", "assign", "open", "resume", "grant-extension"];
const OWN = ["report", "warn", "escalate", "recompute"];  // of the service

/**
 * @param {State} state
 * @param {FormActs} acts
 * @param {{ only?: string[], ledger?: boolean, ways?: boolean }} [look] `only`: moves that the page offers; `ways`: hand over to the
 *   map programs of a telephone
 */
export function caseView(state, acts, { only, ledger = false, ways = false } = {}) {
  const { opened, doing, now, told } = state;
  if (!opened) return nothing;
  return html`<article class="card one" id="case" tabindex="-1" aria-labelledby="case-title">
    <header><h2 id="case-title">${categoryName(opened.category)}${opened.severity === "normal" ? nothing : html` <span class="severity ${opened.severity}">${textOfCode(opened.severity, ["incident.code"])}</span>`}${inventedMark(opened)}</h2>
      <button type="button" id="case-close" @click=${acts.close}>${text("cases.back")}</button></header>
    <p class="kind">${opened.id} · ${stateName(opened.state)}</p>
    <p class="due">${deadline(opened, now)} ${dueAt(opened) && opened.state !== "paused" ? html`<span>${opened.step ? text("cases.step-due", { step: text(`incident.step.${opened.step}`), time: formatTime(dueAt(opened)) }) : formatTime(dueAt(opened))}</span>` : nothing}</p>
    <p id="told" class="note" role="status" tabindex="-1">${told}</p>
    ${doing ? moveForm(doing, acts) : buttons(opened, acts, only)}
    ${duplicatesView(state, acts)}
    ${opened.text ? html`<p class="said">${opened.text}</p>` : nothing}
    ${terms([
      [text("page.incident.place"), placeName(opened)],
      [text("page.incident.cell"), opened.cell],
      [text("page.incident.assignee"), personName(opened)],
      [text("page.incident.rule"), opened.rule ? textOfCode(opened.rule, ["incident.rule"]) : null],
      [text("page.incident.reason"), opened.reason ? textOfCode(opened.reason, ["incident.reason"]) : null],
      [text("page.incident.route"), opened.route_seconds === null ? null : formatMinutes(opened.route_seconds)],
      [text("page.incident.due"), opened.due_at ? formatTime(opened.due_at) : null],
      [text("cases.reporter"), [opened.reporter?.name, opened.reporter?.phone].filter(Boolean).join(" ")],
      [text("cases.asked-until"), opened.asked_until ? formatTime(opened.asked_until) : null],
      [text("cases.merged-into"), opened.merged_into],
      [text("cases.road"), opened.road],
    ])}
    ${opened.is_provisional ? html`<p class="note">${text("cases.provisional")}</p>` : nothing}
    ${ways ? wayLinks(opened) : nothing}
    ${attachments(opened)}
    ${ledger ? html`<section class="ledger">${ledgerWords(opened) ? html`<img alt=${ledgerWords(opened)} src="${addressOf(opened.id)}/ledger.svg?version=${opened.version}">` : text("cases.ledger-short")}</section>` : nothing}
    <section class="history"><h3>${text("cases.history")}</h3><ol>${repeat([...opened.events].reverse(), ({ seq }) => seq, eventView)}</ol></section>
  </article>`;
}

/**
 * @param {Case} opened
 * @param {FormActs} acts
 * @param {string[] | undefined} only
 */
function buttons({ moves, road }, acts, only) {
  const roads = road ? "close-road" : "open-road";  // what is closed is not closed again, and the other way round
  const offered = moves.filter((/** @type {string} */ move) => !OWN.includes(move) && move !== roads && (!only || only.includes(move)));
  const first = NEXT.find((move) => offered.includes(move));
  const rest = offered.filter((/** @type {string} */ move) => move !== first);
  const button = (/** @type {string} */ move, look = "") => html`<button type="button" class=${look} id="move-${move}" @click=${() => acts.begin(move)}>${moveName(move)}</button>`;
  if (!offered.length) return html`<p class="note">${text("cases.nothing-to-do")}</p>`;
  return html`<div class="moves">${first ? button(first, "primary") : nothing}<div>${rest.map((/** @type {string} */ move) => button(move))}</div></div>`;
}

/** @param {*} event */
function eventView({ kind, at, by_name: who, post, data, text: said }) {
  const told = Object.entries(data).map(([name, value]) => dataWords(name, value)).filter(Boolean);
  const person = who || (post ? textOfCode(post, ["incident.post"]) : text("incident.post.service"));
  return html`<li><strong>${textOfCode(kind, ["incident.kind"])}</strong> <small>${formatTime(at)} · ${person}</small>
    ${told.length ? html`<span>${told.join(" · ")}</span>` : nothing}${said ? html`<q>${said}</q>` : nothing}</li>`;
}

const SILENT = ["id", "lon", "lat", "county_version", "channel", "flow", "cell", "township", "category", "route_seconds", "attachment", "from_level", "next_at", "due_at", "workdays", "calendar", "provisional", "role", "level", "because", "assignee_id"];

/**
 * @param {string} name
 * @param {*} value
 */
function dataWords(name, value) {
  if (SILENT.includes(name) || value === null || value === "") return null;
  const label = textOfCode(name, ["incident.data"]);
  if (name === "until") return `${label} ${formatTime(value)}`;
  const words = (/** @type {*} */ one) => textOfCode(one, ["incident.code", "incident.rule", "incident.reason", "incident.level", "incident.step"]);
  return `${label}: ${Array.isArray(value) ? value.map(words).join("、") : words(value)}`;
}

/** @param {Case} opened */
function attachments({ id, attachments: files }) {
  if (!files.length) return nothing;
  const address = (/** @type {string} */ one) => `${addressOf(id)}/attachments/${one}`;
  return html`<section class="attached"><h3>${text("cases.files")}</h3><ul>${files.map((/** @type {*} */ { id: one, kind, at, erased }, /** @type {number} */ n) => html`<li>${erased ? html`<span class="none">${text("cases.erased")}</span>`
    : kind === "photo" ? html`<a href=${address(one)} target="_blank" rel="noopener"><img loading="lazy" alt=${text("cases.photo-of", { n: n + 1, time: formatTime(at) })} src=${address(one)}></a>`
    : html`<a href=${address(one)} target="_blank" rel="noopener">${text(`cases.kind-${kind}`)} · ${formatTime(at)}</a>`}</li>`)}</ul></section>`;
}

/**
 * The place in the datum that each of them takes.
 * @param {Case} opened
 */
function wayLinks({ lon, lat, places, category }) {
  const name = encodeURIComponent(categoryName(category));
  const [gLon, gLat] = places.gcj02;
  const [bLon, bLat] = places.bd09;
  return html`<nav class="ways" aria-label=${text("cases.navigate")}><span>${text("cases.navigate")}</span>
    <a href="https://uri.amap.com/navigation?to=${gLon},${gLat},${name}&mode=ride&coordinate=gaode&callnative=1" rel="noopener noreferrer">${text("cases.amap")}</a>
    <a href="baidumap://map/direction?destination=name:${name}|latlng:${bLat},${bLon}&coord_type=bd09ll&mode=riding&src=countygrid">${text("cases.baidu")}</a>
    <a href="geo:${lat},${lon}?q=${lat},${lon}(${name})">${text("cases.other-map")}</a></nav>`;
}

/** @param {Case} opened */
function ledgerWords({ ledger }) {
  return Object.entries(ledger.minutes).filter(([, count]) => count).map(([owner, count]) => `${text(`incident.owner.${owner}`)} ${text("cases.minutes", { minutes: count })}`).join(" · ");
}

/** @param {(string | null | undefined)[][]} pairs those that say nothing are left out */
function terms(pairs) {
  return html`<dl class="terms">${pairs.filter(([, value]) => value).map(([term, value]) => html`<dt>${term}</dt><dd>${value}</dd>`)}</dl>`;
}
