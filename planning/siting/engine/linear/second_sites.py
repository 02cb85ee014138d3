"""Plans with many second sites, by exchange: quick, good, and proven by nobody."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.linear.backup_rows import backup_groups
from planning.siting.limits import Limits
from planning.siting.problem import SitingProblem

WORK = 2000
"""How often all sites are weighed at most: with 865 × 865 about half a second."""

LOOKED_AT, STARTS = 20, 30
"""Exchanges of a site that are weighed in full, the most promising first; and beginnings, unless WORK ends them."""


def backed_up(problem: SitingProblem, options: Mapping[str, int], opened: NDArray[np.int64]) -> int | None:
    """Return the people with a second site, ``None`` where the plan is not allowed."""
    if len(opened) != options["p"] or problem.rules.broken_by(opened):
        return None
    inhabited = problem.inhabited
    if problem.max_time_s is not None and not problem.allowed[np.ix_(inhabited, opened)].any(axis=1).all():
        return None
    near = (problem.reachable & (problem.values <= options["limit_s"]))[:, opened].sum(axis=1)
    if options["require_first"] and (near[inhabited] == 0).any():
        return None
    return int(problem.weights[near >= 2].sum())


def exchange_sites(problem: SitingProblem, options: Mapping[str, int], limits: Limits) -> NDArray[np.int64] | None:
    """Return p sites that no exchange of one improves, ``None`` where they are not allowed.

    Parameters
    ----------
    options
        ``p``, ``limit_s`` and ``require_first``.
    """
    climb, chance = _Climb(problem, options), np.random.default_rng(1)
    best: NDArray[np.int64] | None = None
    most, everybody = -1, int(problem.weights.sum())
    for _ in range(STARTS):
        if climb.looked >= WORK or limits.reached() or most == everybody:
            break
        for _ in range(options["p"] - len(climb.opened)):
            climb.add()
        while climb.looked < WORK and not limits.reached() and climb.exchange():
            pass
        opened = np.sort(np.array(climb.opened, np.int64))
        people = backed_up(problem, options, opened)
        if people is not None and people > most:
            best, most = opened, people
        climb.kick(opened if best is None else best, chance)
    return best


class _Climb:
    """Sites, and how many of them cover each group."""

    def __init__(self, problem: SitingProblem, options: Mapping[str, int]) -> None:
        covers, people = backup_groups(problem, options["limit_s"])
        self.rules = problem.rules
        self.covers = covers.astype(np.float64)
        second = people.astype(np.float64)
        first = second + (second.sum() if options["require_first"] else 0)
        # Worth of one more site by how many there are already; a first site counts a little by itself.
        self.worth = (first if options["require_first"] else second * 1e-3, second)
        self.opened = np.flatnonzero(problem.rules.kept).tolist()
        self.count = self.covers[:, self.opened].sum(axis=1)
        self.looked = 0

    def kick(self, opened: NDArray[np.int64], chance: np.random.Generator) -> None:
        """Start again from a plan, less a third of its sites, with another one in their place."""
        movable = opened[~self.rules.kept[opened]]
        gone = chance.permutation(movable)[: max(1, len(movable) // 3)]
        self.opened = np.setdiff1d(opened, gone).tolist()
        free = np.flatnonzero(~self.rules.barred)
        other = int(chance.choice(free)) if len(free) else -1
        if len(gone) and other >= 0 and other not in self.opened and self._fits([*self.opened, other], filling=True):
            self.opened.append(other)
        self.count = self.covers[:, self.opened].sum(axis=1)
        self.looked += 1

    def gains(self, count: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what each site adds (m,) where `count` sites cover each group already."""
        self.looked += 1
        gain = self.weigh(count) @ self.covers
        gain[self.opened] = -np.inf
        gain[self.rules.barred] = -np.inf
        return np.asarray(gain)

    def weigh(self, count: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what one more site is worth to each group."""
        return np.where(count == 0, self.worth[0], np.where(count == 1, self.worth[1], 0))

    def add(self) -> None:
        """Open the site that adds most and breaks nothing."""
        gain = self.gains(self.count)
        for site in np.argsort(-gain, kind="stable").tolist():
            if gain[site] > -np.inf and self._fits([*self.opened, site], filling=True):
                self.opened.append(site)
                self.count += self.covers[:, site]
                return

    def exchange(self) -> bool:
        """Make the first exchange that gains; whether there was one."""
        for site in list(self.opened):
            if self.rules.kept[site]:
                continue
            rest = [k for k in self.opened if k != site]
            count = self.count - self.covers[:, site]
            gain = self.gains(count)
            gain[site] = worth = float(self.weigh(count) @ self.covers[:, site])
            for other in np.argsort(-gain, kind="stable")[:LOOKED_AT].tolist():
                if gain[other] <= worth + 1e-9:
                    break
                if self._fits([*rest, other], filling=False):
                    self.opened = [*rest, other]
                    self.count = count + self.covers[:, other]
                    return True
        return False

    def _fits(self, sites: list[int], *, filling: bool) -> bool:
        """Whether sites break no rule; while still filling, townships may have too few."""
        rules, chosen = self.rules, np.array(sites, np.int64)
        if not filling:
            return not rules.broken_by(chosen)
        of = rules.township[chosen]
        there = np.bincount(of[of >= 0], minlength=len(rules.townships))
        near = np.zeros(len(rules.status), bool)
        near[chosen] = True
        return not ((there > rules.most).any() or near[rules.apart].all(axis=1).any())
