"""Good plans under several cutoffs: open, close or exchange one site at a time.

Teitz & Bart 1968, all exchanges evaluated at once after Whitaker 1983, with the sums kept group by
group. The dearest group alone is a poor guide (most exchanges leave it as it is): sums of ever
higher powers of all groups lead to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled
from planning.siting.engine.capped.anneal import Ground, anneal
from planning.siting.engine.capped.question import CappedQuestion
from planning.siting.engine.legality import allowed_swaps, crowding, limits_of
from planning.siting.limits import Limits

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STAGES = (3, 5, 7)
"""Groups count by their figure to the power 8, then 32, then 128."""


HOTTEST, COLDEST, PIECES = 0.02, 0.0001, 16
"""Temperatures of annealing, as shares of what the dearest group pays; a limit is looked at between its pieces."""
STEPS_PER_SITE, SIMILAR, SAMPLE = 1200, 25, 128
"""Steps of annealing for each site that may open: a million on a county (without them a plan of 30 sites is 0.15 %
worse); sites most like each one, told apart by the costs of so many demand points."""


@dataclass(eq=False)
class Exchanges:
    """The moves from one allowed plan to another.

    Parameters
    ----------
    question
    limits
        When to stop.
    """

    question: CappedQuestion
    limits: Limits
    _parts: Floats = field(init=False)
    _charges: Floats = field(init=False)
    _unserved: Floats = field(init=False)

    def __post_init__(self) -> None:
        question = self.question
        share = question.shares[question.groups].astype(np.float64)
        parts = question.costs / share[:, None]
        farthest = parts.max(axis=1, initial=0.0).clip(min=0.0)
        self._charges = question.charges.astype(np.float64)
        self._unserved = np.full(len(parts), 2.0 * (farthest.sum() + np.abs(self._charges).sum()) + 1.0)
        self._parts = np.ascontiguousarray(np.where(question.costs < 0, self._unserved[:, None], parts).T)

    def construct(self, *, thrifty: bool) -> Ints | None:
        """Return some plan within rules, number and budget, ``None`` if this way finds none.

        Parameters
        ----------
        thrifty
            Take the cheapest sites in yuan rather than those that save most travel.
        """
        rules, question = self.question.rules, self.question
        opened = np.flatnonzero(rules.kept)
        for j in np.flatnonzero((question.site_costs < 0) & ~rules.barred & ~rules.kept):
            if self._enters(opened)[j]:
                opened = np.sort(np.append(opened, j))
        for _ in range(2 * len(rules.status)):
            lacking = self._lacking(opened)
            surplus = 0 if question.sites is None else len(opened) - question.sites
            if not lacking.any() and surplus == 0:
                break
            table = self._table(opened, STAGES[0])
            if surplus > 0 and not (lacking.any() and surplus == 0):
                scores = np.where(rules.kept[opened] | ~limits_of(rules, opened)[0], np.inf, table[:-1, -1])
                if not np.isfinite(scores).any():
                    return None
                opened = np.delete(opened, int(np.argmin(scores)))
                continue
            may = self._enters(opened) & (lacking[rules.township] if lacking.any() else True)
            scores = question.site_costs.astype(np.float64) if thrifty else table[-1, :-1]
            if not may.any():
                return None
            opened = np.sort(np.append(opened, int(np.argmin(np.where(may, scores, np.inf)))))
        return opened if question.fits(opened) else None

    def improve(self, opened: Ints) -> Ints:
        """Take the best move while one helps; `opened` and the result are allowed plans."""
        stages = STAGES if len(self.question.shares) > 1 else STAGES[:1]
        for squarings in stages:
            while not self.limits.reached():
                table = self._table(opened, squarings)
                now = table[-1, -1]
                table[~self._moves(opened)] = np.inf
                leaving, entering = np.unravel_index(int(np.argmin(table)), table.shape)
                if not table[leaving, entering] < now * (1 - 1e-12):
                    break
                rest = np.delete(opened, leaving) if leaving < len(opened) else opened
                opened = np.sort(np.append(rest, entering)) if entering < table.shape[1] - 1 else rest
        return opened

    def anneal(self, opened: Ints, turn: int) -> Ints:
        """Look for a plan with a cheaper dearest group far and wide; number and rules stay kept, money is not asked.

        Parameters
        ----------
        opened
        turn
            Which chances are taken: another turn, another plan.
        """
        m, n = self._parts.shape
        if n == 0 or len(opened) in (0, m):
            return opened
        sample = self._parts[:, :: -(-n // SAMPLE)]
        apart = np.stack([np.abs(sample - one).sum(axis=1) for one in sample])
        np.fill_diagonal(apart, np.inf)
        similar = np.argsort(apart, axis=1, kind="stable")[:, : min(SIMILAR, m - 1)]
        rules = self.question.rules
        near = np.zeros((m, m) if len(rules.apart) else (0, 0), bool)
        if len(rules.apart):
            near[rules.apart[:, 0], rules.apart[:, 1]] = near[rules.apart[:, 1], rules.apart[:, 0]] = True
        ground = Ground(
            self._parts,
            self.question.groups,
            np.ascontiguousarray(similar),
            rules.kept,
            rules.barred,
            near,
            np.where(rules.township < 0, len(rules.townships), rules.township),
            np.append(rules.least, 0),
            np.append(rules.most, m),
        )
        heats = np.geomspace(HOTTEST, COLDEST, PIECES + 1).tolist()
        now, best = opened, opened
        for piece, (hot, cold) in enumerate(pairwise(heats)):
            if self.limits.reached():
                break
            now, found = anneal(ground, now, STEPS_PER_SITE * m // PIECES, hot, cold, PIECES * turn + piece)
            best = min(best, found, key=self._figure)
        return best

    def _figure(self, opened: Ints) -> float:
        """Return what the dearest group pays."""
        return float(np.bincount(self.question.groups, self._parts[opened].min(axis=0)).max())

    def _table(self, opened: Ints, squarings: int) -> Floats:
        groups = len(self.question.shares)
        asked = self.question.groups
        return weigh_exchanges(self._parts, self._unserved, asked, self._charges, opened, groups, squarings)

    def _lacking(self, opened: Ints) -> NDArray[np.bool_]:
        """(g + 1,) whether each township lacks sites, the last one being no township."""
        rules = self.question.rules
        of = rules.township[opened]
        return np.append(np.bincount(of[of >= 0], minlength=len(rules.townships)) < rules.least, False)

    def _enters(self, opened: Ints) -> NDArray[np.bool_]:
        """(m,) which sites may be added, the number of sites aside."""
        question, rules = self.question, self.question.rules
        may = ~rules.barred & limits_of(rules, opened)[1] & (crowding(rules, opened) == 0)
        may[opened] = False
        if question.budget is not None:
            spent = int(question.site_costs[opened].sum())
            may &= spent + question.site_costs <= max(question.budget, spent)
        return np.asarray(may)

    def _moves(self, opened: Ints) -> NDArray[np.bool_]:
        """(k + 1, m + 1) which exchanges are allowed; the last row closes nothing, the last column opens nothing."""
        question, rules = self.question, self.question.rules
        k, m = len(opened), len(rules.status)
        may = np.zeros((k + 1, m + 1), bool)
        may[:k, :m] = allowed_swaps(rules, opened)
        if question.sites is None:
            may[k, :m] = self._enters(opened)
            may[:k, m] = ~rules.kept[opened] & limits_of(rules, opened)[0]
        if question.budget is not None:
            costs, left = np.append(question.site_costs, 0), np.append(question.site_costs[opened], 0)
            may &= int(question.site_costs[opened].sum()) + costs[None, :] - left[:, None] <= question.budget
        return may


@compiled
def weigh_exchanges(
    parts: Floats, unserved: Floats, groups: Ints, charges: Floats, opened: Ints, count: int, squarings: int
) -> Floats:
    """(k + 1, m + 1) score of the plan after every exchange; the last row closes, the last column opens nothing.

    Parameters
    ----------
    parts : (m, n) float64
        What each demand point adds to the figure of its group, site by site.
    unserved : (n,) float64
        The same where nothing is open.
    groups : (n,) int64
    charges : (m,) float64
        What opening each site adds to the figure of the first group.
    opened : (k,) int64
    count
        Number of groups.
    squarings
        The score is the sum of the groups' figures to the power 2 to this, as shares of the dearest group now.
    """
    m, n = parts.shape
    k = len(opened)
    nearest, first, second = np.full(n, k), unserved.copy(), unserved.copy()
    for r in range(k):
        for i in range(n):
            paid = parts[opened[r], i]
            if paid < first[i]:
                second[i], first[i], nearest[i] = first[i], paid, r
            elif paid < second[i]:
                second[i] = paid
    table = np.empty((k + 1, m + 1))
    base, extra, sums = np.zeros(count), np.zeros((k + 1, count)), np.zeros(count)
    charged = charges[opened].sum()
    for i in range(n):
        base[groups[i]] += first[i]
        extra[nearest[i], groups[i]] += second[i] - first[i]
    scale = max(base.max() + max(charged, 0.0), 1e-300) if count > 0 else 1.0
    for r in range(k + 1):
        for t in range(count):
            sums[t] = base[t] + (extra[r, t] if r < k else 0.0)
        if count > 0:
            sums[0] += charged - (charges[opened[r]] if r < k else 0.0)
        table[r, m] = _score(sums, scale, squarings)
    for j in range(m):
        base[:] = 0.0
        extra[:] = 0.0
        for i in range(n):
            paid, t = parts[j, i], groups[i]
            if paid < first[i]:
                base[t] += paid
            else:
                base[t] += first[i]
                extra[nearest[i], t] += min(paid, second[i]) - first[i]
        for r in range(k + 1):
            for t in range(count):
                sums[t] = base[t] + (extra[r, t] if r < k else 0.0)
            if count > 0:
                sums[0] += charged + charges[j] - (charges[opened[r]] if r < k else 0.0)
            table[r, j] = _score(sums, scale, squarings)
    return table


@compiled
def _score(sums: Floats, scale: float, squarings: int) -> float:
    total = 0.0
    for value in sums:
        power = value / scale
        for _ in range(squarings):
            power *= power
        total += power
    return total
