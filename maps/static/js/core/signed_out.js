// A session that has ended: what stands on the page stays, and one signs in beside it.
import { text } from "./text.js";

/** @param {boolean} ended */
export function showSignedOut(ended) {
  const shown = document.getElementById("signed-out");
  if (shown) shown.hidden = !ended;
  else if (ended) document.body.append(notice());
}

function notice() {
  const said = document.createElement("p");
  said.id = "signed-out";
  said.setAttribute("role", "alert");
  const link = document.createElement("a");
  link.href = "/sign-in?next=/account";
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = text("page.signed-out.link");
  said.append(text("page.signed-out.said"), " ", link);
  return said;
}
