"""Other plans that are nearly as good, and how many there are.

A plan stands apart from others if one of its sites lies at least `apart_m` from every site of theirs. The
list is built from the best downwards: each plan is the cheapest that stands apart from the optimum and from
all plans above it together. Hence any two of them differ by such a site, always one of the later plan; the
reverse does not follow (sites of the earlier plan may all have a neighbour in the later one).

Where the objective is a sum, what stands apart is proven by branch and bound over plans O in whole numbers:

    cost ≥ Σ_i u_i + min { Σ_{j∈O} ρ_j : |O| = p },   ρ_j = Σ_i min(0, c_ij − u_i)

(Cornuéjols, Fisher & Nemhauser 1977), where a far site has to be left, and the same tree without "far" counts the
plans within a share of the optimum: every plan is a leaf of its own. Other objectives are served by asking their
models again: see :mod:`planning.siting.study.asked_again`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis.faults import Fault, FaultsError
from planning.siting.engine.legality import allowed_swaps
from planning.siting.engine.sites.near_plans import NearPlans
from planning.siting.engine.sites.terms import Terms
from planning.siting.limits import Limits, Stop, never
from planning.siting.options import read_array
from planning.siting.payments import Payments
from planning.siting.problem import SitingProblem
from planning.siting.solution import Solution
from planning.siting.study.exchanges import (
    Figures,
    Ground,
    best_exchange,
    count_exchanges,
)

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Alternative(Figures):
    """A plan that stands apart; sites by id.

    Parameters
    ----------
    opened
    far
        Its sites at least `apart_m` from every site of the optimum and of the plans above.
    leaving, entering
        What it closes and opens, compared with the optimum.
    loss
        How much worse than the optimum its objective is.
    proven
        Whether no plan that stands apart likewise is better.
    """

    opened: tuple[Any, ...]
    far: tuple[Any, ...]
    leaving: tuple[Any, ...]
    entering: tuple[Any, ...]
    loss: int
    proven: bool


@dataclass(frozen=True)
class Alternatives(Figures):
    """The best plans that stand apart, and how many plans there are within a share of the optimum.

    Parameters
    ----------
    plans
        In the order found: from the best downwards as far as they are proven.
    complete
        Whether each is proven, and there is none more if they are fewer than asked.
    largest_loss
        What "within" means, in units of the objective.
    within, within_far
        Plans that lose no more, the optimum included, and those of them that stand apart from it.
    counted
        Whether these are all; otherwise there are at least so many.
    """

    plans: tuple[Alternative, ...]
    complete: bool
    largest_loss: int
    within: int
    within_far: int
    counted: bool


Tell = Callable[[Alternative], None]


def silent(_plan: Alternative) -> None:
    """Tell nobody."""


def alternatives(
    problem: SitingProblem,
    solution: Solution,
    *,
    positions: ArrayLike,
    count: int = 20,
    apart_m: float = 3000.0,
    within: float = 0.01,
    payments: Payments | None = None,
    nodes: int = 6000,
    stop: Stop = never,
    tell: Tell = silent,
    time_limit_s: float | None = None,
) -> Alternatives:
    """Return the best plans that stand apart from `solution`, and count those nearly as good.

    Parameters
    ----------
    problem, solution
    positions : (m, 2)
        Metres east and north of the candidates.
    count
        Plans wanted.
    apart_m
        How far a site must lie from all others to be a different one.
    within
        Share of the objective that a plan may lose to be counted.
    payments
        What people pay, for a model that ``payments_of`` does not know.
    nodes
        Parts of the plans looked at before "at least" is said: so many for the count, as many for the list;
        each plan of the list may take a quarter of what is left.
    tell
        Told of every plan of the list.
    stop, time_limit_s
        See :class:`~planning.siting.limits.Limits`.

    Raises
    ------
    FaultsError
        ``positions-wrong``, ``model-not-studied``.
    """
    places = as_places(positions, problem.values.shape[1])
    ground = Ground.of(problem, solution, payments)
    if not ground.paid.is_sum:
        raise FaultsError([Fault("model-not-studied", field="model", value=solution.model)])
    limits = Limits(stop, time_limit_s=time_limit_s)
    study = _Study(problem, ground, solution.opened, limits, nodes)
    whole = solution.objective if solution.sense == "max" and solution.objective is not None else study.cost
    slack = int(Fraction(str(within)) * whole)
    far = distances(places, solution.opened) >= apart_m
    inside = study.count(slack, far)
    plans, sure = study.best_plans(count, places, apart_m, tell)
    return Alternatives(plans, sure, slack, *inside)


def as_places(positions: ArrayLike, count: int) -> NDArray[np.float64]:
    """Return (count, 2) metres east and north.

    Raises
    ------
    FaultsError
        ``positions-wrong``, or ``missing-value``.
    """
    faults: list[Fault] = []
    places = read_array("positions", positions, faults).astype(np.float64)
    if faults:
        raise FaultsError(faults)
    if places.shape != (count, 2) or not np.isfinite(places).all():
        told = str(places.shape)
        raise FaultsError([Fault("positions-wrong", field="positions", value=told, params={"count": count})])
    return places


def name_plan(
    problem: SitingProblem, first: Ints, opened: Ints, far: NDArray[np.bool_], loss: int, *, proven: bool
) -> Alternative:
    """Return a plan beside the first one, its sites by id."""
    parts = (opened, opened[far[opened]], np.setdiff1d(first, opened), np.setdiff1d(opened, first))
    named = [tuple(problem.candidate_ids[sites].tolist()) for sites in parts]
    return Alternative(named[0], named[1], named[2], named[3], loss, proven)


def distances(places: NDArray[np.float64], sites: Ints) -> NDArray[np.float64]:
    """(m,) metres to the nearest of the sites."""
    nearest = np.full(len(places), np.inf)
    for x, y in places[sites]:
        nearest = np.minimum(nearest, np.hypot(places[:, 0] - x, places[:, 1] - y))
    return nearest


class _Study:
    """The plans of one question, around one of them."""

    def __init__(self, problem: SitingProblem, ground: Ground, opened: Ints, limits: Limits, nodes: int) -> None:
        self.problem, self.rules, self.ground, self.opened = problem, problem.rules, ground, opened
        self.limits, self.nodes = limits, nodes
        self.cost = ground.cost_of(opened)
        people = np.maximum(1, ground.people)
        self._terms = Terms(ground.paid.each, people, len(opened), problem.rules, np.ones(len(people)))
        self._prices: NDArray[np.float64] | None = None

    def count(self, slack: int, far: NDArray[np.bool_]) -> tuple[int, int, bool]:
        """Return how many plans lose at most `slack`, how many of them have a far site, and whether that is all."""
        near = count_exchanges(self.ground, self.rules, self.opened, self.cost + slack, far)
        search = NearPlans(self._terms, far, self.cost + slack, self.limits, needs_far=False)
        if self._run(search, self.nodes):
            return search.found, search.found_far, True
        apart = max(search.found_far, near[1])
        return max(search.found, near[0], 1 + apart), apart, False  # the plan itself does not stand apart from it

    def best_plans(
        self, count: int, places: NDArray[np.float64], apart_m: float, tell: Tell
    ) -> tuple[tuple[Alternative, ...], bool]:
        """Return the best plans each of which has a site far from all before it, and whether they are sure to be."""
        plans: list[Alternative] = []
        far, sure = distances(places, self.opened) >= apart_m, True
        while len(plans) < count and far.any() and not self.limits.reached():
            opened, proven = self.best_apart(far)
            sure &= proven
            if opened is None:
                break
            loss = self.ground.cost_of(opened) - self.cost
            plans.append(name_plan(self.problem, self.opened, opened, far, loss, proven=proven))
            tell(plans[-1])
            far &= distances(places, opened) >= apart_m
        return tuple(plans), sure and (len(plans) == count or not self.limits.reached())

    def best_apart(self, far: NDArray[np.bool_]) -> tuple[Ints | None, bool]:
        """Return the cheapest plan with a far site, and whether it is proven that nothing (else) is cheaper."""
        plan = self._exchange_for(far)
        highest = self._terms.dearest if plan is None else self.ground.cost_of(plan) - 1
        search = NearPlans(self._terms, far, highest, self.limits, needs_far=True)
        done = self._run(search, -(-self.nodes // 4))
        self.nodes = max(1, self.nodes - search.nodes)
        return plan if search.incumbent.plan is None else search.incumbent.plan, done

    def _run(self, search: NearPlans, nodes: int) -> bool:
        done = search.run(self._prices, nodes)
        self._prices = search.prices
        return done

    def _exchange_for(self, far: NDArray[np.bool_]) -> Ints | None:
        """Exchange sites of the optimum, the first for a far one, until nothing gets better."""
        plan, figures = self.opened, None
        while not self.limits.reached():
            table = self.ground.exchanges(plan)
            allowed = allowed_swaps(self.rules, plan)
            others = far[plan].sum() - far[plan]
            allowed &= (others > 0)[:, None] | far
            best = best_exchange(table, allowed)
            if best is None or (figures is not None and tuple(int(part[best]) for part in table) >= figures):
                break
            figures = tuple(int(part[best]) for part in table)
            plan = np.sort(np.append(np.delete(plan, best[0]), best[1]))
        return plan if figures is not None and figures[0] == 0 else None


def warm_alternatives() -> None:
    """Compile the kernels here, or load them from disk, on a case of four sites."""
    times = np.array([[0, 9, 9, 7], [9, 0, 8, 6], [8, 9, 0, 5], [9, 8, 9, 0]])
    problem = SitingProblem.from_arrays(times, np.ones(4))
    plan = Solution("any", {"p": 2}, "optimal", "min", "person-seconds", objective=13, opened=np.arange(2))
    alternatives(problem, plan, positions=10_000 * np.eye(4)[:, :2], count=1, payments=Payments(problem.values))
