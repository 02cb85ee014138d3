// The menu of the head opens without this script; with it, Escape and a click elsewhere close it.
import { eraseJournals } from "./journal.js";

export function prepareMenu() {
  const menu = document.getElementById("menu");
  if (!(menu instanceof HTMLDetailsElement)) return;
  menu.querySelector("form[action='/sign-out']")?.addEventListener("submit", () => eraseJournals());
  document.addEventListener("click", ({ target }) => { if (!menu.contains(/** @type {Node} */ (target))) menu.open = false; });
  menu.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
}
