// The button above a printed sheet: without this script the browser's own Ctrl+P prints it as well.
const button = document.getElementById("print");

if (button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
