// What is said of the county's data: which of it was reconstructed, what its facilities are called and how they are drawn.
import { hasText, page, text } from "../core/text.js";

/**
 * Whether a field of a layer was reconstructed; without a field, whether anything of it was.
 * @param {string} layer
 * @param {string | null} [field]
 * @returns {boolean}
 */
export function isReconstructed(layer, field = null) {
  const fields = page.info.layers[layer]?.reconstructed || [];
  return field === null ? fields.length > 0 : fields.includes(field);
}

/**
 * @param {string} kind
 * @returns {import("../core/symbols.js").Symbol}
 */
export function facilitySymbol(kind) {
  return page.theme.facilities[kind] || page.theme.otherFacility;
}

/**
 * @param {string} kind
 * @returns {string}
 */
export function facilityName(kind) {
  const service = page.services.find((/** @type {*} */ { facility_kinds }) => facility_kinds.includes(kind));
  return hasText(`page.kind.${kind}`) ? text(`page.kind.${kind}`) : service?.label || String(kind);
}
