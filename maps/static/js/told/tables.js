// Which of the office's own tables an answer was made by; those that the program comes with are not told.
import { text, textOfCode } from "../core/text.js";

/**
 * @param {Record<string, number> | null | undefined} tables version by kind
 * @returns {[string, string] | null}
 */
export function tableRow(tables) {
  const edited = Object.entries(tables || {}).filter(([, version]) => version > 0);
  if (!edited.length) return null;
  const told = edited.map(([kind, version]) => text("page.table.version", { name: textOfCode(kind, ["page.table"]), version }));
  return [text("page.table.label"), told.join(text("page.comma"))];
}
