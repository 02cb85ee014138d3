"""Every siting model in CPU seconds: published questions, seeded counties, the default county, large planes.

Run by ``make bench-siting``; ``python -m tests.benchmarks.bench_siting pmed county`` runs only those
parts. Each part replaces its own section of ``siting.md``.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace

import numpy as np

from planning.siting import MODELS, SitingProblem
from tests.benchmarks import siting_cases as cases
from tests.benchmarks.siting_county import default_county, frontier, mean_worst_warmed
from tests.benchmarks.siting_large import solve_apart
from tests.benchmarks.siting_single_source import few_a_site, single_source
from tests.benchmarks.siting_table import Part, Row, measure, spread, tell, warmed, write_section

COUNTIES = range(10)
PEER_PMEDS = {"p-median": (1, 2, 3, 4, 5, 7, 8, 9, 10), "p-center": (2, 3, 4, 5)}


def pmed_p_median() -> None:
    """OR-Library, p-median."""
    _pmed("p-median", "pmedopt", "1 OR-Library pmed1–40, p-median", "≤ 5 s in total, all certificate")


def pmed_p_center() -> None:
    """OR-Library, p-center."""
    _pmed("p-center", "pcenteropt", "2 OR-Library pmed1–40, p-center", "≤ 25 s in total, all proven")


def _pmed(model: str, kind: str, title: str, aim: str) -> None:
    if not cases.ORLIB.exists():
        print(f"   skipped: no OR-Library files at {cases.ORLIB}")
        return
    _warm(model, p=5)
    rows = []
    for number, known in cases.published(kind).items():
        lengths, p = cases.pmed(number)
        problem = SitingProblem.from_arrays(lengths, np.ones(len(lengths), int))
        question = f"pmed{number}: {len(lengths)}, p = {p}"
        rows.append(measure(question, problem, model, known=known, peer=number in PEER_PMEDS[model], p=p))
    write_section(title, rows, [spread(rows, aim)])


def san_francisco() -> None:
    """205 tracts and 16 stores, the case that spopt ships."""
    folder = cases.san_francisco_folder()
    if folder is None:
        print("   skipped: spopt is not installed")
        return
    problem = SitingProblem.from_arrays(*cases.san_francisco(folder))
    for model, options in (("p-median", {"p": 4}), ("p-center", {"p": 4}), ("lscp", {"limit_s": 600})):
        _warm(model, **options)
    _warm("mclp", p=4, limit_s=600)
    rows = [
        measure("p-median p = 4 (people × mm)", problem, "p-median", peer=True, p=4),
        measure("p-center p = 4 (mm)", problem, "p-center", peer=True, known=7_403_064, p=4),
        measure("MCLP p = 4, 5 km", problem, "mclp", peer=True, known=875_247, p=4, limit_s=5_000_000),
    ]
    for km, known in ((5, 8), (8, 3), (10, 2)):
        rows.append(measure(f"LSCP {km} km", problem, "lscp", peer=True, known=known, limit_s=km * 1_000_000))
    mean_m = (rows[0].objective or 0) / int(problem.weights.sum()) / 1000
    write_section("3 San Francisco, 205 × 16", rows, [f"p-median: mean {mean_m:.3f} m; published 2982.127 m"])


def counties() -> None:
    """Ten seeded counties, p-median."""
    _warm("p-median", p=5)
    _warm("p-median", p=30)
    rows, few = [], []
    for seed in COUNTIES:
        seconds, people = cases.county(seed)
        problem = SitingProblem.from_arrays(seconds, people)
        rows += [measure(f"county {seed}: 857 × 857, p = {p}", problem, "p-median", p=p) for p in (5, 12, 30, 102)]
        fewer = SitingProblem.from_arrays(seconds[:, cases.centres(seed)], people)
        few.append(measure(f"county {seed}: 857 × 102, p = 5", fewer, "p-median", peer=seed == 0, p=5))
    notes = [spread(rows, "median ≤ 0.4 s, worst ≤ 2 s"), spread(few, "≤ 0.05 s")]
    write_section("4 Seeded counties, p-median", rows + few, notes)


def centers() -> None:
    """Ten seeded counties, p-center."""
    for p in (5, 30):
        _warm("p-center", p=p)
    rows, notes = [], []
    problems = [SitingProblem.from_arrays(*cases.county(seed)) for seed in COUNTIES]
    for p, aim in ((5, 0.5), (12, 3), (30, 10)):
        these = [
            measure(f"county {s}: 857 × 857, p = {p}", problem, "p-center", p=p) for s, problem in enumerate(problems)
        ]
        rows += these
        notes.append(f"p = {p}: " + spread(these, f"median ≤ {aim} s"))
    write_section("5 Seeded counties, p-center", rows, notes)


def covers() -> None:
    """LSCP and MCLP by mode and limit on one county; each kind is proven or has a bound."""
    _warm("lscp", limit_s=600)
    _warm("mclp", p=12, limit_s=600)
    rows = []
    for mode, every in (("car", (5, 10, 15, 20, 30)), ("e-bike", (5, 10, 15, 20, 30)), ("walk", (15, 20, 30))):
        problem = SitingProblem.from_arrays(*cases.county(0, mode=mode))
        for minutes in every:
            question = f"{mode}, {minutes} min"
            rows.append(measure(f"LSCP {question}", problem, "lscp", limit_s=minutes * 60, **_peer(minutes, mode)))
        for minutes, p in ((5, 12), (5, 102), (10, 5), (10, 30), (15, 12), (30, 5)):
            rows.append(measure(f"MCLP {mode}, {minutes} min, p = {p}", problem, "mclp", p=p, limit_s=minutes * 60))
    aim = "median ≤ 0.8 s, else after 30 s gap ≤ 1 site / 0.5 % with bound"
    write_section("6 LSCP and MCLP, 857 × 857", rows, [spread(rows, aim)])


def _peer(minutes: int, mode: str) -> dict[str, bool]:
    return {"peer": mode == "car" and minutes == 20}


def capacitated() -> None:
    """Single-source capacitated p-median with beds."""
    rows = []
    for slack in (1.15, 1.05):
        for seed in range(3):
            problem = beds(seed, slack)
            if not rows:
                warmed("capacitated", beds(1, 1.15, n=120, m=20), p=5)
            question = f"county {seed}: 857 × 102, p = 5, slack {slack - 1:.0%}"
            rows.append(measure(question, problem, "capacitated", cpu_limit_s=60, p=5))
    notes = [
        f"slack {k}: " + spread(some, aim)
        for k, some, aim in (("15 %", rows[:3], "≤ 3 s"), ("5 %", rows[3:], "≤ 20 s"))
    ]
    write_section("7 Capacitated p-median, single source", rows, notes)


def beds(seed: int, slack: float, *, n: int = 857, m: int = 102) -> SitingProblem:
    """Return a county whose elders need beds, 4 % of the people; sites of −20 % to +20 % of the mean size."""
    seconds, people = cases.county(seed, n=n)
    rng = np.random.default_rng([seed, 7])
    loads = np.rint(people * 0.04).astype(int)
    sizes = np.rint(loads.sum() * slack / 5 * rng.uniform(0.8, 1.2, m)).astype(int)
    elders = (people * rng.uniform(0.15, 0.3, n)).astype(int)
    return SitingProblem.from_arrays(seconds[:, cases.centres(seed, m, n=n)], elders, loads=loads, capacities=sizes)


def frontiers() -> None:
    """Mean against worst, thirty points."""
    mean_worst_warmed()
    rows = [frontier(seed) for seed in range(3)]
    write_section("8 Mean–worst frontier, p = 5, 30 points", rows, [spread(rows, "≤ 6 s")])


def default() -> None:
    """Every other model on the county that is served."""
    rows, notes = default_county()
    write_section("9 The default county", rows, [*notes, "aim: proven, or gap ≤ 0.5 %, within 60 s"] if rows else notes)


def large() -> None:
    """Thousands of random points."""
    rows, notes = [], []
    for n, p, seed in ((5000, 5, 1), (5000, 5, 2), (5000, 10, 1), (10_000, 10, 1), (10_000, 10, 5)):
        told = solve_apart(n, p, seed)
        proof = told["proof"] or f"({told['status']})"
        rows.append(
            Row(
                f"plane {seed}: {n} × {n}, p = {p}",
                told["objective"],
                proof,
                told["gap"],
                told["cpu_s"],
                not told["faults"],
            )
        )
        tell(rows[-1])
        notes.append(
            f"{rows[-1].question}: peak {told['after_gb']:.2f} GB, of which {told['before_gb']:.2f} before the search"
        )
    write_section("10 Random points of the plane, p-median", rows, [*notes, "aim: proven in ≤ 60 s, ≤ 3 GB"])


def facility_location() -> None:
    """What sites cost and what travel is worth, at three prices of a site."""
    warmed("facility-location", _priced(99, 300_000, n=150))
    rows = [
        measure(f"county {seed}: 857 × 857, {yuan:,} yuan a site", _priced(seed, yuan), "facility-location")
        for seed in range(3)
        for yuan in (300_000, 2_000_000, 20_000_000)
    ]
    write_section("11 Facility location, 20 yuan an hour, 240 trips", rows, [spread(rows, "all certificate")])


def _priced(seed: int, yuan: int, *, n: int = 857) -> SitingProblem:
    """Return a county where sites cost from half to one and a half times so much, and five stand already."""
    seconds, people = cases.county(seed, n=n)
    costs = np.rint(yuan * np.random.default_rng([seed, 11]).uniform(0.5, 1.5, n)).astype(int)
    status = ["closable"] * 5 + ["candidate"] * (n - 5)
    closing = np.full(n, 150_000)
    return SitingProblem.from_arrays(seconds, people, status=status, opening_costs=costs, closing_costs=closing)


def restricted_reach() -> None:
    """Counties where nobody may travel longer than a little above the least longest time."""
    rows = []
    for seed in range(3):
        problem = SitingProblem.from_arrays(*cases.county(seed))
        for p, more in ((5, 1.05), (5, 1.15), (12, 1.05), (12, 1.15)):
            limit = int((MODELS["p-center"].solve(problem, p=p).objective or 0) * more)
            limited = replace(problem, max_time_s=limit)
            if not rows:
                warmed("p-median", limited, p=p)
            rows.append(measure(f"county {seed}: p = {p}, longest {limit} s", limited, "p-median", p=p))
    write_section("13 p-median with a longest time", rows, [spread(rows, "all certificate")])


def _warm(model: str, **options: int) -> None:
    warmed(model, SitingProblem.from_arrays(*cases.county(99, n=150)), **options)


PARTS: dict[str, Part] = {
    "pmed": pmed_p_median,
    "pmed-center": pmed_p_center,
    "san-francisco": san_francisco,
    "counties": counties,
    "centers": centers,
    "covers": covers,
    "capacitated": capacitated,
    "frontier": frontiers,
    "county": default,
    "large": large,
    "facility": facility_location,
    "single-source": single_source,
    "reach": restricted_reach,
    "few-a-site": few_a_site,
}


def main(asked: list[str]) -> None:
    """Run the parts asked for, or all."""
    unknown = set(asked) - set(PARTS)
    if unknown:
        raise SystemExit(f"no part called {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    for name in asked or PARTS:
        print(f"{name}  {time.strftime('%H:%M')}", flush=True)
        PARTS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
