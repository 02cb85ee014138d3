"""Many small sites: what exact knapsacks leave of a question is small, and HiGHS finishes it, on its word.

The multipliers of :mod:`planning.siting.engine.capacity.small_sites` bound every column: a site and whom it serves.
Within a cutoff either so few columns are left that each is a variable (set partitioning; Baldacci et al. 2002, Ceselli
& Righini 2005), or the compact program is stated over the pairs that are left. A plan found within a cutoff is best of
all; where there is none the cutoff rises, up to the cost of the best plan known.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.capacity.column_programs import compact_program, partition_program
from planning.siting.engine.capacity.restricted import restrict_rules
from planning.siting.engine.capacity.rounding import round_shares
from planning.siting.engine.capacity.small_sites import (
    STEP_RULE,
    Dual,
    SmallSites,
    climb,
    list_columns,
    price_pairs,
    relax,
)
from planning.siting.engine.solver import solve
from planning.siting.engine.subgradient import BEST, Ascent, begin_ascent
from planning.siting.limits import Limits
from planning.siting.proof.certificate import FREE
from planning.siting.rules import Rules

Ints = NDArray[np.int64]

MOST_CELLS = 30_000_000
"""Cells of the tables of all sites: more would take over a tenth of a second a step."""
STEPS, STEPS_A_TRY = 600, 20
"""Of the ascent, and between looks at what plan the chosen sites make."""
CELLS_A_CALL = 2**24
"""Cells of tables that one compiled call may visit, or one step: a cancel is heard within a tenth of a second or so."""
HOPE, LEAST_HOPE, FADING = 0.4, 0.02, 0.85
"""The climb aims so far above its own bound, less from call to call, or at the best plan if that is nearer."""
FIRST_SHARE, GROWING, PAIRS_SHARE = 1 / 128, 2, 1 / 16
"""Of the bound, how far above it the first cutoff lies; how much farther the next, where nothing is found; and where
one about pairs lies at least: fewer pairs spare little, and asking twice costs twice."""
MOST_COLUMNS, COLUMNS_A_PAIR = 40_000, 8
"""Columns as variables: at most so many, and where the number of sites is free at most so many for each pair left:
there the bound of columns is 2 to 4 % too low, and HiGHS is sooner done by its cuts, which are about pairs (1.6 s
instead of over 21 s on p3 of Delmaire et al.); with p sites it is within 1 %, and columns win (0.5 s, not 10 s)."""
BLUR = 1e-7
"""Share by which a cutoff is widened for the rounding of the multipliers."""


class SitePlan(NamedTuple):
    """A plan: its cost, its sites (p,), and the site (n,) of everyone."""

    cost: int
    opened: Ints
    goes: Ints


def takes_few(asked: SmallSites) -> bool:
    """Whether the sites take so little that a step of the ascent is a matter of milliseconds."""
    return _cells(asked) <= MOST_CELLS


def _cells(asked: SmallSites) -> int:
    """Return how many cells the tables of all sites have."""
    n, m = asked.costs.shape
    return int(n * (int(asked.room.sum()) + m))


class ColumnSearch:
    """The search: the best plan, the bound on the word of HiGHS, and whether it has finished.

    Parameters
    ----------
    asked
    rules
    limits
    plan
        The best known.
    pairs_too
        Whether a program of pairs may be asked where columns are too many; else the search ends there.
    """

    def __init__(
        self,
        asked: SmallSites,
        rules: Rules,
        limits: Limits,
        plan: SitePlan | None = None,
        *,
        pairs_too: bool = True,
    ) -> None:
        self.asked, self.rules, self.limits, self._pairs_too = asked, rules, limits, pairs_too
        self.plan, self.bound, self.done, self.by_solver = plan, -(2**60), False, False
        self._going = True
        n, m = asked.costs.shape
        self._pairs = (asked.costs >= 0) & (asked.state >= FREE) & (asked.loads[:, None] <= asked.room)
        self._dual = Dual(asked, np.zeros(m), np.zeros((m, n), np.bool_))

    def run(self) -> None:
        """Bound, look for plans on the way, and let HiGHS finish."""
        ascent = self._climb()
        least = ascent.progress[BEST]
        highest = self._dearest() if self.plan is None else self.plan.cost
        ahead = max(1.0, FIRST_SHARE * abs(least)) if np.isfinite(least) else np.inf
        while self._going and not self.done and not self.limits.reached():
            self._finish(ascent, float(min(least + ahead, highest)), float(highest))
            ahead *= GROWING
            highest = highest if self.plan is None else min(highest, self.plan.cost)

    def _dearest(self) -> int:
        """Return a cost that no plan exceeds."""
        asked = self.asked
        beyond = (asked.extension * (asked.room - asked.included).clip(min=0)).sum()
        return int(asked.costs.max(axis=1, initial=0).sum() + asked.site_costs.clip(min=0).sum() + beyond)

    def _climb(self) -> Ascent:
        asked, m = self.asked, self.asked.costs.shape[1]
        paid = np.sort(np.where(self._pairs, asked.costs, asked.costs.max(initial=0)), axis=1)
        begin = paid[:, min(m - 1, m // max(1, asked.sites, m // 4))].astype(np.float64)
        begin += asked.loads * np.median(asked.site_costs.clip(min=0) / asked.room.clip(min=1))
        ascent, excess = begin_ascent(begin, m, 1.0), HOPE
        steps = min(STEPS_A_TRY, max(1, CELLS_A_CALL // max(1, _cells(asked))))
        for step in range(0, STEPS, steps):
            best = ascent.progress[BEST]
            hope = best + max(LEAST_HOPE, excess) * abs(best) if np.isfinite(best) else float(self._dearest())
            aim = hope if self.plan is None else min(hope, float(self.plan.cost))
            going = climb(self._dual, ascent, np.inf, aim, 1.0, steps, STEP_RULE)
            if not going or self.limits.reached():
                break
            if (step + steps) % STEPS_A_TRY < steps:
                excess *= FADING
                self._try(ascent.chosen)
        return ascent

    def _try(self, chosen: NDArray[np.bool_]) -> None:
        """Send everyone to the sites chosen, to those first that take them, and keep the plan if it is the best."""
        asked, rho = self.asked, self._dual.rho
        opened = chosen.copy()
        for j in np.argsort(rho, kind="stable").tolist() if asked.sites < 0 else []:
            if asked.room[opened].sum() >= asked.loads.sum():
                break
            opened[j] |= asked.state[j] >= FREE
        sites = np.flatnonzero(opened)
        taken = (self._dual.taken[sites] & chosen[sites, None]).T * asked.loads[:, None]
        goes = np.empty(len(asked.loads), np.int64)
        costs, pairs = asked.costs[:, sites].copy(), self._pairs[:, sites].copy()
        if round_shares(costs, pairs, asked.loads, asked.room[sites], asked.least[sites], taken, goes):
            self._keep(sites, sites[goes])

    def _keep(self, opened: Ints, goes: Ints) -> bool:
        """Keep a plan if it is one, checked in whole numbers, and the best; whether it is one."""
        asked, m = self.asked, self.asked.costs.shape[1]
        if asked.sites < 0:
            used = np.bincount(goes, minlength=m) > 0
            opened = opened[used[opened] | self.rules.kept[opened] | (asked.site_costs[opened] < 0)]
        held = np.zeros(m, np.int64)
        np.add.at(held, goes, asked.loads)
        fits = (asked.least <= held) & (held <= asked.room)
        everyone = np.arange(len(goes))
        if not fits[opened].all() or not np.isin(goes, opened).all() or not self._pairs[everyone, goes].all():
            return False
        if self.rules.broken_by(opened) or (asked.sites >= 0 and len(opened) != asked.sites):
            return False
        beyond = asked.extension * (held - asked.included).clip(min=0)
        cost = int(asked.costs[everyone, goes].sum() + asked.site_costs[opened].sum() + beyond[opened].sum())
        if self.plan is None or cost < self.plan.cost:
            self.plan = SitePlan(cost, opened, goes)
        return True

    def _finish(self, ascent: Ascent, cutoff: float, highest: float) -> None:
        """Let HiGHS look for the best plan within a cutoff; within the highest, nothing is left to look for."""
        ceilings, pairs = self._leave(ascent, cutoff)
        columns = self._columns(ascent, pairs, ceilings)
        if columns is None and not self._pairs_too:
            self._going = False
            return
        if columns is None and cutoff < highest:
            least = ascent.progress[BEST]
            cutoff = min(max(cutoff, least + PAIRS_SHARE * abs(least)), highest)
            ceilings, pairs = self._leave(ascent, cutoff)
        last = cutoff >= highest
        if not pairs.any(axis=1).all():
            if not last:
                return
            if not self._pairs.any(axis=1).all():
                self.done = True
                return
            columns, pairs = None, self._pairs  # HiGHS has the word, of all pairs
            ceilings = np.where(self.asked.state >= FREE, np.inf, -np.inf)
        sites = np.flatnonzero(ceilings > -np.inf)
        rules = restrict_rules(self.rules, sites)
        if columns is None:
            stated = compact_program(self.asked, rules, sites, pairs)
        else:
            stated = partition_program(self.asked, rules, *columns)
        answer = solve(stated.program, limits=self.limits.quiet())
        self.by_solver, self._going = True, answer.proven
        if answer.values is not None and not self._keep(*stated.plan(answer.values)):
            raise ArithmeticError("HiGHS broke a row of whole numbers")
        # A plan of what is left may cost more than the cutoff: then it only lowers the next one.
        self.done = answer.proven and (last or (self.plan is not None and self.plan.cost <= cutoff))
        told = cutoff if answer.proven else min(cutoff, answer.bound)
        self.bound = max(self.bound, int(np.ceil(told - 1e-6))) if np.isfinite(told) else self.bound
        if self.plan is not None:
            self.bound = self.plan.cost if self.done else min(self.bound, self.plan.cost)

    def _leave(self, ascent: Ascent, cutoff: float) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Return the most that a load of each site (m,) may cost, −∞ of closed ones, and the pairs (n, m) left."""
        asked, dual = self.asked, self._dual
        n, m = asked.costs.shape
        free = asked.state == FREE
        if not np.isfinite(ascent.progress[BEST]):
            return np.where(asked.state >= FREE, np.inf, -np.inf), self._pairs
        ascent.at[:] = ascent.best_at
        bound = relax(dual, ascent)
        instead = dual.rho.copy()  # what is given up where a site is loaded otherwise
        if not len(asked.quota.least):
            dearest = 0.0 if asked.sites < 0 else dual.rho[ascent.chosen & free].max(initial=-np.inf)
            instead[free] = np.minimum(instead[free], dearest)
        ceilings = cutoff + BLUR * (1.0 + abs(cutoff)) - bound + instead
        ceilings = np.where((asked.state >= FREE) & (ceilings >= dual.rho), ceilings, -np.inf)
        inside, pairs = np.empty(n), np.zeros((n, m), np.bool_)
        for j in np.flatnonzero(ceilings > -np.inf).tolist():
            price_pairs(asked, j, ascent.best_at, self._pairs, inside)
            pairs[:, j] = self._pairs[:, j] & (inside <= ceilings[j])
        return ceilings, pairs

    def _columns(
        self, ascent: Ascent, pairs: NDArray[np.bool_], ceilings: NDArray[np.float64]
    ) -> tuple[Ints, Ints, NDArray[np.bool_]] | None:
        """Return the sites left, that of each column (k,) and whom it serves (k, n); ``None`` if they are too many."""
        most = MOST_COLUMNS if self.asked.sites >= 0 else min(MOST_COLUMNS, COLUMNS_A_PAIR * int(pairs.sum()))
        if not np.isfinite(ascent.progress[BEST]):
            return None
        counts: list[int] = []
        sites = np.flatnonzero(ceilings > -np.inf)
        for j in sites.tolist():
            counts.append(
                list_columns(self.asked, j, ascent.best_at, pairs, ceilings[j], most, np.zeros((0, 0), np.bool_))
            )
            if sum(counts) > most:
                return None
        members = np.zeros((sum(counts), len(self.asked.loads)), np.bool_)
        ends = np.cumsum(counts)
        for j, end, count in zip(sites.tolist(), ends.tolist(), counts, strict=True):
            list_columns(self.asked, j, ascent.best_at, pairs, ceilings[j], most, members[end - count : end])
        return sites, np.repeat(sites, counts), members
