"""The questions of the default county, as the service asks them, and frontiers."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np

from api.actions.open_county import OpenCounty
from api.actions.posed import built_at
from api.actions.workplace import Workplace
from api.explain import ApiError
from api.settings import Settings
from planning.scenario.defaults import with_defaults
from planning.scenario.question import Conditions, PlanQuestion
from planning.siting import SitingProblem, p_median, verify
from planning.siting.study.frontier import mean_against_worst
from planning.siting.study.phasing import phase
from planning.tables.services import SERVICES
from tests.benchmarks import siting_cases as cases
from tests.benchmarks.siting_table import Row, measure, tell, warmed

LIMIT_S = 60.0
POINTS = 30

QUESTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("elder centres, p-median, p = 5", {"service": "elder-centre"}),
    ("service rooms, p-median, p = 102", {"service": "service-room"}),
    ("rooms and centres, two tiers, 102 and 5", {"service": "service-room", "model": "two-tiers"}),
    ("hubs by LSCP, 15 min", {"service": "hub", "conditions": Conditions(unlimited=True)}),
    ("hubs by LSCP, 15 min, 30,000 people each", {"service": "hub"}),
    ("hubs with rooms, 15 min", {"service": "hub", "model": "hubs"}),
    ("hubs with rooms, 20 min", {"service": "hub", "model": "hubs", "limit_minutes": 20}),
    ("elder centres, Kolm–Pollak, p = 5", {"service": "elder-centre", "model": "kolm-pollak"}),
    ("service rooms, Kolm–Pollak, p = 30", {"service": "service-room", "model": "kolm-pollak", "p": 30}),
    ("elder centres, worst township, p = 5", {"service": "elder-centre", "model": "worst-township"}),
    ("service rooms, worst township, p = 30", {"service": "service-room", "model": "worst-township", "p": 30}),
    ("elder centres, p-center, p = 5", {"service": "elder-centre", "model": "p-center"}),
    ("service rooms, backup, p = 30, 15 min", {"service": "service-room", "model": "backup", "p": 30}),
)


def default_county() -> tuple[list[Row], list[str]]:
    """Ask the county that is served; no rows before one has been built."""
    workplace = Workplace(Settings())
    try:
        at_hand = workplace.county
    except ApiError:
        print("   skipped: no county has been built (make setup)")
        return [], ["no county had been built"]
    rows = []
    for question, words in QUESTIONS:
        built = built_at(at_hand, with_defaults(PlanQuestion(**words), SERVICES))
        problem, options, model = built.problem, built.options, str(built.resolved.question.model)
        if model not in ("two-tiers", "hubs"):
            few = {name: min(value, 10) if name == "p" else value for name, value in options.items()}
            warmed(model, _part(problem), **few)
        rows.append(measure(question, problem, model, cpu_limit_s=LIMIT_S, sides=dict(built.sides), **options))
    rows += [_phased(at_hand, service, years) for service, years in (("elder-centre", 5), ("service-room", 5))]
    return rows, [f"county version {at_hand.county.version}, {len(at_hand.demand)} demand points, all candidates"]


def _phased(at_hand: OpenCounty, service: str, years: int) -> Row:
    """Spread the usual p-median of a service over some years of equal budget."""
    request = with_defaults(PlanQuestion(service), SERVICES)
    problem = built_at(at_hand, request).problem
    yuan = SERVICES[service].opening_yuan
    priced = replace(problem, opening_costs=np.full(len(problem.candidate_ids), yuan))
    plan = p_median(priced, p=request.p)
    begun = time.process_time()
    found = phase(
        priced,
        plan,
        yearly_budget_yuan=yuan * -(-len(plan.opened) // years),
        stop=lambda: time.process_time() - begun > LIMIT_S,
    )
    cpu_s = time.process_time() - begun
    question = f"{service}, phasing of {len(plan.opened)} over {years} years"
    row = Row(question, found.objective, found.proof or f"({found.status})", found.gap, cpu_s, None)
    tell(row)
    return row


def _part(problem: SitingProblem) -> SitingProblem:
    """Return every sixth place of a problem: enough to load the compiled code."""
    return SitingProblem.from_arrays(
        problem.values[::6, ::6], problem.weights[::6], demand_townships=problem.demand_townships[::6]
    )


def mean_worst_warmed() -> None:
    """Load what a frontier calls."""
    mean_against_worst(SitingProblem.from_arrays(*cases.county(99, n=150)), p=5, count=6, time_limit_s=10)


def frontier(seed: int) -> Row:
    """Trace thirty points of one county and check each against the question it answers."""
    problem = SitingProblem.from_arrays(*cases.county(seed))
    begun = time.process_time()
    traced = mean_against_worst(problem, p=5, count=POINTS, stop=lambda: time.process_time() - begun > LIMIT_S)
    cpu_s = time.process_time() - begun
    faults, last = [], None
    for point in traced.points:
        held = [problem, problem if last is None else replace(problem, max_time_s=last - 1)]
        faults += [f.code for f in verify(held[1], point.solution)]
        last = point.second
    if faults:
        print(f"   REFUSED frontier {seed}: {faults}", flush=True)
    proof = "certificate" if traced.proven else "(not all)"
    ends = "ended" if traced.complete else "goes on"
    row = Row(f"county {seed}: {len(traced.points)} points, {ends}", len(traced.points), proof, None, cpu_s, not faults)
    tell(row)
    return row
