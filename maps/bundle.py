"""Join the page's modules into one plain script, for a file that is opened without a server.

A browser refuses to load modules from ``file://``, so each module becomes a function that returns its exports. Only
the few forms of import and export that our own modules use are understood; anything else is refused.
"""

import re
from pathlib import Path

IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w]+)\.js";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (async function|function|const|class) (\w+)", re.MULTILINE)
FOREIGN = re.compile(r"^(import|export)\b.*$|\bimport\(", re.MULTILINE)


def bundle(entry: Path) -> str:
    """Return one script with `entry` and everything that it imports, each module once, dependencies first.

    Raises
    ------
    ValueError
        When a module uses a form of import or export that the page's modules do not use.
    """
    parts: dict[str, str] = {}
    _add(entry, parts)
    return '"use strict";\nconst modules = {};\n' + "".join(parts.values())


def _add(path: Path, parts: dict[str, str]) -> None:
    """Add `path` and, before it, what it imports."""
    if path.stem in parts:
        return
    source = path.read_text(encoding="utf-8")
    for _, name in IMPORT.findall(source):
        _add(path.with_name(f"{name}.js"), parts)
    exports = [name for _, name in EXPORT.findall(source)]
    body = EXPORT.sub(r"\1 \2", IMPORT.sub(r"const {\1} = modules.\2;\n", source))
    if foreign := FOREIGN.search(body):
        raise ValueError(f"{path.name}: cannot bundle {foreign[0]!r}")
    parts[path.stem] = f"modules.{path.stem} = (() => {{\n{body}\nreturn {{ {', '.join(exports)} }};\n}})();\n"
