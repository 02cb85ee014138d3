"""Re-prove a tree of multipliers over sets of sites, in exact integers and from the costs up.

Shares no code with the searches that grow such trees: what a certificate means is said in
:mod:`planning.siting.proof.certificate`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.proof.certificate import Certificate
from planning.siting.rules import Rules

_CELLS_AT_ONCE = 2**22  # cells of the cost matrix priced at once, to bound the memory


class _Claim(NamedTuple):
    """How many sites are opened within which rules, and the cost (in 1/scale) that no plan gets down to."""

    sites: int
    exactly: bool
    enough: int
    rules: Rules


class _Part(NamedTuple):
    """Plans that open all of `opened`, none of `closed`, where nobody pays more than `most` (in 1/scale)."""

    opened: frozenset[int]
    closed: frozenset[int]
    most: NDArray[Any]
    alive: bool


def proves(costs: NDArray[np.int64], certificate: Certificate, rules: Rules) -> bool:
    """Whether opening ``certificate.sites`` candidates always costs at least ``certificate.bound``.

    A node's multipliers u give, for every candidate, the price ρ_j = Σ_i min(0, scale·c_ij − u_i);
    opening a set O costs at least Σ u_i + Σ_{j∈O} ρ_j (times 1/scale).

    Parameters
    ----------
    costs : (n, m) int64
        Cost of serving each demand point from each candidate; negative where not allowed.
    certificate
        The claim and its tree.
    rules
        Which sets of sites are allowed.
    """
    rows, branches = certificate.multipliers, certificate.branch.tolist()
    if certificate.scale < 1 or rows.shape != (len(branches), len(costs)) or rows.dtype.kind != "i":
        return False
    if (rows < 0).any() or max(branches, default=-1) >= costs.shape[1]:
        return False
    enough = (certificate.bound - 1) * certificate.scale
    claim = _Claim(certificate.sites, certificate.exactly, enough, rules)
    neighbours = _neighbours(rules)
    kept, barred = np.flatnonzero(rules.kept).tolist(), np.flatnonzero(rules.barred).tolist()
    scaled = _scaled(costs, certificate)
    anything = np.full(len(costs), scaled.max(initial=0))
    pending = [_spread(_Part(frozenset(kept), frozenset(barred), anything, alive=True), neighbours)]
    for u, branch in zip(rows, branches, strict=True):
        if not pending:
            return False
        part = pending.pop()
        if part.alive:
            narrowed = _narrow(_prices(scaled, u, part.most), u, claim, part)
            part = _spread(narrowed, neighbours)
        if branch == -2:
            pending.append(part)
        elif branch >= 0:
            without = part._replace(closed=part.closed | {branch}, alive=part.alive and branch not in part.opened)
            inside = part._replace(opened=part.opened | {branch}, alive=part.alive and branch not in part.closed)
            pending += [without, _spread(inside, neighbours)]
        elif branch != -1 or part.alive:
            return False
    return not pending


def _neighbours(rules: Rules) -> dict[int, set[int]]:
    near: dict[int, set[int]] = {}
    for one, other in rules.apart.tolist():
        near.setdefault(one, set()).add(other)
        near.setdefault(other, set()).add(one)
    return near


def _spread(part: _Part, neighbours: dict[int, set[int]]) -> _Part:
    """Close whatever lies too near to an opened site."""
    too_near: set[int] = set()
    for site in part.opened & neighbours.keys():
        too_near |= neighbours[site]
    closed = part.closed | too_near
    return part._replace(closed=closed, alive=part.alive and not closed & part.opened)


def _narrow(rho: list[int], u: NDArray[np.int64], claim: _Claim, part: _Part) -> _Part:
    """Return what is left of a part of the plans once those that cost more than `enough` are gone."""
    free = sorted((rho[j], j) for j in range(len(rho)) if j not in part.opened and j not in part.closed)
    chosen = _choose(free, part.opened, claim)
    if chosen is None:
        return part._replace(alive=False)
    least = int(u.astype(object).sum()) + sum(rho[j] for j in part.opened) + sum(rho[j] for j in chosen)
    if least > claim.enough:
        return part._replace(alive=False)
    part = part._replace(most=np.minimum(part.most, u.astype(part.most.dtype) + (claim.enough - least)))
    if len(chosen) < claim.sites - len(part.opened) or not chosen:
        # Nothing would have to give way to a further site (or none may come): prices settle nothing.
        full = len(part.opened) == claim.sites
        return part._replace(closed=part.closed | {j for _, j in free}) if full else part
    others = [(price, j) for price, j in free if j not in chosen]
    if not others:
        return part._replace(opened=part.opened | chosen) if claim.exactly else part
    dearest, cheapest = max(rho[j] for j in chosen), others[0][0]
    too_dear = {j for price, j in others if least - dearest + price > claim.enough}
    needed = {j for j in chosen if least - rho[j] + cheapest > claim.enough} if claim.exactly else set()
    return part._replace(opened=part.opened | needed, closed=part.closed | too_dear)


def _choose(free: list[tuple[int, int]], opened: frozenset[int], claim: _Claim) -> set[int] | None:
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


def _scaled(costs: NDArray[np.int64], claim: Certificate) -> NDArray[Any]:
    """Return the costs in units of 1/scale; in Python's own integers where 64 bits might not hold the sums."""
    total = int(costs.max(axis=1, initial=0).astype(object).sum() + claim.bound) * claim.scale
    highest = max((int(row.astype(object).sum()) for row in claim.multipliers), default=0)
    exact: Any = np.int64 if total + highest < 2**61 else object
    scaled = costs.astype(exact) * claim.scale
    scaled[costs < 0] = -1
    return scaled


def _prices(scaled: NDArray[Any], u: NDArray[np.int64], most: NDArray[Any]) -> list[int]:
    """Return ρ_j of every candidate; pairs that are not allowed, or dearer than `most`, count nothing."""
    total = np.zeros(scaled.shape[1], scaled.dtype)
    step = max(1, _CELLS_AT_ONCE // max(1, scaled.shape[1]))
    for begin in range(0, len(scaled), step):
        rows = slice(begin, begin + step)
        part, pay = scaled[rows], u[rows].astype(scaled.dtype)[:, None]
        counts = (part >= 0) & (part <= most[rows, None]) & (part < pay)
        total += np.where(counts, part - pay, 0).sum(axis=0)
    return [int(price) for price in total]
