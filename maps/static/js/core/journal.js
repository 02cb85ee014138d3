// What was done and the server has not confirmed yet, kept in this browser too: a tab that is killed loses nothing of it.

const NAME = "countygrid.steps ";  // then what the steps belong to
const MOST_CHARACTERS = 400_000;  // of one; beyond it only the last step is kept: browsers give a site some 5 million in all
const MOST_KEPT = 8;  // the oldest go first

/**
 * `before`: what the first step was made of; `base`: the revision that this is, null where nothing is kept on the server;
 * `isMine`: whether the steps go into it, or into a copy; `by`: the account.
 * @template Content
 * @typedef {{
 *   by: string, at: number, base: number | null, isMine: boolean, before: Content,
 *   steps: { how: string, content: Content, key: string, name?: string }[],
 * }} Left
 */

/**
 * @param {string} by the account that is signed in; what others have left here is erased
 * @param {Storage} [storage]
 */
export function journal(by, storage = localStorage) {
  let written = "";
  for (const name of namesIn(storage)) if (read(storage, name)?.by !== by) storage.removeItem(name);

  return {
    /**
     * Written at once; `left` null: nothing is left. What stood under another name before stands under this one now.
     * @template Content
     * @param {string} name
     * @param {Omit<Left<Content>, "by" | "at"> | null} left
     */
    keep(name, left) {
      try {
        if (written && written !== name) storage.removeItem(NAME + written);
        written = left ? name : "";
        if (!left) return storage.removeItem(NAME + name);
        const whole = JSON.stringify({ by, at: Date.now(), ...left });
        storage.setItem(NAME + name, whole.length <= MOST_CHARACTERS ? whole : JSON.stringify({ by, at: Date.now(), ...left, steps: left.steps.slice(-1) }));
        const names = namesIn(storage);
        if (names.length > MOST_KEPT) storage.removeItem(oldest(storage, names));
      } catch {
        // a browser that keeps nothing, or no more: the server has it in a moment
      }
    },

    /**
     * What is left of steps under a name, or of the newest whose name begins so.
     * @param {string} begin
     * @returns {Left<*> | null}
     */
    left(begin) {
      const found = namesIn(storage).filter((name) => name.startsWith(NAME + begin)).flatMap((name) => read(storage, name) ?? []);
      return found.sort((a, b) => b.at - a.at)[0] ?? null;
    },
  };
}

/** Nothing of anybody's steps stays in this browser. */
export function eraseJournals(storage = localStorage) {
  for (const name of namesIn(storage)) storage.removeItem(name);
}

/** @param {Storage} storage */
function namesIn(storage) {
  try {
    return Object.keys(storage).filter((name) => name.startsWith(NAME));
  } catch {
    return [];
  }
}

/**
 * @param {Storage} storage
 * @param {string} name
 * @returns {Left<*> | null}
 */
function read(storage, name) {
  try {
    const found = JSON.parse(storage.getItem(name) ?? "null");
    return Array.isArray(found?.steps) && found.steps.length && found.before ? found : null;
  } catch {
    return null;
  }
}

/**
 * @param {Storage} storage
 * @param {string[]} names
 */
function oldest(storage, names) {
  const at = (/** @type {string} */ name) => read(storage, name)?.at ?? 0;
  return names.reduce((found, name) => (at(name) < at(found) ? name : found));
}
