"""Who goes where among decided sites: branch and bound on divided loads, then on who goes where."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.capacity.case import CapacityCase
from planning.siting.engine.capacity.parts import Best, Decided
from planning.siting.engine.capacity.record import BLANK, TreeRecord
from planning.siting.engine.capacity.sites import DecidedSites, Division
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
    record
        Where the tree is written down.
    limits
    cutoff
        Cost above which no plan is looked for, in units of 1/scale; any that is better than `best` if left out.
    """

    def __init__(
        self, case: CapacityCase, best: Best, record: TreeRecord, limits: Limits, cutoff: int | None = None
    ) -> None:
        self._case, self._best, self._record, self._limits, self._hoped = case, best, record, limits, cutoff
        self._pending: list[Decided] = []

    def run(self, part: Decided) -> bool:
        """Search a part to its end; whether nothing better is left in it."""
        if self._case.whole:
            self._look_ahead(part)
        return self._search(part)

    def _look_ahead(self, part: Decided) -> None:
        """Look for better plans where they would be soon found if there are any: only little above the bound."""
        division, hope = part.sites.divide(part.pairs, part.tolls.copy()), FIRST_HOPE
        while hope < 1 and division.bound < self._cutoff and not self._limits.reached():
            before, cutoff = self._best.cost, division.bound + int((self._cutoff - division.bound) * hope)
            AssignmentSearch(self._case, self._best, TreeRecord(self._case), self._limits, cutoff)._search(part)
            hope = FIRST_HOPE if self._best.cost < before else 2 * hope

    def _search(self, part: Decided) -> bool:
        proven = True
        self._pending = [part]
        while self._pending:
            if self._limits.reached():
                return False
            proven &= self._visit(self._pending.pop())
        return proven

    def judge(self, part: Decided) -> Division:
        """Divide the loads over decided sites, and keep the plan that follows if it is better."""
        division = part.sites.divide(part.pairs, part.tolls)
        if division.bound <= self._cutoff and division.fits:
            self._offer(part.sites, part.pairs, division.shares)
        return division

    @property
    def _cutoff(self) -> int:
        cutoff = (self._best.cost - 1) * self._case.scale
        return cutoff if self._hoped is None else min(self._hoped, cutoff)

    def _offer(self, sites: DecidedSites, pairs: NDArray[np.bool_], shares: NDArray[np.int64]) -> None:
        found = sites.round(pairs, shares)
        if found is not None:
            self._best.offer(found[0], sites.opened, found[1])

    def _visit(self, part: Decided) -> bool:
        """Bound a part and narrow or divide what is left; False where a part is left unproven."""
        sites = part.sites
        fitting = sites.fit(part.pairs)
        if fitting is None:
            self._record.note(BLANK, LEAF)
            return True
        tolls = part.tolls.copy()
        division = self.judge(Decided(sites, fitting, tolls))
        row = self._record.keep_decided(division.tolls)
        left = None
        if division.bound <= self._cutoff and self._case.whole:
            left = sites.fit(fitting & (division.raised <= self._cutoff - division.bound))
        if left is None:
            self._record.note(row, LEAF)
            return self._case.whole or division.bound > self._cutoff
        doubt = sites.most_fractional(left, division.shares, division.raised)
        self._go_on(Decided(sites, left, tolls), row, fitting, doubt)
        return True

    def _go_on(self, part: Decided, row: int, before: NDArray[np.bool_], doubt: tuple[int, int] | None) -> None:
        """Bound what is left anew if there is much less of it, else divide it."""
        sites, left = part.sites, part.pairs
        choices, had = (int((pairs.sum(axis=1) > 1).sum()) for pairs in (left, before))
        if choices > REPEAT * had and doubt is None:
            doubt = sites.undecided(left)
        if choices <= REPEAT * had or doubt is None:
            self._record.note(row, ONWARD)
            self._pending.append(part.narrowed(left))
            return
        who, site = doubt
        m = len(self._case.room)
        self._record.note(row, m + int(sites.who[who]) * m + int(sites.opened[site]))
        without, inside = left.copy(), left.copy()
        without[who, site] = False
        inside[who] = False
        inside[who, site] = left[who, site]
        self._pending += [part.narrowed(without), part.narrowed(inside)]
