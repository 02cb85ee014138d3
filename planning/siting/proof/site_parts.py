"""Parts of all sets of sites, as the trees of proofs divide them: what is opened, what is closed, what fits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from planning.siting.rules import Rules


class Claim(NamedTuple):
    """How many sites are opened within which rules, and the cost that no plan gets down to."""

    sites: int
    exactly: bool
    enough: int
    rules: Rules


class Part(NamedTuple):
    """Plans that open all of `opened` and none of `closed`; not `alive`: there are none."""

    opened: frozenset[int]
    closed: frozenset[int]
    alive: bool = True

    def divide(self, site: int) -> tuple[Part, Part]:
        """Return the plans without and with a site."""
        without = self._replace(closed=self.closed | {site}, alive=self.alive and site not in self.opened)
        inside = self._replace(opened=self.opened | {site}, alive=self.alive and site not in self.closed)
        return without, inside


Neighbours = Mapping[int, set[int]]


def everything(rules: Rules) -> Part:
    """Return all plans that open what is kept and nothing that is barred."""
    return Part(frozenset(np.flatnonzero(rules.kept).tolist()), frozenset(np.flatnonzero(rules.barred).tolist()))


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
        Price of each candidate, none above 0.
    total
        What a plan costs before the prices of its sites.
    claim
    part
    """
    free = sorted((rho[j], j) for j in range(len(rho)) if j not in part.opened and j not in part.closed)
    chosen = _choose(free, part.opened, claim)
    if chosen is None:
        return part._replace(alive=False), total
    least = total + sum(rho[j] for j in part.opened) + sum(rho[j] for j in chosen)
    if least > claim.enough:
        return part._replace(alive=False), least
    if len(chosen) < claim.sites - len(part.opened) or not chosen:
        # Nothing would have to give way to a further site (or none may come): prices settle nothing.
        full = len(part.opened) == claim.sites
        return (part._replace(closed=part.closed | {j for _, j in free}) if full else part), least
    others = [(price, j) for price, j in free if j not in chosen]
    if not others:
        return (part._replace(opened=part.opened | chosen) if claim.exactly else part), least
    dearest, cheapest = max(rho[j] for j in chosen), others[0][0]
    too_dear = {j for price, j in others if least - dearest + price > claim.enough}
    needed = {j for j in chosen if least - rho[j] + cheapest > claim.enough} if claim.exactly else set()
    return part._replace(opened=part.opened | needed, closed=part.closed | too_dear), least


def _choose(free: list[tuple[int, int]], opened: frozenset[int], claim: Claim) -> set[int] | None:
    """Return the cheapest free sites to add within the townships' limits, ``None`` if none fit.

    First what each township lacks, then the cheapest that still fit anywhere. Prices are never
    above 0, so that "at most" takes as many as it may.
    """
    rules, wanted = claim.rules, claim.sites - len(opened)
    of = rules.township.tolist()
    there = [sum(of[j] == town for j in opened) for town in range(len(rules.townships))]
    lacking = [max(0, int(low) - count) for low, count in zip(rules.least, there, strict=True)]
    if wanted < sum(lacking) or any(count > high for count, high in zip(there, rules.most, strict=True)):
        return None
    chosen: set[int] = set()
    for town, lack in enumerate(lacking):
        cheapest = [j for _, j in free if of[j] == town][:lack]
        if len(cheapest) < lack:
            return None
        chosen.update(cheapest)
        there[town] += lack
    for _, j in free:
        if len(chosen) == wanted:
            break
        if j not in chosen and (of[j] < 0 or there[of[j]] < rules.most[of[j]]):
            chosen.add(j)
            if of[j] >= 0:
                there[of[j]] += 1
    return None if claim.exactly and len(chosen) < wanted else chosen
