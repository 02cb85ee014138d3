"""Plans with many second sites, by exchange: quick, good, and proven by nobody."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.legality import allowed_additions, allowed_swaps
from planning.siting.engine.linear.backup_rows import backup_groups
from planning.siting.limits import Limits
from planning.siting.problem import SitingProblem

WORK = 2000
"""How often all sites are weighed at most: with 865 × 865 about half a second."""

STARTS = 30
"""Beginnings, unless WORK ends them."""


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
        opened = np.sort(climb.opened)
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
        self.opened = np.flatnonzero(problem.rules.kept)
        self.count = self.covers[:, self.opened].sum(axis=1)
        self.looked = 0

    def kick(self, opened: NDArray[np.int64], chance: np.random.Generator) -> None:
        """Start again from a plan, less a third of its sites, with another one in their place."""
        movable = opened[~self.rules.kept[opened]]
        gone = chance.permutation(movable)[: max(1, len(movable) // 3)]
        self.opened = np.setdiff1d(opened, gone)
        free = np.flatnonzero(~self.rules.barred)
        other = int(chance.choice(free)) if len(free) else -1
        if len(gone) and other >= 0 and allowed_additions(self.rules, self.opened)[other]:
            self.opened = np.append(self.opened, other)
        self.count = self.covers[:, self.opened].sum(axis=1)
        self.looked += 1

    def gains(self, count: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what each site adds (m,) where `count` sites cover each group already."""
        self.looked += 1
        return np.asarray(self.weigh(count) @ self.covers)

    def weigh(self, count: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what one more site is worth to each group."""
        return np.where(count == 0, self.worth[0], np.where(count == 1, self.worth[1], 0))

    def add(self) -> None:
        """Open the site that adds most and breaks nothing."""
        allowed = allowed_additions(self.rules, self.opened)
        if allowed.any():
            site = int(np.argmax(np.where(allowed, self.gains(self.count), -np.inf)))
            self.opened = np.append(self.opened, site)
            self.count += self.covers[:, site]

    def exchange(self) -> bool:
        """Make the first exchange that gains; whether there was one."""
        allowed = allowed_swaps(self.rules, self.opened)
        for slot in np.flatnonzero(allowed.any(axis=1)).tolist():
            site = self.opened[slot]
            count = self.count - self.covers[:, site]
            gain = self.gains(count)
            other = int(np.argmax(np.where(allowed[slot], gain, -np.inf)))
            if gain[other] > gain[site] + 1e-9:
                self.opened = np.append(np.delete(self.opened, slot), other)
                self.count = count + self.covers[:, other]
                return True
        return False
