"""Who is left behind by a plan, place by place: over capacity, outside, without any way.

The parts are those of :mod:`planning.measures.served`, so that the places sum to its figures exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from gis.cost_matrix import UNREACHABLE
from planning.measures.served import served_by_place
from planning.siting.problem import SitingProblem
from planning.siting.solution import Solution

Reason = Literal["over-capacity", "outside", "no-way"]


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """People of one place who are not served.

    Parameters
    ----------
    row
        Demand point.
    reason
        ``over-capacity``: an opened site is within reach, and these are more than it takes; ``outside``: none is;
        ``no-way``: outside too, since no way leads to any. A place has one reason for all of them.
    people, counted
        Those left behind, and all whom the plan counts here.
    site
        The nearest opened site, by its row among the candidates; of several the first. ``None`` without a way.
    seconds
        To it.
    """

    row: int
    reason: Reason
    people: int
    counted: int
    site: int | None
    seconds: int | None


def find_left_behind(problem: SitingProblem, solution: Solution, *, limit_s: int | None) -> list[LeftBehind]:
    """Return the places that a plan leaves people behind at, most people first, then in the order of the problem.

    Parameters
    ----------
    problem, solution
    limit_s
        As for :func:`planning.measures.served.count_served`, whose sums those of the places are.
    """
    here = served_by_place(problem, solution, limit_s=limit_s)
    left = here.over_capacity + here.outside
    found = [_at(problem, solution, int(row), int(left[row]), bool(here.outside[row])) for row in np.flatnonzero(left)]
    return sorted(found, key=lambda one: -one.people)


def _at(problem: SitingProblem, solution: Solution, row: int, people: int, is_outside: bool) -> LeftBehind:  # noqa: FBT001 - private
    times = problem.values[row, solution.opened]
    first = int(times.argmin()) if times.size else -1
    has_way = first >= 0 and int(times[first]) < UNREACHABLE
    reason: Reason = "over-capacity" if not is_outside else "outside" if has_way else "no-way"
    site, seconds = (int(solution.opened[first]), int(times[first])) if has_way else (None, None)
    return LeftBehind(row, reason, people, int(problem.weights[row]), site, seconds)
