"""Who goes where among decided sites: branch and bound on divided loads and on the best loads of each site.

The division of the loads bounds the cost closely and settles most; what it leaves, the exact knapsacks of
:mod:`planning.siting.engine.capacity.exact_knapsack` bound; then demand points are branched on.
"""

from __future__ import annotations

import sys

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.capacity.case import CapacityCase
from planning.siting.engine.capacity.parts import Best, Decided, Plan
from planning.siting.engine.capacity.record import Row
from planning.siting.engine.capacity.sites import DecidedSites, Division, KnapsackResult
from planning.siting.engine.tree import Incumbent, Tree, Visit
from planning.siting.limits import Limits
from planning.siting.proof.capacity_certificate import LEAF, ONWARD

FIRST_HOPE = 1 / 16
"""First part of the way from a bound to the best plan that is searched for a better one; then twice as much."""
REPEAT = 0.75
"""A part is bounded anew where so few of those with a choice are left with one."""


class AssignmentSearch:
    """The search below decided sites.

    Parameters
    ----------
    case
    best
        The best plan so far; a better one is kept there.
    limits
    cutoff
        Cost above which no plan is looked for, in units of 1/scale; any that is better than `best` if left out.
    """

    def __init__(self, case: CapacityCase, best: Best, limits: Limits, cutoff: int | None = None) -> None:
        self._case, self._best, self._limits, self._hoped = case, best, limits, cutoff

    def look_ahead(self, part: Decided) -> None:
        """Look for better plans where they would be soon found if there are any: only little above the bound."""
        division, hope = part.sites.divide(part.pairs, part.lambdas.copy()), FIRST_HOPE
        while hope < 1 and division.bound < self._cutoff and not self._limits.reached():
            before, cutoff = self._best.value, division.bound + int((self._cutoff - division.bound) * hope)
            hoped = AssignmentSearch(self._case, self._best, self._limits, cutoff)
            nothing: Incumbent[None] = Incumbent(1, self._limits.quiet())
            Tree(hoped, part, nothing).grow(sys.maxsize)
            hope = FIRST_HOPE if self._best.value < before else 2 * hope

    def judge(self, part: Decided) -> Division:
        """Divide the loads over decided sites, and keep the plan that follows if it is better."""
        division = part.sites.divide(part.pairs, part.lambdas)
        if division.bound <= self._cutoff and division.fits:
            self._update_incumbent(part.sites, part.pairs, division.shares)
        return division

    @property
    def _cutoff(self) -> int:
        cutoff = (self._best.value - 1) * self._case.scale
        return cutoff if self._hoped is None else min(self._hoped, cutoff)

    def _update_incumbent(self, sites: DecidedSites, pairs: NDArray[np.bool_], shares: NDArray[np.int64]) -> None:
        found = sites.round(pairs, shares)
        if found is not None:
            self._best.update_incumbent(Plan(found[0], sites.opened, found[1]))

    def visit(self, part: Decided) -> Visit[Decided, Row]:
        """Bound a part and narrow or divide what is left."""
        sites = part.sites
        if part.knapsacks is not None:
            return self._visit_knapsacks(part, part.knapsacks)
        fitting = sites.fit(part.pairs)
        if fitting is None:
            return Visit(Row(LEAF))
        lambdas = part.lambdas.copy()
        division = self.judge(Decided(sites, fitting, lambdas))
        row, left = Row(LEAF, lambdas=division.lambdas), None
        if division.bound <= self._cutoff and self._case.whole:
            left = sites.fit(fitting & (division.raised <= self._cutoff - division.bound))
        if left is None:
            unproven = not self._case.whole and division.bound <= self._cutoff
            return Visit(row, bound=-(-division.bound // self._case.scale) if unproven else None)
        part = part._replace(pairs=left, lambdas=lambdas)
        knapsacks = sites.fill(left, division, part.prices, self._cutoff)
        if knapsacks is not None:
            return Visit(row._replace(branch=ONWARD), [part._replace(prices=knapsacks.prices, knapsacks=knapsacks)])
        return self._go_on(part, row, fitting, sites.most_fractional(left, division.shares, division.raised))

    def _visit_knapsacks(self, part: Decided, knapsacks: KnapsackResult) -> Visit[Decided, Row]:
        """Narrow or divide what the knapsacks leave."""
        sites, row = part.sites, Row(LEAF, knapsacks=knapsacks.prices)
        self._update_incumbent(sites, part.pairs, knapsacks.shares)
        left = None if knapsacks.bound > self._cutoff else sites.fit(knapsacks.left)
        if left is None:
            return Visit(row)
        doubt = sites.most_fractional(left, knapsacks.shares, knapsacks.raised)
        return self._go_on(part._replace(pairs=left, knapsacks=None), row, part.pairs, doubt)

    def _go_on(
        self, part: Decided, row: Row, before: NDArray[np.bool_], doubt: tuple[int, int] | None
    ) -> Visit[Decided, Row]:
        """Bound what is left anew if there is much less of it, else divide it."""
        sites, left = part.sites, part.pairs
        choices, had = (int((pairs.sum(axis=1) > 1).sum()) for pairs in (left, before))
        if choices > REPEAT * had and doubt is None:
            doubt = sites.undecided(left)
        if choices <= REPEAT * had or doubt is None:
            return Visit(row._replace(branch=ONWARD), [part.narrowed(left)])
        who, site = doubt
        m = len(self._case.room)
        without, inside = left.copy(), left.copy()
        without[who, site] = False
        inside[who] = False
        inside[who, site] = left[who, site]
        branch = m + int(sites.who[who]) * m + int(sites.opened[site])
        return Visit(row._replace(branch=branch), [part.narrowed(inside), part.narrowed(without)])
