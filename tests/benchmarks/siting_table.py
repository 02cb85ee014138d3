"""What a siting question costs, in CPU seconds, and the table that keeps it."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from planning.siting import MODELS, SitingProblem, Solution, verify
from tests.benchmarks.siting_peer import ask_peer

TABLE = Path(__file__).with_name("siting.md")
LIMIT_S = 30.0
_HEAD = """# Siting in CPU seconds

Written by `make bench-siting`. CPU seconds of one core, compiled code warm, from the distance matrix. A question
ends after 30 s of CPU (60 s for capacities, frontiers and the default county, 100 s for the planes) with its best
plan and bound. *verified*: `planning.siting.verify` accepts plan, bound and proof. The peer is spopt with HiGHS on
one thread, from the same matrix in the same run, its model's construction included, ended after 60 s of CPU.
A proven value that differs from the published one ends the run.
"""
_COLUMNS = ("question", "objective", "proof", "gap", "CPU s", "peer CPU s", "ratio", "verified")


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    question: str
    objective: int | None
    proof: str
    gap: float | None
    cpu_s: float
    verified: bool | None
    """None where there is no checker."""
    peer_s: float | None = None
    peer_note: str = ""

    def cells(self) -> tuple[str, ...]:
        peer, ratio = "", ""
        if self.peer_s is not None:
            over = ">" if self.peer_note else ""
            peer = f"{over}{self.peer_s:.1f}{self.peer_note}"
            ratio = f"{over}{self.peer_s / max(self.cpu_s, 1e-3):,.0f}"
        gap = "" if self.gap is None else f"{self.gap:.3%}" if self.gap else "0"
        told = "" if self.objective is None else f"{self.objective:,}"
        return (
            self.question,
            told,
            self.proof,
            gap,
            f"{self.cpu_s:.2f}",
            peer,
            ratio,
            {True: "yes", False: "NO", None: ""}[self.verified],
        )


def measure(
    question: str,
    problem: SitingProblem,
    model: str,
    *,
    cpu_limit_s: float = LIMIT_S,
    known: int | None = None,
    peer: bool = False,
    sides: dict[str, Any] | None = None,
    **options: Any,
) -> Row:
    """Solve, check and, if asked, give the same question to the peer; the limit is one of CPU seconds."""
    begun, latest = cpu_s_of_all(), time.monotonic() + 2 * cpu_limit_s
    solution = MODELS[model].solve(
        problem, **options, stop=lambda: cpu_s_of_all() - begun > cpu_limit_s or time.monotonic() > latest
    )
    cpu_s = cpu_s_of_all() - begun
    row = judged(question, solution, cpu_s, verify(problem, solution, **(sides or {})), known=known)
    if peer:
        peer_s, note = ask_peer(problem, model, **options)
        row = Row(**{**row.__dict__, "peer_s": peer_s, "peer_note": note})
    tell(row)
    return row


def cpu_s_of_all() -> float:
    """Return the CPU seconds of this process and of those that it started and that have ended."""
    return sum(os.times()[:4])


def judged(question: str, solution: Solution, cpu_s: float, faults: Iterable[Any], *, known: int | None = None) -> Row:
    """Make a row of a solution; every refusal of the checker is printed."""
    refused = [fault.code for fault in faults]
    if refused:
        print(f"   REFUSED {question}: {', '.join(refused)}", flush=True)
    if known is not None and solution.proof and solution.objective != known:
        raise SystemExit(f"{question}: {solution.objective}, published {known}")
    proof = solution.proof or f"({solution.status})"
    return Row(question, solution.objective, proof, solution.gap, cpu_s, not refused)


def tell(row: Row) -> None:
    """Print a row at once: a run is long."""
    print(
        "   "
        + "  ".join(f"{cell:<{width}}" for cell, width in zip(row.cells(), (44, 18, 12, 8, 8, 22, 8, 3), strict=True)),
        flush=True,
    )


def warmed(model: str, problem: SitingProblem, **options: Any) -> None:
    """Load the compiled code of a model, and of everything that a search of some length calls."""
    begun = time.process_time()
    MODELS[model].solve(problem, **options, stop=lambda: time.process_time() - begun > 5)


def write_section(title: str, rows: list[Row], notes: list[str]) -> None:
    """Replace one part of the table file, or add it."""
    lines = [f"| {' | '.join(_COLUMNS)} |", f"|{'---|' * len(_COLUMNS)}"]
    lines += [f"| {' | '.join(row.cells())} |" for row in rows]
    text = f"## {title}\n\n{stamp()}\n\n" + "\n".join(lines) + "\n"
    text += "".join(f"\n- {note}" for note in notes) + ("\n" if notes else "")
    parts = {part.splitlines()[0]: part for part in _sections()}
    parts[title] = text.removeprefix("## ")
    TABLE.write_text(
        _HEAD + "".join(f"\n## {parts[name].rstrip()}\n" for name in sorted(parts, key=_number)), encoding="utf-8"
    )


def _number(title: str) -> int:
    return int(title.split(maxsplit=1)[0])


def _sections() -> list[str]:
    return TABLE.read_text(encoding="utf-8").split("\n## ")[1:] if TABLE.exists() else []


def stamp() -> str:
    """Return date, machine and versions."""
    named = (f"{name} {_version(name)}" for name in ("numpy", "numba", "scipy", "highspy", "spopt", "pulp"))
    return f"{time.strftime('%Y-%m-%d')} · {_processor()} · Python {platform.python_version()} · {' · '.join(named)}"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{names[0]}, {len(names)} cores" if names else platform.processor() or platform.machine()


def spread(rows: list[Row], aim: str) -> str:
    """Return total, median and worst of some rows beside their aim."""
    seconds = sorted(row.cpu_s for row in rows)
    proven = sum(row.proof in ("certificate", "enumerated") for row in rows)
    on_its_word = sum(row.proof == "solver" for row in rows)
    told = f"{proven} proven" + (f" and {on_its_word} on the word of HiGHS" if on_its_word else "")
    worst = f"median {seconds[len(seconds) // 2]:.2f}, worst {seconds[-1]:.2f}, total {sum(seconds):.1f} s"
    return f"{len(rows)} questions, {told}, {worst}; aim: {aim}"


Part = Callable[[], None]
