"""A set of decided sites: its best division, a whole plan near to it, and who can still go where."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled
from planning.siting.engine.capacity.case import CapacityCase
from planning.siting.engine.capacity.exact_knapsack import Knapsacks, climb_knapsacks, price_moves
from planning.siting.engine.capacity.rounding import round_shares
from planning.siting.engine.capacity.transport import share_out

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

_WORTHWHILE = 0.8
"""Rows are left out when at most such a share of them still has a choice."""
FIRST_STEPS, NODE_STEPS = 200, 60
"""Of the ascent of exact knapsacks: once the sites are decided, and at nodes below, which begin where their parent
ended."""
_LARGEST_TABLE = 2**20
"""Cells of the largest knapsack that is worth its time."""
_LARGEST_RAISE = 2**52
"""No move is said to cost more, so that their sums stay within 64 bits."""


class Division(NamedTuple):
    """The best division of all loads over decided sites.

    Parameters
    ----------
    shares : (k, p) int64
    lambdas : (p,) int64
        Dual prices of the loads, in units of 1/scale.
    bound
        Lower bound in units of 1/scale.
    prices : (k,) int64
        What everyone pays at least, load and its multiplier counted.
    raised : (k, p) int64
        What sending i to j would add to it at least.
    fits
        Whether the shares keep to room and least load.
    """

    shares: Ints
    lambdas: Ints
    bound: int
    prices: Ints
    raised: Ints
    fits: bool


class KnapsackResult(NamedTuple):
    """The best load of each decided site, everyone whole.

    Parameters
    ----------
    prices : (n,) int64
        Multipliers, in units of 1/scale.
    bound
        Lower bound in units of 1/scale.
    shares : (k, p) int64
        The loads of those whom exactly one site takes.
    left : (k, p) bool
        Who may still go where in a plan that is good enough.
    raised : (k, p) int64
        What sending i to j would add, loads divided.
    """

    prices: Ints
    bound: int
    shares: Ints
    left: Bools
    raised: Ints


class DecidedSites:
    """The sub-problem of p opened sites, for the demand points that have a choice among them.

    Parameters
    ----------
    case
    opened : (p,) int64
        Ascending.
    goes : (n,) int64, optional
        Position of the site that each demand point has to go to, −1 where it has a choice; nobody has to
        go anywhere when left out.
    """

    def __init__(self, case: CapacityCase, opened: Ints, goes: Ints | None = None) -> None:
        self._case, self.opened = case, opened
        self._goes = np.full(len(case.loads), -1) if goes is None else goes
        self.who = np.flatnonzero(self._goes < 0)
        """(k,) the demand points with a choice."""
        fixed = np.flatnonzero(self._goes >= 0)
        at = self._goes[fixed]
        taken = np.zeros(len(opened), np.int64)
        np.add.at(taken, at, case.loads[fixed])
        self._paid = int(case.costs[fixed, opened[at]].sum())
        self._costs = case.costs[self.who[:, None], opened]
        self._loads = case.loads[self.who]
        self._room, self._least = case.room[opened] - taken, case.least[opened] - taken
        self._unit = self._costs / np.maximum(self._loads, 1)[:, None]
        self._never = 2.0 * (case.dearest + 1)
        self._largest_lambda = 2**62 // max(1, case.total)

    @property
    def everyone(self) -> Bools:
        """(k, p) who may go where at all."""
        return self._case.pairs[self.who[:, None], self.opened]

    def fix(self, pairs: Bools) -> tuple[DecidedSites, Bools]:
        """Return the question without those that have no choice left, if they are many, and its pairs.

        Parameters
        ----------
        pairs : (k, p) bool
        """
        choices = pairs.sum(axis=1)
        choice = choices > 1
        if not (self._case.whole and choices.all()) or choice.sum() > _WORTHWHILE * len(choice):
            return self, pairs
        goes = self._goes.copy()
        goes[self.who[~choice]] = np.argmax(pairs[~choice], axis=1)
        return DecidedSites(self._case, self.opened, goes), pairs[choice]

    def fit(self, pairs: Bools) -> Bools | None:
        """Drop the pairs for which those without another choice leave no room; ``None`` if somebody has none left.

        Parameters
        ----------
        pairs : (k, p) bool
        """
        if not self._case.whole:
            return pairs if pairs.any(axis=1).all() else None
        left = pairs.copy()
        return left if _fit(left, self._loads, self._room, self._least) else None

    def divide(self, pairs: Bools, lambdas: NDArray[np.float64]) -> Division:
        """Return the best division over the pairs allowed.

        Parameters
        ----------
        pairs : (k, p) bool
        lambdas : (p,) float64
            Tolls to start from; the best ones on return.
        """
        shares = np.empty(self._costs.shape, np.int64)
        unit = np.where(pairs, self._unit, np.inf)
        least = np.maximum(self._least, 0)
        fits = share_out(unit, self._loads, self._room, least, lambdas, self._never, shares)
        scale = self._case.scale
        whole = np.rint(lambdas * scale).clip(-self._largest_lambda, self._largest_lambda).astype(np.int64)
        paid = self._costs * scale + whole * self._loads[:, None]
        u = np.where(pairs, paid, np.iinfo(np.int64).max).min(axis=1)
        held = np.where(whole > 0, self._room, self._least)
        bound = self._paid * scale + sum(u.tolist())
        bound -= sum(t * q for t, q in zip(whole.tolist(), held.tolist(), strict=True))
        return Division(shares, whole, bound, u, paid - u[:, None], fits)

    def fill(self, pairs: Bools, division: Division, prices: Ints | None, cutoff: int) -> KnapsackResult | None:
        """Return the bound of the best loads and what it leaves; ``None`` where a knapsack would be too large.

        Parameters
        ----------
        pairs : (k, p) bool
        division
            Of these pairs.
        prices : (n,) int64, optional
            Multipliers to start from, in units of 1/scale; those of the division if left out.
        cutoff
            Cost, in units of 1/scale, above which no plan is of interest.
        """
        choice, scale = pairs.sum(axis=1) > 1, self._case.scale
        may, loads, decided = pairs[choice], self._loads[choice], pairs & ~choice[:, None]
        taken = self._loads @ decided
        room = np.minimum(self._room - taken, loads @ may)
        if (len(loads) + 1) * (int(room.max(initial=0)) + 1) > _LARGEST_TABLE:
            return None
        steps = FIRST_STEPS if prices is None else NODE_STEPS
        prices = self._between(pairs, division) if prices is None else prices
        least, costs = np.maximum(self._least - taken, 0), self._costs[choice] * scale
        asked = Knapsacks(costs, may, loads, least, room, prices[self.who[choice]], np.zeros_like(may))
        paid = (self._paid + int(self._costs[decided].sum())) * scale
        bound = climb_knapsacks(asked, cutoff - paid, steps)
        found, left, shares = np.zeros_like(prices), pairs.copy(), np.where(decided, self._loads[:, None], 0)
        found[self.who[choice]] = asked.prices
        left[choice] = may & _affordable(asked, cutoff - paid - bound)
        shares[choice] = np.where(asked.taken & (asked.taken.sum(axis=1) == 1)[:, None], loads[:, None], 0)
        return KnapsackResult(found, paid + bound, shares, left, division.raised)

    def _between(self, pairs: Bools, division: Division) -> Ints:
        """Return multipliers (n,) half way from what everyone pays to what the next best site would cost him."""
        ranked = np.sort(np.where(pairs, division.raised, 2 * division.raised.max(initial=0) + 1), axis=1)
        prices = np.zeros(len(self._goes), np.int64)
        prices[self.who] = division.prices + ranked[:, :2].sum(axis=1) // 2
        return prices

    def round(self, pairs: Bools, shares: Ints) -> tuple[int, Ints] | None:
        """Return the cost of a plan and who goes where: the division itself, or a whole plan near to it.

        Parameters
        ----------
        pairs, shares : (k, p)
            Who may go where, and what was divided; those of whom nothing was are sent where there is room.

        Returns
        -------
        (cost, shares (n, p)) or (cost, position of the site (n,)), or None
            The latter where nobody may be divided, ``None`` if no such plan was found.
        """
        if not self._case.whole:
            by_unit = self._costs // np.maximum(self._loads, 1)[:, None]
            return int((by_unit * shares).sum()), shares
        chosen = np.empty(len(self.who), np.int64)
        if not round_shares(self._costs, pairs, self._loads, self._room, self._least, shares, chosen):
            return None
        goes = self._goes.copy()
        goes[self.who] = chosen
        return self._paid + int(self._costs[np.arange(len(chosen)), chosen].sum()), goes

    def most_fractional(self, pairs: Bools, shares: Ints, raised: Ints) -> tuple[int, int] | None:
        """Return a row with a choice of which most is divided or goes nowhere, and the best of its sites."""
        rest = self._loads - shares.max(axis=1, initial=0)
        rest[pairs.sum(axis=1) <= 1] = 0
        if not rest.any():
            return None
        who = int(np.argmax(rest))
        largest = pairs[who] & (shares[who] == shares[who][pairs[who]].max())
        return who, int(np.argmin(np.where(largest, raised[who], np.iinfo(np.int64).max)))

    def undecided(self, pairs: Bools) -> tuple[int, int] | None:
        """Return the heaviest row with a choice, and the cheapest of its sites; ``None`` if nobody has one."""
        weights = np.where(pairs.sum(axis=1) > 1, self._loads + 1, 0)
        if not weights.any():
            return None
        who = int(np.argmax(weights))
        return who, int(np.argmin(np.where(pairs[who], self._costs[who], np.iinfo(np.int64).max)))


def _affordable(asked: Knapsacks, room: int) -> Bools:
    """(k, p) what may be without the loads of all sites together costing `room` more."""
    if room < 0 or not len(asked.prices):
        return np.ones(asked.pairs.shape, np.bool_)
    inside, without = np.empty_like(asked.costs), np.empty_like(asked.costs)
    price_moves(asked, inside, without)
    worth, most = np.minimum(inside[0], without[0]), min(room + 1, _LARGEST_RAISE)
    sent, kept_out = (np.minimum(costs - worth, most) for costs in (inside, without))
    return np.asarray(sent + kept_out.sum(axis=1, keepdims=True) - kept_out <= room)


@compiled
def _fit(pairs: Bools, loads: Ints, room: Ints, least: Ints) -> bool:
    """Narrow `pairs` in place until everyone with a choice fits where they may go; whether that is possible."""
    n, p = pairs.shape
    while True:
        left, within = room.copy(), np.zeros(p, np.int64)
        fixed = np.zeros(n, np.bool_)
        for i in range(n):
            choices, last = 0, -1
            for j in range(p):
                if pairs[i, j]:
                    choices, last = choices + 1, j
                    within[j] += loads[i]
            if choices == 0:
                return False
            if choices == 1:
                fixed[i] = True
                left[last] -= loads[i]
        for j in range(p):
            if left[j] < 0 or within[j] < least[j]:
                return False
        changed = False
        for i in range(n):
            if not fixed[i]:
                for j in range(p):
                    if pairs[i, j] and loads[i] > left[j]:
                        pairs[i, j] = False
                        changed = True
        if not changed:
            return True
