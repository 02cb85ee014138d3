// One store a page: its state, what changes it, and the way back. Views subscribe and draw what they are given.

/** @typedef {"shown" | "done" | "undone" | "redone"} How a change came about; "shown": nothing that undo comes back to */

/**
 * @template State, Action, [Part=*]
 * @typedef {{
 *   readonly state: State, readonly canUndo: boolean, readonly canRedo: boolean,
 *   dispatch: (action: Action) => void, undo: (how?: { forget?: boolean }) => void, redo: () => void,
 *   prolong: (made: { before?: Part[], after?: Part[] }) => void, readonly depth: { past: number, future: number },
 *   subscribe: (listener: (state: State, before: State, how: How) => void) => () => void,
 * }} Store
 */

/**
 * @template State, Action, Part
 * @param {(state: State, action: Action) => State} reduce pure: the same state where nothing changes
 * @param {State} initial
 * @param {{
 *   partOf: (state: State) => Part, withPart: (state: State, part: Part) => State,
 *   starts?: (action: Action) => boolean, most?: number,
 * }} history undo and redo bring back a part of the state, the rest stays as it is; an action that `starts` makes what it
 *   brings the beginning of the history; so many steps can be undone
 * @returns {Store<State, Action, Part>}
 */
export function createStore(reduce, initial, { partOf, withPart, starts = () => false, most = 500 }) {
  /** @type {Part[]} */
  let past = [];
  /** @type {Part[]} */
  let future = [];
  let present = initial;
  /** @type {Set<(state: State, before: State, how: How) => void>} */
  const listeners = new Set();

  /**
   * @param {State} next
   * @param {How} how
   */
  function show(next, how) {
    if (next === present) return;
    const before = present;
    present = next;
    for (const listener of [...listeners]) listener(present, before, how);
  }

  return {
    get state() { return present; },
    get canUndo() { return past.length > 0; },
    get canRedo() { return future.length > 0; },
    get depth() { return { past: past.length, future: future.length }; },

    dispatch(action) {
      const next = reduce(present, action);
      const [part, now] = [partOf(next), partOf(present)];
      if (starts(action)) [past, future] = [[], []];
      else if (part !== now) {
        past = [...past, now].slice(-most);
        future = [];  // what was undone before something else was done is gone
        return show(next, "done");
      }
      return show(next, "shown");
    },

    // What is undone to be forgotten cannot be redone, as what somebody else has refused.
    undo({ forget = false } = {}) {
      if (!past.length) return;
      const back = past[past.length - 1];
      past = past.slice(0, -1);
      future = forget ? [] : [partOf(present), ...future];
      show(withPart(present, back), "undone");
    },

    redo() {
      if (!future.length) return;
      const [next, ...rest] = future;
      past = [...past, partOf(present)];
      future = rest;
      show(withPart(present, next), "redone");
    },

    // Steps that were made before this page was opened: further back than its first, further on than its last.
    prolong({ before = [], after = [] }) {
      past = [...before, ...past].slice(-most);
      future = [...future, ...after];
    },

    subscribe(listener) {
      listeners.add(listener);
      return () => { listeners.delete(listener); };
    },
  };
}
