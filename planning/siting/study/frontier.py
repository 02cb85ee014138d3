"""Frontiers: what one good costs in another, point by point, each point proven.

Every point is the optimum of one question whose other side is held by a constraint (ε-constraint,
Haimes, Lasdon & Wismer 1971); the next constraint is one step tighter than what the point attained,
so that no non-dominated point is missed. Neighbours lend each other their plans.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from planning.siting.limits import Limits, Stop, never
from planning.siting.models.budget_coverage import budget_coverage
from planning.siting.models.mclp import mclp
from planning.siting.models.p_center import p_center
from planning.siting.models.p_median import p_median
from planning.siting.problem import SitingProblem
from planning.siting.solution import Reason, Solution
from planning.siting.spending import spent_yuan


@dataclass(frozen=True, eq=False)
class FrontierPoint:
    """One plan of a frontier.

    Parameters
    ----------
    first, second
        Its two values; which ones, the function that made it says.
    solution
        The plan; `proof` says whether nothing dominates it.
    """

    first: int
    second: int
    solution: Solution


Tell = Callable[[FrontierPoint], None]
Next = FrontierPoint | Solution | None
"""The next point, the answer that there is none, or nothing where the frontier is at its end."""


def silent(_point: FrontierPoint) -> None:
    """Tell nobody."""


@dataclass(frozen=True, eq=False)
class Frontier:
    """Plans of which none is better than another in both values.

    Parameters
    ----------
    points
        In order of the question.
    complete
        Whether the frontier goes on to its end: no limit and no `count` stopped it.
    reasons
        Why there is no point at all, where no plan is allowed.
    """

    points: tuple[FrontierPoint, ...]
    complete: bool
    reasons: tuple[Reason, ...] = ()

    @property
    def proven(self) -> bool:
        """Whether every point is optimal with a certificate."""
        return all(point.solution.proof == "certificate" for point in self.points)


def mean_against_worst(
    problem: SitingProblem,
    *,
    p: int,
    count: int | None = None,
    stop: Stop = never,
    tell: Tell = silent,
    time_limit_s: float | None = None,
) -> Frontier:
    """Trade total travel (`first`, person-seconds) against the farthest (`second`, seconds), p sites.

    Begins at the least total travel and ends where p sites cannot serve everyone any nearer.

    Parameters
    ----------
    problem
    p
        Number of sites.
    count
        At most so many points.
    tell
        Told of every point found.
    stop, time_limit_s
        See :class:`~planning.siting.limits.Limits`; reaching a limit returns the points so far.
    """
    nearest: list[Solution] = []  # where the frontier ends: asked for once there is a point to go on from

    def next_point(last: FrontierPoint | None, limits: Limits) -> Next:
        if last is None:
            found = p_median(problem, p=p, stop=limits.stop)
        else:
            if not nearest and problem.capacity is None:
                nearest.append(p_center(problem, p=p, stop=limits.stop))
            if last.second == 0 or any(end.proof and end.objective == last.second for end in nearest):
                return None
            tighter = replace(problem, max_time_s=last.second - 1)
            beside = [last.solution, *(end for end in nearest if end.objective is not None)]
            found = p_median(tighter, p=p, beside=beside, stop=limits.stop)
        return found if found.objective is None else FrontierPoint(found.objective, _worst(problem, found), found)

    return _trace(next_point, count, tell, Limits(stop, time_limit_s=time_limit_s), better=np.less)


def coverage_against_number(
    problem: SitingProblem,
    *,
    limit_s: int,
    count: int | None = None,
    stop: Stop = never,
    tell: Tell = silent,
    time_limit_s: float | None = None,
) -> Frontier:
    """Trade the number of sites (`first`) against the people within `limit_s` (`second`).

    Begins with one site (or those that the rules keep) and ends where more cover nobody else.
    """
    begin = max(1, int(np.count_nonzero(problem.rules.kept)))
    most = int(problem.weights[(problem.allowed & (problem.values <= limit_s)).any(axis=1)].sum())

    def next_point(last: FrontierPoint | None, limits: Limits) -> Next:
        if last is not None and last.second == most:
            return None
        beside, found = [] if last is None else [last.solution], None
        for p in range(begin if last is None else last.first + 1, problem.values.shape[1] + 1):
            found = mclp(problem, p=p, limit_s=limit_s, beside=beside, stop=limits.stop)
            if found.objective is not None:
                return FrontierPoint(p, found.objective, found)
            if found.status != "infeasible":
                break
        return found

    return _trace(next_point, count, tell, Limits(stop, time_limit_s=time_limit_s), better=np.greater)


def coverage_against_budget(
    problem: SitingProblem,
    *,
    limit_s: int,
    budget_yuan: int,
    count: int | None = None,
    stop: Stop = never,
    tell: Tell = silent,
    time_limit_s: float | None = None,
) -> Frontier:
    """Trade people within `limit_s` (`first`) against yuan spent (`second`), from `budget_yuan` down."""

    def next_point(last: FrontierPoint | None, limits: Limits) -> Next:
        money = budget_yuan if last is None else last.second - 1
        if money < 0:
            return None
        beside = [] if last is None else [last.solution]
        found = budget_coverage(problem, budget_yuan=money, limit_s=limit_s, beside=beside, stop=limits.stop)
        if found.objective is None:
            return found
        return FrontierPoint(found.objective, spent_yuan(problem, found.opened), found)

    return _trace(next_point, count, tell, Limits(stop, time_limit_s=time_limit_s), better=np.less)


def _trace(
    next_point: Callable[[FrontierPoint | None, Limits], Next],
    count: int | None,
    tell: Tell,
    limits: Limits,
    *,
    better: Callable[[int, int], bool],
) -> Frontier:
    """Ask for point after point; one that its successor dominates is dropped."""
    points: list[FrontierPoint] = []
    last, ended, reasons = None, False, tuple[Reason, ...]()
    while not ended and not limits.reached() and (count is None or len(points) <= count):
        point = next_point(last, limits)
        ended = not isinstance(point, FrontierPoint)
        if isinstance(point, FrontierPoint):
            if points and points[-1].first == point.first and better(point.second, points[-1].second):
                points.pop()
            if not points or better(point.second, points[-1].second):
                points.append(point)
                tell(point)
            last = point
        elif point is not None and not points:
            reasons = point.reasons
    if count is not None and len(points) > count:
        return Frontier(tuple(points[:count]), complete=False)
    return Frontier(tuple(points), complete=ended and limits.reason is None, reasons=reasons)


def _worst(problem: SitingProblem, solution: Solution) -> int:
    inhabited: NDArray[np.bool_] = problem.inhabited
    return int(problem.values[:, solution.opened].min(axis=1)[inhabited].max(initial=0))
