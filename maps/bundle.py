"""Join modules into one script: fewer requests for a page, and a file that can be opened without a server.

A browser refuses to load modules from ``file://``, and asks one by one for those of a page. So each module becomes a
function that returns its exports. Only the few forms of import and export that our own modules use are understood;
anything else is refused.
"""

import os
import re
from collections.abc import Container
from pathlib import Path

IMPORT = re.compile(r'^import \{((?:(?! as )[^}])*)\} from "(\.\.?/[\w/.-]+\.js)";\n', re.MULTILINE)
PASSED_ON = re.compile(r'^export \{((?:(?! as )[^}])*)\} from "(\.\.?/[\w/.-]+\.js)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (async function|function|const|class) (\w+)", re.MULTILINE)
FOREIGN = re.compile(r"^(import|export)\b.*$|\bimport\(", re.MULTILINE)
COMMENT = re.compile(r"^[ \t]*//[^\n]*\n|[ \t]{2,}// [^\n]*$|/\*\*.*?\*/[ \t]*\n?", re.MULTILINE | re.DOTALL)
"""A line that is a comment, a note behind code, or what tells types; the // of an address has no spaces about it."""
VENDOR = "vendor"


def bundle(entry: Path, *, root: Path | None = None, without: Container[str] = ()) -> str:
    """Return one script with `entry` and everything that it imports, each module once, dependencies first.

    Parameters
    ----------
    entry
    root
        Modules are named by their way from here; from the folder of `entry` if not given.
    without
        Names of modules that are on the page already.

    Returns
    -------
    str
        A plain script; a module that imports what is installed, where a module of ours does.

    Raises
    ------
    ValueError
        When a module uses a form of import or export that the page's modules do not use.
    """
    root = root or entry.parent
    parts: dict[str, str] = {}
    installed: dict[str, str] = {}
    _add(entry, root, parts, installed, without)
    heads = "".join(
        f'import * as installed{k} from "{address}";\nmodules["{name}"] = installed{k};\n'
        for k, (name, address) in enumerate(installed.items())
    )
    return '"use strict";\nconst modules = (globalThis.countyModules ??= {});\n' + heads + "".join(parts.values())


def modules_of(script: str) -> frozenset[str]:
    """Return the names of the modules that a script of :func:`bundle` brings."""
    return frozenset(re.findall(r'^modules\["([\w/.-]+)"\] = ', script, re.MULTILINE))


def _add(path: Path, root: Path, parts: dict[str, str], installed: dict[str, str], without: Container[str]) -> None:
    """Add `path` under its name from `root` on and, before it, what it imports."""
    name = _name(path, root)
    if name in parts or name in without:
        return
    if VENDOR in Path(name).parts:
        installed.setdefault(name, f"/static/{VENDOR}{name.partition(VENDOR)[2]}.js")
        return
    source = path.read_text(encoding="utf-8")
    for _, address in [*IMPORT.findall(source), *PASSED_ON.findall(source)]:
        _add(path.parent / address, root, parts, installed, without)

    def taken(found: re.Match[str]) -> str:
        return f'const {{{found[1]}}} = modules["{_name(path.parent / found[2], root)}"];\n'

    passed_on = [one.strip() for names, _ in PASSED_ON.findall(source) for one in names.split(",")]
    exports = [*passed_on, *(one for _, one in EXPORT.findall(source))]
    body = EXPORT.sub(r"\1 \2", PASSED_ON.sub(taken, IMPORT.sub(taken, source)))
    if foreign := FOREIGN.search(COMMENT.sub("", body)):
        raise ValueError(f"{path.name}: cannot bundle {foreign[0]!r}")
    lines = re.sub(r"^[ \t]+", "", COMMENT.sub("", body), flags=re.MULTILINE)
    parts[name] = f'modules["{name}"] = (() => {{\n{lines}\nreturn {{ {", ".join(exports)} }};\n}})();\n'


def _name(path: Path, root: Path) -> str:
    return Path(os.path.relpath(path, root)).with_suffix("").as_posix()
