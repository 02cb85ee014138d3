"""All measures of a plan: those that follow from problem and solution, and those that take the county's data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
from numpy.typing import NDArray

from planning.groups import Base
from planning.measures.catchment import describe_accessibility
from planning.measures.floor_area import add_floor_area
from planning.measures.flows import seconds_of
from planning.measures.groups import find_worst_township, measure_ages, measure_townships
from planning.measures.inequality import equally_distributed, gini
from planning.measures.loads import loads_of
from planning.measures.money import yuan_of
from planning.measures.second_site import second_nearest_s
from planning.measures.served import count_served
from planning.measures.standards import NO_STANDARD, Standard, check_facilities
from planning.measures.travel_times import measures
from planning.scenario.places import Facility
from planning.siting.problem import SitingProblem
from planning.siting.solution import Solution

EVER_SINCE = frozenset({"people_total", "people_within_limit", "unreachable_people", "mean_s", "p95_s", "worst_s"})
"""Measures that plan files have always had; older files lack the others, which is no fault of theirs."""

IN_COUNTY = frozenset({"by_age", "floor_area", "standards"})
"""Measures that :func:`measure_in_county` may tell."""


def measure_plan(
    problem: SitingProblem, solution: Solution, *, limit_s: int, children: NDArray[Any] | None = None
) -> dict[str, Any]:
    """Measure a plan by problem and solution alone, so that anyone can do it again.

    Parameters
    ----------
    problem, solution
    limit_s
        Seconds that count as covered.
    children : (n,), optional
        As a plan of hubs was asked with.

    Returns
    -------
    dict
        Figures by their code in :mod:`planning.measures.catalogue`; a measure that says nothing about this plan is
        left out, and without a plan only people are counted.
    """
    seconds = seconds_of(problem, solution.allocation)
    figures: dict[str, Any] = {
        **measures(problem.weights, seconds, limit_s=limit_s).as_dict(),
        **count_served(problem, solution, limit_s=limit_s).as_dict(),
    }
    if not solution.opened.size:
        return figures
    townships = measure_townships(problem.demand_townships, problem.weights, seconds, limit_s=limit_s)
    second = measures(problem.weights, second_nearest_s(problem, solution.opened), limit_s=limit_s)
    further = {
        "gini": gini(problem.weights, seconds),
        "equivalent": equally_distributed(problem.weights, seconds, kappa_e12=_kappa_asked(solution)),
        "second_nearest": second,
        "worst_township": find_worst_township(townships),
        "by_township": townships or None,
        "loads": loads_of(problem, solution),
        "accessibility": describe_accessibility(problem, solution.opened, limit_s=limit_s),
        "spent_yuan": yuan_of(problem, solution, children),
    }
    told = {name: getattr(found, "as_dict", lambda found=found: found)() for name, found in further.items()}
    return figures | {name: found for name, found in told.items() if found is not None}


def measure_in_county(
    units: pd.DataFrame,
    problem: SitingProblem,
    solution: Solution,
    *,
    base: Base,
    limit_s: int,
    sites: Iterable[Mapping[str, Any]] = (),
    standing: Iterable[Facility] = (),
    standard: Standard = NO_STANDARD,
) -> dict[str, Any]:
    """Measure what takes more of the county than the problem holds.

    Parameters
    ----------
    units : (n,) frame
        The demand points, with the age bands that the county counts.
    problem, solution
    base
        Population base.
    limit_s
        Seconds that count as covered.
    sites
        Opened sites as they are told; their floor areas are added up.
    standing
        Facilities of the service as they stand.
    standard
        What they are to meet.

    Returns
    -------
    dict
        Figures by their code in :mod:`planning.measures.catalogue`, what says nothing left out.
    """
    if not solution.opened.size:
        return {}
    seconds = seconds_of(problem, solution.allocation)
    told = {
        "by_age": measure_ages(units, seconds, base=base, limit_s=limit_s) or None,
        "floor_area": add_floor_area(sites),
        "standards": check_facilities(standing, standard),
    }
    return {name: found for name, found in told.items() if found is not None}


def _kappa_asked(solution: Solution) -> int | None:
    """Return the κ of a plan that was asked with one."""
    return solution.options.get("kappa_e12")
