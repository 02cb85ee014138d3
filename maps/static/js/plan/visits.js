// Whether the walk through the page has been seen in this browser.

const KEPT = "countygrid.plan.walked";

export function isFirstVisit() {
  try {
    return localStorage.getItem(KEPT) === null;
  } catch {
    return false;  // what cannot be remembered would come again each time
  }
}

export function rememberVisit() {
  try {
    localStorage.setItem(KEPT, "1");
  } catch {
    // a browser that keeps nothing shows it again only when asked
  }
}
