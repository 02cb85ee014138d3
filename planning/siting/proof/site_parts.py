"""Parts of all sets of sites, as the trees of proofs divide them: what is opened, what is closed, what fits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.proof.selection import Quota, choose, fix_by_reduced_cost
from planning.siting.rules import Rules

Neighbours = Mapping[int, set[int]]
"""Of each site those that may not be opened beside it."""


class Claim(NamedTuple):
    """How many sites are opened within which rules, and the cost that no plan gets down to."""

    sites: int
    exactly: bool
    enough: int
    rules: Rules
    near: Neighbours

    @classmethod
    def of(cls, sites: int, enough: int, rules: Rules, *, exactly: bool = True) -> Claim:
        """Return a claim about sites within rules."""
        return cls(sites, exactly, enough, rules, too_near(rules))


class Part(NamedTuple):
    """Plans that open all of `opened`, none of `closed`, and one at least of every group; not `alive`: there are none.

    No two groups have a site in common.
    """

    opened: frozenset[int]
    closed: frozenset[int]
    alive: bool = True
    groups: tuple[frozenset[int], ...] = ()

    def divide(self, site: int, near: Neighbours) -> tuple[Part, Part]:
        """Return the plans with a site, and those without."""
        without = self._replace(closed=self.closed | {site}, alive=self.alive and site not in self.opened)
        inside = self._replace(opened=self.opened | {site}, alive=self.alive and site not in self.closed)
        return spread(inside, near), without

    def divide_by(self, group: frozenset[int]) -> tuple[Part, Part]:
        """Return the plans with at least one site of a group, and those without any."""
        without = self._replace(closed=self.closed | group, alive=self.alive and not group & self.opened)
        apart = tuple(other for other in self.groups if not other & group)
        return self._replace(groups=(*apart, group), alive=self.alive and not group <= self.closed), without


def everything(claim: Claim) -> Part:
    """Return all plans that open what is kept and nothing that is barred."""
    kept, barred = (np.flatnonzero(which).tolist() for which in (claim.rules.kept, claim.rules.barred))
    return spread(Part(frozenset(kept), frozenset(barred)), claim.near)


def too_near(rules: Rules) -> Neighbours:
    """Return of each site those that may not be opened beside it."""
    near: dict[int, set[int]] = {}
    for one, other in rules.apart.tolist():
        near.setdefault(one, set()).add(other)
        near.setdefault(other, set()).add(one)
    return near


def spread(part: Part, neighbours: Neighbours) -> Part:
    """Close whatever lies too near to an opened site."""
    near: set[int] = set()
    for site in part.opened & neighbours.keys():
        near |= neighbours[site]
    closed = part.closed | near
    return part._replace(closed=closed, alive=part.alive and not closed & part.opened)


def narrow(rho: list[int], total: int, claim: Claim, part: Part) -> tuple[Part, int]:
    """Return what is left of a part once plans that cost more than `enough` are gone, and its least cost.

    Parameters
    ----------
    rho
        Price of each candidate, none above 0: "at most" takes as many as it may.
    total
        What a plan costs before the prices of its sites.
    claim
    part
        Without groups where townships have limits.
    """
    prices: NDArray[Any] = np.array(rho, object)
    left = np.ones(len(rho), bool)
    opened = np.array(sorted(part.opened), np.int64)
    left[opened], left[list(part.closed)] = False, False
    free = np.flatnonzero(left)
    free = free[np.argsort(prices[free], kind="stable")]
    quota = Quota.of_groups(part.groups, len(rho)) if part.groups else Quota.of_rules(claim.rules)
    wanted = claim.sites - len(opened)
    chosen = choose(free, quota.there(opened), quota, wanted)
    if chosen is None or (claim.exactly and np.count_nonzero(chosen) < wanted):
        return part._replace(alive=False), total
    least = total + int(prices[opened].sum()) + int(prices[free[chosen]].sum())
    if least > claim.enough:
        return part._replace(alive=False), least
    if np.count_nonzero(chosen) < wanted:
        return part, least  # nothing would have to give way to a further site: prices fix nothing
    there = quota.there(np.append(opened, free[chosen]))
    fixed_open, fixed_closed = fix_by_reduced_cost(
        prices[free], quota.of[free], chosen, there, quota, slack=claim.enough - least
    )
    inside = part.opened.union(free[fixed_open].tolist()) if claim.exactly else part.opened
    part = part._replace(opened=inside, closed=part.closed.union(free[fixed_closed].tolist()))
    return spread(part, claim.near), least
