// Parts of a page that are not needed at its start: a script of their own, asked for when somebody wants them.

/**
 * @param {string} address of a script that maps/bundle.py made
 * @param {string} name of the module in it that is wanted
 * @returns {Promise<Record<string, *>>} what the module exports
 */
export function loadLater(address, name) {
  return new Promise((done, fail) => {
    const script = document.createElement("script");
    script.type = "module";
    script.src = address;
    script.addEventListener("load", () => done(window.countyModules[name]));
    script.addEventListener("error", () => { script.remove(); fail(new Error(address)); });
    document.head.append(script);
  });
}
