// Whoever works by keyboard goes on in the card of what was chosen, once it is drawn.

const FIRST = "#selected #site-move, #selected #site-here, #selected button";

/** @param {Event | null} event a click without a pointer is one by keyboard; null: it was by keyboard */
export function goOnInCard(event) {
  if (event && /** @type {MouseEvent} */ (event).detail !== 0) return;
  requestAnimationFrame(() => requestAnimationFrame(() => /** @type {HTMLElement | null} */ (document.querySelector(FIRST))?.focus()));
}
