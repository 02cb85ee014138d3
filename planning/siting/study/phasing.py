"""Phasing: in which year to build what of a plan, and when the old homes close.

A plan opens sites that do not stand today and leaves ``closable`` ones that do. Each costs yuan; every
year brings the same budget, and what is not spent is carried over. The years are as few as the money
allows, Y = ⌈total / yearly⌉, and after the last one the plan stands as a whole. Among the schedules the
one is sought with the largest sum over the years 1 … Y of what is worth counting at the end of a year:
people within the limit if there is one, otherwise person-seconds saved against having no site, where
nobody travels longer than the slowest allowed way. Nobody loses service: a site closes only if
everyone who has an allowed way to an open site still has one. Capacities are not looked at.

Up to ``EXACT_STEPS`` steps are solved exactly by dynamic programming over subsets (Held & Karp 1962);
beyond, a greedy order is improved move by move and compared with what each year alone could reach.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gis.cost_matrix import UNREACHABLE
from planning.measures.travel_times import Measures, measures
from planning.siting.engine.capped.budget_phases import Steps, best_schedule, good_schedule, least_loss
from planning.siting.limits import Limits, Progress, Report, Stop, never, silent
from planning.siting.options import LARGEST_FIGURE, whole_number
from planning.siting.problem import SitingProblem
from planning.siting.solution import Proof, Reason, Solution, relative_gap

EXACT_STEPS = 12
"""Steps that are solved exactly: the work doubles with each, 2¹² sets by all years take a fraction of a second."""
MOST_YEARS = 50
"""Years that a plan may take; whoever needs more has a yearly budget that is no plan."""


@dataclass(frozen=True, eq=False)
class Year:
    """What happens in a year and how people fare at its end.

    Parameters
    ----------
    opened, closed : (k,) int64
        Candidates, ascending.
    spent_yuan, carried_yuan
        Paid in this year, and left for the next.
    worth
        What this year adds to the objective.
    measures
        To the nearest open site.
    """

    opened: NDArray[np.int64]
    closed: NDArray[np.int64]
    spent_yuan: int
    carried_yuan: int
    worth: int
    measures: Measures


@dataclass(frozen=True, eq=False)
class Phasing:
    """A schedule and how good it is.

    Parameters
    ----------
    status
        ``optimal``: no order is better. ``feasible``: the order is not proven. ``interrupted``:
        cancelled before the order was improved. ``infeasible``: see `reasons`.
    objective_unit
        ``people-years`` or ``person-seconds-years`` (saved).
    objective, bound
        Sum over the years, and what no order exceeds.
    proof
        ``enumerated``: all orders were compared; ``certificate``: the order meets its bound.
    today
        Measures before the first year.
    years
    end_is_optimal
        Whether the plan that stands in the end is proven best.
    end_gap
        By what share of its objective a better plan could improve on it at most; ``None`` if unknown.
    """

    status: Literal["optimal", "feasible", "interrupted", "infeasible"]
    objective_unit: str
    objective: int | None
    bound: int | None
    proof: Proof | None
    today: Measures
    years: tuple[Year, ...]
    end_is_optimal: bool
    end_gap: float | None
    reasons: tuple[Reason, ...] = ()

    @property
    def gap(self) -> float | None:
        """How far any order could improve on this one, as in ``Solution.gap``."""
        return relative_gap(self.objective, self.bound)


def phase(
    problem: SitingProblem,
    solution: Solution,
    *,
    yearly_budget_yuan: int,
    limit_s: int | None = None,
    stop: Stop = never,
    report: Report = silent,
    time_limit_s: float | None = None,
) -> Phasing:
    """Spread a plan over the years.

    Parameters
    ----------
    problem
        With status, opening and closing costs.
    solution
        A plan for it.
    yearly_budget_yuan
        Whole yuan a year; unspent money is carried over.
    limit_s
        Seconds that count as covered; left out, travel itself counts.
    stop, report, time_limit_s
        See :class:`~planning.siting.limits.Limits`; reaching a limit returns the best order so far.

    Raises
    ------
    FaultsError
        When the budget or the limit is not a whole number or out of range.
    """
    yearly = whole_number("yearly_budget_yuan", yearly_budget_yuan, least=0, most=LARGEST_FIGURE)
    if limit_s is not None:
        limit_s = whole_number("limit_s", limit_s, least=0)
    limits = Limits(stop, report, time_limit_s)
    task = _Task(problem, solution, yearly, limit_s)
    if len(solution.opened) == 0:
        return task.refuse(Reason("no-plan-to-phase", {}))
    if task.total > 0 and task.total > yearly * MOST_YEARS:
        return task.refuse(Reason("phasing-too-long", {"total": task.total, "most": MOST_YEARS}))
    robbed = task.robbed()
    if len(robbed):
        return task.refuse(Reason("service-lost", {"ids": robbed, "count": len(robbed)}))
    steps, years = task.steps, task.years
    if len(steps.yuan) <= EXACT_STEPS:
        when = best_schedule(steps, yearly, years)
        return task.answer(when, None, limits)
    when = good_schedule(steps, yearly, years, limits)
    limits.report(Progress(task.worth(when), None))
    return task.answer(when, least_loss(steps, yearly, years, limits), limits)


class _Task:
    """A plan to be spread over the years."""

    def __init__(self, problem: SitingProblem, solution: Solution, yearly: int, limit_s: int | None) -> None:
        self.problem, self.solution, self.yearly, self.limit_s = problem, solution, yearly, limit_s
        stands = problem.rules.stands
        chosen = np.zeros(len(stands), bool)
        chosen[solution.opened] = True
        self.sites = np.flatnonzero(stands | chosen)
        opens, closes = np.flatnonzero((chosen & ~stands)[self.sites]), np.flatnonzero((stands & ~chosen)[self.sites])
        yuan = [problem.opening_costs[self.sites[opens]], problem.closing_costs[self.sites[closes]]]
        reach = problem.allowed & problem.inhabited[:, None]
        unserved, loss = self._losses(reach)
        self.steps = Steps(
            loss=loss[:, self.sites],
            unserved=unserved,
            stays=np.flatnonzero((stands & chosen)[self.sites]),
            opens=opens,
            closes=closes,
            yuan=np.concatenate(yuan),
            reach=reach[:, self.sites],
        )
        self.total = int(self.steps.yuan.sum())
        self.years = max(1, -(-self.total // max(1, yearly)))

    def _losses(self, reach: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return what each demand point loses in a year without a site, and from each candidate."""
        people = self.problem.weights
        if self.limit_s is not None:
            return people, np.where(reach & (self.problem.values <= self.limit_s), 0, people[:, None])
        slowest = int(np.where(reach, self.problem.values, 0).max(initial=0))
        seconds = np.where(reach, self.problem.values.astype(np.int64), slowest)
        return people * slowest, people[:, None] * seconds

    def robbed(self) -> list[object]:
        """Return the demand points that have a site today and none in the plan."""
        nothing = np.zeros(len(self.steps.yuan), bool)
        ids: list[object] = self.problem.demand_ids[self.steps.robs(nothing, ~nothing)].tolist()
        return ids

    def worth(self, when: NDArray[np.int64]) -> int:
        """Return the sum over the years of what a schedule is worth."""
        return sum(self._worth(when <= year) for year in range(self.years))

    def _worth(self, done: NDArray[np.bool_]) -> int:
        return int(self.steps.unserved.sum()) - self.steps.lost(self.steps.standing(done))

    def answer(self, when: NDArray[np.int64], least_loss: int | None, limits: Limits) -> Phasing:
        """Return the schedule; without a bound on the loss it is the best of all."""
        objective = self.worth(when)
        ideal = self.years * int(self.steps.unserved.sum())
        bound = objective if least_loss is None else max(objective, ideal - least_loss)
        proof: Proof | None = "enumerated" if least_loss is None else "certificate" if bound == objective else None
        cancelled = limits.reason is not None and limits.reason.code == "cancelled"
        limits.report(Progress(objective, bound))
        return replace(
            self._empty(),
            status="optimal" if proof else "interrupted" if cancelled else "feasible",
            objective=objective,
            bound=bound,
            proof=proof,
            years=tuple(self._years(when)),
            reasons=() if proof or limits.reason is None else (limits.reason,),
        )

    def refuse(self, reason: Reason) -> Phasing:
        """Return that there is no schedule."""
        return replace(self._empty(), proof="enumerated", reasons=(reason,))

    def _empty(self) -> Phasing:
        return Phasing(
            status="infeasible",
            objective_unit="person-seconds-years" if self.limit_s is None else "people-years",
            objective=None,
            bound=None,
            proof=None,
            today=self._measures(np.zeros(len(self.steps.yuan), bool)),
            years=(),
            end_is_optimal=self.solution.status == "optimal",
            end_gap=self.solution.gap,
        )

    def _years(self, when: NDArray[np.int64]) -> list[Year]:
        found, carried, k = [], 0, len(self.steps.opens)
        for year in range(self.years):
            now = when == year
            spent = int(self.steps.yuan[now].sum())
            carried += self.yearly - spent
            opened, closed = self.sites[self.steps.opens[now[:k]]], self.sites[self.steps.closes[now[k:]]]
            done = when <= year
            found.append(Year(opened, closed, spent, carried, self._worth(done), self._measures(done)))
        return found

    def _measures(self, done: NDArray[np.bool_]) -> Measures:
        sites = self.sites[self.steps.standing(done)]
        seconds = np.where(self.problem.allowed[:, sites], self.problem.values[:, sites], UNREACHABLE)
        return measures(self.problem.weights, seconds.min(axis=1, initial=UNREACHABLE), limit_s=self.limit_s)
