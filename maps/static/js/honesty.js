// The note on reconstructed data: open while it is read, out of the way afterwards.
import { byId } from "./dom.js";

export function prepareHonesty() {
  const note = byId("honesty");
  if (note.tagName !== "DETAILS") return;
  const close = () => { note.open = false; };
  byId("honesty-close").addEventListener("click", () => { close(); note.querySelector("summary").focus(); });
  document.addEventListener("keydown", (event) => event.key === "Escape" && close());
  document.addEventListener("pointerdown", (event) => note.contains(event.target) || close());
}
