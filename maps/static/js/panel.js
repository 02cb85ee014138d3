// The side panel: tabs, and on a narrow screen a drawer over the map.
import { byId } from "./dom.js";

export function preparePanel() {
  const tabs = [...document.querySelectorAll("[role=tab]:not([hidden])")];
  tabs.forEach((tab, place) => {
    tab.addEventListener("click", () => chooseTab(tabs, tab));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = tabs[(place + step + tabs.length) % tabs.length];
      chooseTab(tabs, next);
      next.focus();
    });
  });
  // On a narrow screen the legend would hide the map: it opens on demand there.
  byId("legend").open = window.innerWidth > 760;
  byId("drawer-toggle").addEventListener("click", () => openPanel(byId("panel").dataset.open !== "true"));
}

// The menu opens without this script; with it, Escape and a click elsewhere close it.
export function prepareMenu() {
  const menu = byId("menu");
  if (!menu) return;
  document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

function chooseTab(tabs, chosen) {
  for (const tab of tabs) {
    const active = tab === chosen;
    tab.setAttribute("aria-selected", String(active));
    tab.tabIndex = active ? 0 : -1;
    byId(tab.getAttribute("aria-controls")).hidden = !active;
  }
  openPanel(true);
}

// Only narrow screens look at this: wide ones show the panel always.
export function openPanel(open) {
  byId("panel").dataset.open = String(open);
  byId("drawer-toggle").setAttribute("aria-expanded", String(open));
}
