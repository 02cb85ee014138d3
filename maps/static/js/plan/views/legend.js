// What the colours and symbols of the map mean: those that are on it now.
import { html, nothing } from "../../core/html.js";
import { facilityName, facilitySymbol, isReconstructed } from "../../told/county.js";
import { classLabels } from "../../core/class_labels.js";
import { dotPicture, linePicture, ringPicture, symbolPicture } from "../../core/symbols.js";
import { page, serviceName, text } from "../../core/text.js";
import { confirmedPlan } from "../frame.js";
import { standingSymbol } from "../map/standing.js";
import { symbolOf } from "../map/sites.js";
import { scaleOf } from "../map/villages.js";

/** @import { State } from "../state.js" */
/** @import { View } from "./all.js" */

/** @type {("facilities" | "cells")[]} */
const LAYERS = ["facilities", "cells"];
const NARROW = window.matchMedia("(max-width: 1250px)");  // there it would hide the map: it opens when asked

/** @type {View} */
export function legendView(state, _evaluation, store) {
  const scale = scaleOf(state);
  const unit = scale.unit ? html`<small>${text(`page.legend.unit-${scale.unit}`)}</small>` : nothing;
  return html`<details ?open=${!NARROW.matches}>
    <summary>${text(`plan.colours.${state.colour}`)} ${unit}</summary>
    ${scale.colours.length ? html`<ul>${classLabels(scale).map((label, k) => row(dotPicture(scale.colours[k]), label))}
      ${scale.unreachable ? row(state.colour === "townships" ? dotPicture(page.theme.unreachable) : ringPicture(page.theme.unreachable), text("page.unreachable")) : nothing}</ul>` : nothing}
    <ul>${symbolRows(state)}</ul>
    <p class="note">${text("page.legend.size")}${basis(state)}</p>
    ${othersTold(state)}
    ${switches(state, store)}
  </details>`;
}

// Minutes that are not those of the sites say by which way of going they are counted.
function othersTold(/** @type {State} */ { colour, years }) {
  const told = colour === "office" ? text("page.popup.basis", { basis: text(isReconstructed("roads") ? "page.basis.reconstructed" : "page.basis.roads", { mode: text("page.mode.e-bike") }) }) : null;
  return [told, years ? text("plan.study.years-told") : null].filter(Boolean).map((words) => html`<p class="note">${words}</p>`);
}

/**
 * What else can be shown; what of it is on the map is told here too.
 * @param {State} state
 * @param {import("../state.js").PlanStore} store
 */
function switches({ layers }, store) {
  const names = LAYERS.filter((name) => page.info.layers[name]);
  const turn = (/** @type {string} */ name) => (/** @type {*} */ { target }) => store.dispatch({ type: "show", layers: { ...store.state.layers, [name]: target.checked } });
  return html`<div class="layers">${names.map((name) => html`<label><input id=${`layer-${name}`} type="checkbox" .checked=${layers[name] ?? false} @change=${turn(name)}> ${text(`plan.layers.${name}`)}
      ${isReconstructed(name) ? html`<span class="mark" title=${text("page.reconstructed.mark-long")}>${text("page.reconstructed.mark")}</span>` : nothing}</label>`)}
    ${layers.facilities ? html`<ul>${(layers.kinds ?? []).map((kind) => row(symbolPicture(facilitySymbol(kind)), facilityName(kind)))}</ul>` : nothing}</div>`;
}

/** @param {State} state */
function symbolRows({ content, ground }) {
  const { service, sites } = content.question;
  const stands = ground?.candidates.some(({ id, origin }) => origin !== "place" && !sites?.includes(id));
  const statuses = [...new Set(content.edits.filter(({ op }) => op === "site-status").map(({ status }) => status))];
  const has = (/** @type {string} */ op) => content.edits.some((edit) => edit.op === op);
  return [
    sites?.length ? row(symbolPicture(symbolOf(service)), text("page.legend.planned", { service: serviceName(service) })) : nothing,
    stands ? row(symbolPicture(standingSymbol(service)), text("plan.legend.stands")) : nothing,
    ...statuses.map((status) => row(symbolPicture(page.theme.statuses[status]), text(`page.status.${status}`))),
    has("road-closed") ? row(linePicture(page.theme.lines.closed), text("page.closures.legend")) : nothing,
    has("flooded") ? row(linePicture({ dash: "", ...page.theme.lines.flooded }), text("plan.legend.flooded")) : nothing,
    has("road-built") ? row(linePicture(page.theme.lines.built), text("plan.legend.built")) : nothing,
  ];
}

/**
 * @param {Element} picture
 * @param {string} label
 */
function row(picture, label) {
  return html`<li>${picture} ${label}</li>`;
}

/**
 * Where sites take only so much, the colours are of the nearest until the server has allocated.
 * @param {State} state
 */
function basis(state) {
  if (state.colour !== "plan" || !state.ground?.matrix.about.capacities) return nothing;
  return html` <span id="colours-basis">${text(`plan.colours-by.${confirmedPlan(state)?.allocated_by === "capacity" ? "capacity" : "nearest"}`)}</span>`;
}
