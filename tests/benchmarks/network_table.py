"""The table of travel times: one row an engine, with the ratio to ours and how many cells differ."""

from __future__ import annotations

import platform
import time
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

TABLE = Path(__file__).with_name("network.md")
_HEAD = """# Travel times in CPU seconds

Written by `make bench-network`. CPU seconds of one core, compiled code warm, all engines from the same arrays in the
same run. *ratio*: the engine's seconds over ours. *differ*: cells that are not equal to ours, of those compared.
Engines far slower than ours are measured on some sources, and multiplied.
"""
_COLUMNS = ("question", "engine", "CPU s", "ratio", "differ", "")
_PACKAGES = ("numpy", "numba", "scipy", "networkx", "pyroutingkit", "igraph", "pandana")


@dataclass(frozen=True)
class Row:
    """One engine's answer."""

    question: str
    engine: str
    cpu_s: float
    ours_s: float | None = None
    note: str = ""
    wrong: int | None = None

    def cells(self) -> tuple[str, ...]:
        ratio = "" if self.ours_s is None else f"{self.cpu_s / self.ours_s:,.1f}"
        differ = "" if self.wrong is None else str(self.wrong)
        return self.question, self.engine, f"{self.cpu_s:.3g}", ratio, differ, self.note


def write_section(title: str, rows: Iterable[Row], note: str = "") -> None:
    """Replace one section of the table, or add it, and print it; a cell that differs ends the run."""
    rows = list(rows)
    lines = [f"## {title}", "", _machine(), "", "| " + " | ".join(_COLUMNS) + " |", "|" + "---|" * len(_COLUMNS)]
    lines += ["| " + " | ".join(row.cells()) + " |" for row in rows]
    section = "\n".join([*lines, *(["", note] if note else [])]) + "\n"
    print(section, flush=True)
    wrong = [row for row in rows if row.wrong]
    if wrong:
        raise SystemExit(f"{wrong[0].engine} and we differ in {wrong[0].wrong} cells: {wrong[0].question}")
    text = TABLE.read_text(encoding="utf-8") if TABLE.exists() else _HEAD
    _, *sections = text.split("\n## ")
    name = title.split(":", maxsplit=1)[0]
    kept = {part.split(":")[0]: part.rstrip() for part in sections} | {name: section[3:].rstrip()}
    TABLE.write_text(_HEAD + "".join(f"\n## {part}\n" for part in kept.values()), encoding="utf-8")


def _machine() -> str:
    cpu = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.machine(),
    )
    found = []
    for package in _PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return " · ".join([time.strftime("%Y-%m-%d"), cpu, f"Python {platform.python_version()}", *found])
