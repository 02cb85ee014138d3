// The note on reconstructed data: open while it is read, out of the way afterwards.

export function prepareHonesty() {
  const note = document.getElementById("honesty");
  if (!(note instanceof HTMLDetailsElement)) return;
  const close = () => { note.open = false; };
  document.getElementById("honesty-close")?.addEventListener("click", () => { close(); note.querySelector("summary")?.focus(); });
  document.addEventListener("keydown", ({ key }) => { if (key === "Escape") close(); });
  document.addEventListener("pointerdown", ({ target }) => { if (!note.contains(/** @type {Node} */ (target))) close(); });
}
