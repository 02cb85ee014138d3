// Views of a state: what lit-html draws, so that modules name one place for it. Values are put in as text, never as markup.
export { html, noChange, nothing, render, svg } from "../../vendor/lit-html/lit-html.js";
export { repeat } from "../../vendor/lit-html/directives/repeat.js";
