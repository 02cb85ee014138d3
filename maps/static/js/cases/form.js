// The form of a move: what the table of moves asks for, a few words, files.
import { wordsOf } from "../core/faults.js";
import { html, nothing } from "../core/html.js";
import { page, text, textOfCode } from "../core/text.js";
import { categoryName, moveName } from "./words.js";

/** @import { TemplateResult } from "../../vendor/lit-html/lit-html.js" */
/** @import { CaseActs } from "./acts.js" */
/** @import { Doing, Refusal } from "./state.js" */

/** @typedef {{ form: string, codes: string[] }} Need as maps/case_pages.py tells it */

/** @typedef {CaseActs & { centre?: () => { lat: number, lng: number } }} FormActs `centre`: of the map, where the page has one */

const WITH_FILES = ["handle", "attach", "note", "feed-back", "check-bad"];
const TAKEN = "image/jpeg,image/png,image/webp,application/pdf,audio/*";

/**
 * @param {Doing} doing
 * @param {FormActs} acts
 */
export function moveForm(doing, acts) {
  const { needs, may } = page.moves[doing.move];
  const send = (/** @type {Event} */ event) => { event.preventDefault(); acts.send(); };
  const fields = [...Object.entries(needs), ...Object.entries(may).map(([name, need]) => [name, need, true])];
  return html`<form id="doing" class="doing" tabindex="-1" aria-label=${moveName(doing.move)} @submit=${send}>
    <h3 class="wide">${moveName(doing.move)}</h3>
    ${doing.move === "erase" ? html`<p class="note wide">${text("cases.erase-note")}</p>` : nothing}
    ${doing.move === "attach" ? nothing : fields.map(([name, need, isFree]) => fieldOf(name, need, doing, acts, Boolean(isFree)))}
    ${doing.move === "attach" || doing.move === "erase" ? nothing : html`<label class="field wide"><span>${text(doing.move === "note" ? "cases.words" : "cases.words-if-any")}</span>
      <textarea id="doing-words" rows="2" maxlength="2000" ?required=${doing.move === "note"} placeholder=${text("page.incident.text-hint")} .value=${doing.words}
        @input=${(/** @type {*} */ { target }) => acts.fill({ words: target.value })}></textarea></label>`}
    ${WITH_FILES.includes(doing.move) ? files(doing, acts) : nothing}
    ${doing.problem ? refusal(doing.problem) : nothing}
    <div class="choice wide"><button class="primary" id="doing-send" ?disabled=${doing.isSending}>${text(doing.isSending ? "cases.sending" : "cases.send", { move: moveName(doing.move) })}</button>
      <button type="button" id="doing-cancel" ?disabled=${doing.isSending} @click=${acts.giveUp}>${text("page.incident.cancel")}</button></div></form>`;
}

/**
 * @param {string} name
 * @param {Need} need
 * @param {Doing} doing
 * @param {FormActs} acts
 * @param {boolean} isFree
 * @returns {TemplateResult | typeof nothing}
 */
function fieldOf(name, need, doing, acts, isFree) {
  const label = text(`incident.data.${name}`);
  const set = (/** @type {*} */ { target }) => acts.set(name, target.value);
  const id = `doing-${name}`;
  if (name === "subcategory" || name === "lat") return nothing;  // the one is the table's, the other comes with its longitude
  if (name === "lon") return placeField(doing, acts);
  if (need.form === "id-or-desk") return peopleField(name, label, doing, acts);
  if (need.form === "codes") return codesField(name, label, need, doing, acts);
  if (need.form === "code" || need.form === "stars") {
    const codes = need.form === "stars" ? ["5", "4", "3", "2", "1"] : name === "category" ? Object.keys(page.categories) : need.codes;
    const words = (/** @type {string} */ code) => (name === "category" ? categoryName(code) : need.form === "stars" ? "★".repeat(Number(code)) : textOfCode(code, ["incident.code"]));
    const choose = (/** @type {*} */ { target }) => acts.set(name, need.form === "stars" && target.value ? Number(target.value) : target.value);
    return html`<label class="field wide"><span>${label}</span><select id=${id} ?required=${!isFree} @change=${choose}>
      <option value="">${text("page.incident.choose")}</option>
      ${codes.map((code) => html`<option value=${code} ?selected=${String(doing.values[name] ?? "") === code}>${words(code)}</option>`)}</select></label>`;
  }
  if (need.form === "instant") {
    const at = (/** @type {*} */ { target }) => acts.set(name, target.value ? `${target.value}:00+08:00` : "");
    return html`<label class="field wide"><span>${label}</span><input type="datetime-local" id=${id} required .value=${String(doing.values[name] ?? "").slice(0, 16)} @change=${at}></label>`;
  }
  if (need.form === "ids") {
    const some = (/** @type {*} */ { target }) => acts.set(name, target.value.split(/[\s,,、]+/).filter(Boolean));
    return html`<label class="field wide"><span>${label}</span><input id=${id} required placeholder=${text("cases.ids-hint")} @change=${some}></label>`;
  }
  return html`<label class="field wide"><span>${label}</span><input id=${id} required .value=${doing.values[name] ?? ""} @input=${set}></label>`;
}

/**
 * @param {Doing} doing
 * @param {FormActs} acts
 */
function placeField({ values }, acts) {
  const take = () => {
    const at = acts.centre?.();
    if (at) acts.fill({ values: { ...values, lon: Number(at.lng.toFixed(6)), lat: Number(at.lat.toFixed(6)) } });
  };
  return html`<p class="wide"><button type="button" id="doing-place" @click=${take}>${text("page.incident.centre")}</button>
    <span>${values.lon === undefined ? text("cases.no-place") : `${values.lon}, ${values.lat}`}</span></p>`;
}

/**
 * @param {string} name
 * @param {string} label
 * @param {Doing} doing
 * @param {FormActs} acts
 */
function peopleField(name, label, { people, values, move }, acts) {
  const choose = (/** @type {*} */ { target }) => acts.set(name, target.value === "-" ? null : target.value === "*" ? undefined : target.value);
  const words = (/** @type {*} */ { name: person, posts, place }) => [person, place, posts.map((/** @type {string} */ post) => textOfCode(post, ["staff.post"])).join("、")].filter(Boolean).join(" · ");
  return html`<label class="field wide"><span>${label}</span><select id="doing-${name}" required @change=${choose}>
    <option value="">${people ? text("page.incident.choose") : text("cases.loading")}</option>
    ${move === "assign" || move === "reassign" ? html`<option value="*">${text("cases.by-rule")}</option>` : nothing}
    <option value="-" ?selected=${values[name] === null}>${text("cases.duty-desk")}</option>
    ${(people ?? []).map((one) => html`<option value=${one.id} ?selected=${values[name] === one.id}>${words(one)}</option>`)}</select></label>`;
}

/**
 * @param {string} name
 * @param {string} label
 * @param {Need} need
 * @param {Doing} doing
 * @param {FormActs} acts
 */
function codesField(name, label, { codes }, { values }, acts) {
  const chosen = values[name] ?? [];
  const turn = (/** @type {string} */ code) => acts.set(name, chosen.includes(code) ? chosen.filter((/** @type {string} */ one) => one !== code) : [...chosen, code]);
  return html`<fieldset class="wide"><legend>${label}</legend>${codes.map((code) => html`<label class="tick"><input type="checkbox" ?checked=${chosen.includes(code)} @change=${() => turn(code)}> ${textOfCode(code, ["incident.code"])}</label>`)}</fieldset>`;
}

/**
 * @param {Doing} doing
 * @param {FormActs} acts
 */
function files({ files: chosen, sent, move }, acts) {
  const take = (/** @type {*} */ { target }) => { acts.take(target.files); target.value = ""; };
  return html`<label class="field wide"><span>${text("cases.photo")}</span><input type="file" id="doing-files" accept=${TAKEN} multiple ?required=${move === "attach" && !chosen.length} @change=${take}></label>
    ${chosen.length ? html`<ul class="files wide">${chosen.map(({ key, file }) => html`<li>${sent.includes(key) ? "✓ " : ""}${file.name}
      ${sent.includes(key) ? nothing : html`<button type="button" class="link" @click=${() => acts.fill({ files: chosen.filter((one) => one.key !== key) })}>${text("cases.remove")}</button>`}</li>`)}</ul>` : nothing}
    <p class="note wide">${text("cases.photo-note")}</p>`;
}

/** @param {Refusal} refusal */
export function refusal({ message, faults = [] }) {
  return html`<div class="failure wide" role="alert"><p>${message}</p>
    ${faults.length ? html`<ul class="problems">${faults.map((fault) => html`<li>${wordsOf(fault, null)}</li>`)}</ul>` : nothing}</div>`;
}
