// What is wrong with a field, in one sentence: what was expected, what was found, how to fix it.
import { text } from "./text.js";

/**
 * @param {{ code?: string, value?: string, expected?: string, mend?: string }} fault as the server tells it
 * @param {*} input of the field where it has one: a choice is told as its words, not as its code
 */
export function wordsOf({ code, value, expected, mend }, input) {
  const option = [...(input?.options || [])].find((one) => one.value === value);
  const found = code === "missing" || !value ? null : text("page.error.found", { value: option?.textContent.trim() || value });
  return [expected ? text("page.error.expected", { expected }) : null, found, mend ? text("page.error.fix", { fix: mend }) : null]
    .filter(Boolean).join(text("page.error.join"));
}
