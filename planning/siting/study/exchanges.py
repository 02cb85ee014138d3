"""What people pay under a plan, and what every exchange of one site for another would change."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled
from gis.faults import Fault, FaultsError
from planning.siting.engine.legality import allowed_swaps
from planning.siting.models.registry import MODELS
from planning.siting.payments import Payments, nearness
from planning.siting.problem import SitingProblem
from planning.siting.rules import Rules
from planning.siting.solution import Solution

Ints = NDArray[np.int64]


def pays_nearest(problem: SitingProblem, solution: Solution) -> bool:
    """Whether everyone pays at the nearest site, so that :func:`payments_of` says all there is to say."""
    model = MODELS.get(solution.model)  # sites that somebody placed answer no model
    return model is not None and model.payments is not None and problem.capacity is None


def payments_of(problem: SitingProblem, solution: Solution) -> Payments:
    """Return what people pay under the model of `solution`.

    Raises
    ------
    FaultsError
        ``model-not-studied`` for a model whose payments the caller must give.
    """
    payments = MODELS[solution.model].payments
    if payments is None:
        raise FaultsError([Fault("model-not-studied", field="model", value=solution.model)])
    return payments(problem, solution)


class Figures:
    """Plain values of a frozen dataclass."""

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON: ids, integers, and the means."""
        names = [field.name for field in fields(self)]  # type: ignore[arg-type]
        means = [name for name in dir(type(self)) if name.startswith("mean_")]
        return {name: plain(getattr(self, name)) for name in names + means}


def plain(value: Any) -> Any:
    """Return a value as JSON knows it."""
    if isinstance(value, Figures):
        return value.as_dict()
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    return value.item() if isinstance(value, np.generic) else value


class Ground(NamedTuple):
    """The demand points that count: people (n,), payments and seconds (n, m), negative where none may serve."""

    people: Ints
    paid: Payments
    seconds: NDArray[np.int32]

    @classmethod
    def of(cls, problem: SitingProblem, solution: Solution, payments: Payments | None) -> Ground:
        """Return what `solution` was weighed by; places without people count where the model says so."""
        paid = payments or payments_of(problem, solution)
        usable = paid.each >= 0 if paid.everyone else problem.allowed
        rows = np.flatnonzero(problem.inhabited | paid.everyone)
        return cls(problem.weights[rows], paid._replace(each=paid.each[rows]), nearness(problem, usable)[rows])

    def cost_of(self, opened: Ints) -> int:
        """Return what everybody pays, whom a site may serve."""
        _, cost, _ = two_nearest(self.paid.each, opened)
        paid = cost.max(initial=0) if self.paid.worst else cost[cost >= 0] @ self.people[cost >= 0]
        return int(paid)

    def exchanges(self, opened: Ints) -> tuple[Ints, ...]:
        """(p, m) each: places unserved, objective, people without a site, person-seconds after k goes and j comes."""
        places, _, pay = _tally(self.paid.each, self.people, opened, worst=self.paid.worst)
        _, lonely, travel = _tally(self.seconds, self.people, opened, worst=False)
        return places, pay, lonely, travel


class Nearest(NamedTuple):
    """(n,) each: place in the plan of the least dear site, −1 if none may serve; what it costs; what the next costs."""

    slot: Ints
    first: Ints
    second: Ints


@compiled
def two_nearest(each: NDArray[Any], opened: Ints) -> Nearest:
    """Return the two least dear opened sites of each demand point; costs are −1 where there is none."""
    n = each.shape[0]
    slot, first, second = np.full(n, -1), np.full(n, -1), np.full(n, -1)
    for i in range(n):
        for k in range(opened.size):
            cost = each[i, opened[k]]
            if cost < 0:
                continue
            if slot[i] < 0 or cost < first[i]:
                slot[i], first[i], second[i] = k, cost, first[i]
            elif second[i] < 0 or cost < second[i]:
                second[i] = cost
    return Nearest(slot, first, second)


def _tally(each: NDArray[Any], people: Ints, opened: Ints, *, worst: bool) -> Ints:
    """(3, p, m) places and people unserved, and the objective, after the k-th site goes and candidate j comes."""
    near = two_nearest(each, opened)
    p = len(opened)
    stays, goes = np.zeros((2, 3, p + 1, each.shape[1]), np.int64)  # the last row: those whom no site serves
    _tally_by_site(each, people, (near.slot, near.first), stays, int(worst))
    _tally_by_site(each, people, (near.slot, near.second), goes, int(worst))
    after = stays.sum(axis=1, keepdims=True) - stays[:, :p] + goes[:, :p]
    if worst:
        others = [np.delete(stays[2], k, axis=0).max(axis=0) for k in range(p)]
        after[2] = np.maximum(others, goes[2, :p])
    return np.asarray(after)


@compiled
def _tally_by_site(each: NDArray[Any], people: Ints, ends: tuple[Ints, Ints], counters: Ints, worst: int) -> None:
    """Add up, by present site, what people come to if they choose between another and candidate j."""
    n, m = each.shape
    slot, other = ends
    for i in range(n):
        for j in range(m):
            cost = np.int64(each[i, j])
            if cost < 0 or 0 <= other[i] < cost:
                cost = other[i]
            if cost < 0:
                counters[0, slot[i], j] += 1
                counters[1, slot[i], j] += people[i]
            elif worst:
                counters[2, slot[i], j] = max(counters[2, slot[i], j], cost)
            else:
                counters[2, slot[i], j] += people[i] * cost


def best_exchange(table: tuple[Ints, ...], allowed: NDArray[np.bool_]) -> tuple[int, int] | None:
    """Return the (slot, candidate) with the least figures, the first table first; ``None`` if none is allowed."""
    left = np.flatnonzero(allowed)
    for figures in table:
        values = figures.ravel()[left]
        left = left[values == values.min()] if len(left) else left
    return None if not len(left) else divmod(int(left[0]), allowed.shape[1])


def count_exchanges(ground: Ground, rules: Rules, opened: Ints, most: int, far: NDArray[np.bool_]) -> tuple[int, int]:
    """Return how many plans at most one exchange away pay `most` at most, and how many of them open a far site."""
    places, cost, *_ = ground.exchanges(opened)
    good = allowed_swaps(rules, opened) & (places == 0) & (cost <= most)
    return int(good.sum()) + 1, int(good[:, far].sum())


def warm_exchanges() -> None:
    """Compile the kernels here, or load them from disk, for both widths of payments."""
    for width in (np.int32, np.int64):
        _tally(np.ones((1, 2), width), np.ones(1, np.int64), np.zeros(1, np.int64), worst=False)
