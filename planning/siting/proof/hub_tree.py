"""Re-prove a tree over hubs, in exact integers and from the table up.

Shares no code with the search that grows such trees: what a certificate means is said in
:mod:`planning.siting.proof.hub_certificate`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from planning.siting.proof.hub_area import LEAST_MM2, RoomFigures
from planning.siting.proof.hub_certificate import HubCertificate
from planning.siting.proof.unserved import never_reach
from planning.siting.proof.walk import closes
from planning.siting.rules import Rules


@dataclass(frozen=True, eq=False)
class HubClaim:
    """What a certificate speaks of.

    Parameters
    ----------
    within : (n, m) bool
        Whether a candidate may serve an inhabited village.
    people, children : (n,)
    figures
        Room table in mm².
    times, fixed : int, (m,) ints
        The claim counts ``times`` a mm², and ``fixed`` for each open candidate.
    least, most
        Number of hubs allowed.
    rules
    """

    within: NDArray[np.bool_]
    people: NDArray[np.int64]
    children: NDArray[np.int64]
    figures: Sequence[RoomFigures]
    times: int
    fixed: Sequence[int]
    least: int
    most: int
    rules: Rules


@dataclass(frozen=True)
class _Part:
    """The plans with all of `opened`, none of `closed`, and from `least` to `most` hubs."""

    opened: frozenset[int]
    closed: frozenset[int]
    least: int
    most: int


def proves(claim: HubClaim, certificate: HubCertificate) -> bool:
    """Whether whatever hubs serve everyone come to at least ``certificate.bound``."""
    m, fewest = claim.within.shape[1], certificate.fewest
    if not _well_formed(claim, certificate) or not (fewest is None or never_reach(claim.within, fewest)):
        return False
    if fewest is not None:
        claim = replace(claim, least=max(claim.least, fewest.sites + 1))
    kept, barred = (frozenset(np.flatnonzero(which).tolist()) for which in (claim.rules.kept, claim.rules.barred))
    branches = certificate.branch.tolist()
    return closes(
        _Part(kept, barred, claim.least, claim.most),
        branches,
        lambda row, part: None if _broken(claim, part) else _narrow(claim, certificate, row, part),
        lambda row, part: _children(part, branches[row], m),
    )


def _well_formed(claim: HubClaim, certificate: HubCertificate) -> bool:
    """Whether the arrays have their sizes, and multipliers and mixes their signs."""
    (n, m), rows = claim.within.shape, len(certificate.branch)
    shapes = (certificate.multipliers.shape, certificate.mixes.shape, certificate.prices.shape)
    wanted = ((rows, n), (rows, m, 1 + len(claim.figures)), (rows, 1 + len(claim.rules.townships)))
    if certificate.scale < 1 or shapes != wanted or (certificate.multipliers < 0).any():
        return False
    tau, theta = certificate.mixes[:, :, :1], certificate.mixes[:, :, 1:]
    return not ((tau > certificate.scale).any() or (theta > tau).any() or (certificate.mixes < 0).any())


def _children(part: _Part, code: int, m: int) -> tuple[_Part, _Part]:
    """Return the two parts: few hubs and then more, or with a site and then without."""
    if code >= m:
        return replace(part, most=min(part.most, code - m)), replace(part, least=max(part.least, code - m + 1))
    return replace(part, opened=part.opened | {code}), replace(part, closed=part.closed | {code})


def _broken(claim: HubClaim, part: _Part) -> bool:
    """Whether no plan is left in a part."""
    rules, m = claim.rules, claim.within.shape[1]
    if part.opened & part.closed or part.least > part.most:
        return True
    if len(part.opened) > part.most or m - len(part.closed) < part.least:
        return True
    if any(one in part.opened and other in part.opened for one, other in rules.apart.tolist()):
        return True
    of = rules.township.tolist()
    for g, (least, most) in enumerate(zip(rules.least.tolist(), rules.most.tolist(), strict=True)):
        members = {j for j in range(m) if of[j] == g}
        if len(members & part.opened) > most or len(members - part.closed) < least:
            return True
    return False


def _narrow(claim: HubClaim, certificate: HubCertificate, row: int, part: _Part) -> _Part | None:
    """Return what is left of a part once everything that comes to the bound is gone."""
    rules, prices = claim.rules, [int(price) for price in certificate.prices[row]]
    total = sum(int(u) for u in certificate.multipliers[row])
    total += prices[0] * (part.least if prices[0] > 0 else part.most)
    for price, least, most in zip(prices[1:], rules.least.tolist(), rules.most.tolist(), strict=True):
        total += price * (least if price > 0 else most)
    of = rules.township.tolist()
    free, rho = [], {}
    for j in range(claim.within.shape[1]):
        if j in part.closed:
            continue
        rho[j] = _site(claim, certificate, row, j) - prices[0] - (prices[1 + of[j]] if of[j] >= 0 else 0)
        if j in part.opened:
            total += rho[j]
        else:
            free.append(j)
            total += min(rho[j], 0)
    spare = (certificate.bound - 1) * certificate.scale - total
    if spare < 0:
        return None
    fixed_closed = frozenset(j for j in free if rho[j] > spare)
    fixed_open = frozenset(j for j in free if rho[j] < -spare)
    return replace(part, opened=part.opened | fixed_open, closed=part.closed | fixed_closed)


def _site(claim: HubClaim, certificate: HubCertificate, row: int, j: int) -> int:
    """Return the least that candidate j can add, in units of 1/scale."""
    tau, *theta = (int(share) for share in certificate.mixes[row, j])
    fixed = (certificate.scale - tau) * LEAST_MM2
    person, child = 0, 0
    for share, (base, per_person, per_child, least) in zip(theta, claim.figures, strict=True):
        fixed += (tau - share) * least + share * base
        person += share * per_person
        child += share * per_child
    here = claim.within[:, j]
    people, children = claim.people[here], claim.children[here]
    u = certificate.multipliers[row, here]
    largest = claim.times * (person * int(people.sum()) + child * int(children.sum())) + sum(u.tolist())
    exact = np.int64 if largest < 2**62 else object
    part = claim.times * (person * people.astype(exact) + child * children.astype(exact))
    added = int(np.minimum(part - u.astype(exact), 0).sum()) if len(u) else 0
    return claim.times * fixed + added + int(claim.fixed[j]) * certificate.scale
