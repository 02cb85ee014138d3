"""Capacities where nobody is divided: published questions of facility location and of few villages a site."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planning.siting import SitingProblem
from tests.benchmarks import siting_cases as cases
from tests.benchmarks.siting_compact import ask_highs
from tests.benchmarks.siting_table import measure, spread, warmed, write_section


def single_source() -> None:
    """Capacitated facility location, single source, p1 to p24 of Delmaire et al. (1999)."""
    if not cases.SSCFLP.exists():
        print(f"   skipped: no files at {cases.SSCFLP}")
        return
    rows, best = [], (cases.SSCFLP / "optima.txt").read_text().split()
    for number, known in enumerate(map(int, best), start=1):
        told = cases.sscflp(number)
        peer_s, note = ask_highs(told)
        costs = told.pop("costs")
        problem = SitingProblem.from_arrays(36 * costs, np.ones(len(costs), int), included=told["capacities"], **told)
        options = {"hour_yuan": 100, "trips": 1}  # 36 seconds are one yuan
        question = f"p{number}: {costs.shape[0]} × {costs.shape[1]}"
        if not rows:
            warmed("facility-location", problem, **options)
        row = measure(question, problem, "facility-location", cpu_limit_s=60, known=known, **options)
        rows.append(replace(row, peer_s=peer_s, peer_note=note))
    total = f"peer: HiGHS on the compact program, total {sum(row.peer_s or 0 for row in rows):.1f} s; aim: no less"
    write_section("12 Single-source facility location with capacities", rows, [spread(rows, "all proven"), total])


def few_a_site() -> None:
    """Capacitated p-median of Osman & Christofides (1994); p = n/4 and n/2.5 after Ceselli & Righini (2005)."""
    if not cases.PMEDCAP.exists():
        print(f"   skipped: no files at {cases.PMEDCAP}")
        return
    names = sorted((path.stem[7:] for path in cases.PMEDCAP.glob("pmedcap*.txt")), key=_by_number)
    rows = []
    for name in names:
        problem, p = cases.pmedcap(name)
        if not rows:
            warmed("capacitated", problem, p=p)
        known = int((cases.PMEDCAP / f"pmedcap{name}.txt").read_text().split()[1]) if name.startswith("1_") else None
        question = f"pmedcap{name}: {len(problem.weights)}, p = {p}"
        rows.append(measure(question, problem, "capacitated", cpu_limit_s=60, known=known, p=p))
    write_section("14 Capacitated p-median, few villages a site", rows, [spread(rows, "all proven")])


def _by_number(name: str) -> tuple[int, int]:
    series, number = name.split("_")
    return int(series), int(number)
