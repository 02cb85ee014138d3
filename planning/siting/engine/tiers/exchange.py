"""Good nested plans quickly: sites exchanged one at a time, the costs of both tiers counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.legality import allowed_swaps, crowding
from planning.siting.engine.tiers.kernels import exchange_costs
from planning.siting.engine.tiers.rules import NestedRules
from planning.siting.rules import Rules

Floats = NDArray[np.float64]
Sites = NDArray[np.int64]
MayAdd = Callable[[Sites], NDArray[np.bool_]]
Move = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Lists:
    """One tier, each demand point with its sites from near to far.

    Parameters
    ----------
    costs : (n, m) int64
        Negative where not allowed.
    order : (n, m) int32
        Sites, −1 behind the last one allowed.
    ranked : (n, m) int64
        Their costs.
    far
        What being unserved counts in the search for plans.
    """

    costs: NDArray[np.int64]
    order: NDArray[np.int32] = field(init=False)
    ranked: NDArray[np.int64] = field(init=False)
    far: float = field(init=False)

    def __post_init__(self) -> None:
        last = np.where(self.costs < 0, np.iinfo(np.int64).max, self.costs)
        order = np.argsort(last, axis=1, kind="stable")
        ranked = np.take_along_axis(self.costs, order, axis=1)
        object.__setattr__(self, "order", np.where(ranked < 0, -1, order).astype(np.int32))
        object.__setattr__(self, "ranked", ranked)
        object.__setattr__(self, "far", 2.0 * float(self.costs.max(axis=1, initial=0).sum()) + 1.0)

    def cost(self, opened: Sites) -> int | None:
        """Return what all pay together, ``None`` if somebody is not served."""
        dearest = np.iinfo(np.int64).max
        paid = np.where(self.costs[:, opened] < 0, dearest, self.costs[:, opened]).min(axis=1, initial=dearest)
        return None if (paid == dearest).any() else sum(paid.tolist())

    def paid(self, opened: Sites, unserved: float) -> Floats:
        """(n,) what each pays, and so much who is not served."""
        costs = self.costs[:, opened]
        return np.asarray(np.where(costs < 0, unserved, costs).min(axis=1, initial=unserved))

    def exchange(self, opened: Sites) -> Floats:
        """(k, m) what it costs to put any site in the place of each opened one."""
        return exchange_costs(self.order, self.ranked, opened, self.far, self.costs.shape[1])

    def add_greedily(self, opened: Sites, wanted: int, may_add: MayAdd) -> Sites:
        """Add sites that save most until there are `wanted` or none may be added."""
        finite = np.where(self.costs < 0, self.far, self.costs).astype(np.float64)
        paid = finite[:, opened].min(axis=1, initial=self.far)
        chosen = opened
        while len(chosen) < wanted:
            free = np.flatnonzero(may_add(chosen))
            if not len(free):
                break
            site = free[np.argmax(np.maximum(paid[:, None] - finite[:, free], 0.0).sum(axis=0))]
            paid = np.minimum(paid, finite[:, site])
            chosen = np.append(chosen, site)
        return chosen


def addable(rules: Rules, number: int, banned: NDArray[np.bool_]) -> MayAdd:
    """Return a test of which sites may join a growing set that is to obey `rules` in the end."""

    def test(chosen: Sites) -> NDArray[np.bool_]:
        free = ~(banned | rules.barred)
        free[chosen] = False
        if len(rules.apart):
            free &= crowding(rules, chosen) == 0
        of = rules.township
        there = np.bincount(of[chosen][of[chosen] >= 0], minlength=len(rules.townships))
        lacking = np.maximum(rules.least - there, 0)
        inside = of >= 0
        if number - len(chosen) <= lacking.sum():
            free &= inside
            free[inside] &= lacking[of[inside]] > 0
        else:
            free[inside] &= (there < rules.most)[of[inside]]
        return free

    return test


def improve(
    lower: Lists, upper: Lists, rules: NestedRules, plan: tuple[Sites, Sites], stop: Callable[[], bool]
) -> tuple[Sites, Sites]:
    """Exchange sites while that lowers the cost; best exchange first."""
    opened, centres = plan
    while not stop():
        gain, opened_next, centres_next = _best_move(lower, upper, rules, opened, centres)
        if gain <= 0.5:
            break
        opened, centres = opened_next, centres_next
    return np.sort(opened), np.sort(centres)


def _best_move(
    lower: Lists, upper: Lists, rules: NestedRules, opened: Sites, centres: Sites
) -> tuple[float, Sites, Sites]:
    """Return the best of five moves: gain, rooms, centres.

    A room for another; a centre moved to another room; a centre that leaves altogether for a
    newcomer, or for a room while any room opens; a newcomer as centre while any room closes.
    """
    swap = np.where(allowed_swaps(rules.rooms, opened), lower.exchange(opened), np.inf)
    shift = np.where(allowed_swaps(rules.centres, centres), upper.exchange(centres), np.inf)
    is_centre, inside = np.isin(opened, centres), np.zeros(swap.shape[1], bool)
    inside[opened] = True
    within = np.where(inside, shift, np.inf)
    newcomer = np.where(inside, np.inf, shift)
    plain = np.where(is_centre[:, None], np.inf, swap)
    place = np.searchsorted(opened, centres, sorter=(order := np.argsort(opened)))
    place = order[place]
    own = swap[place]
    options: list[tuple[Floats, Callable[[int, int], tuple[Move | None, Move | None]]]] = [
        (plain, lambda k, j: ((k, j), None)),
        (within, lambda k, j: (None, (k, j))),
        (own + newcomer, lambda k, j: ((int(place[k]), j), (k, j))),
        (plain.min(axis=0)[None, :] + newcomer, lambda k, j: ((int(plain[:, j].argmin()), j), (k, j))),
        (own.min(axis=1)[:, None] + within, lambda k, j: ((int(place[k]), int(own[k].argmin())), (k, j))),
    ]
    best, moves = 0.0, None
    for cost, told in options:
        at = int(np.argmin(cost))
        if cost.flat[at] < best:
            k, j = np.unravel_index(at, cost.shape)
            best, moves = float(cost.flat[at]), told(int(k), int(j))
    if moves is None:
        return 0.0, opened, centres
    return -best, _replaced(opened, moves[0]), _replaced(centres, moves[1])


def _replaced(sites: Sites, move: Move | None) -> Sites:
    if move is None:
        return sites
    after = sites.copy()
    after[move[0]] = move[1]
    return after


def take_wished(wish: Floats, wanted: int, may_add: MayAdd) -> Sites:
    """Take the sites most wished for while the rules let them join."""
    chosen = np.empty(0, np.int64)
    while len(chosen) < wanted:
        free = may_add(chosen)
        if not free.any():
            break
        chosen = np.append(chosen, int(np.argmax(np.where(free, wish, -np.inf))))
    return chosen
