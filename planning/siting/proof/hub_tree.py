"""Re-prove a tree over hubs, in exact integers and from the table up.

Shares no code with the search that grows such trees: what a certificate means is said in
:mod:`planning.siting.proof.hub_certificate`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from planning.siting.proof.certificate import CLOSED
from planning.siting.proof.domain import Domain, Domains, Node
from planning.siting.proof.hub_area import LEAST_MM2, RoomFigures
from planning.siting.proof.hub_certificate import HubCertificate
from planning.siting.proof.unserved import never_reach
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


def proves(claim: HubClaim, certificate: HubCertificate) -> bool:
    """Whether whatever hubs serve everyone come to at least ``certificate.bound``."""
    m, fewest = claim.within.shape[1], certificate.fewest
    if not _well_formed(claim, certificate) or not (fewest is None or never_reach(claim.within, fewest)):
        return False
    if fewest is not None:
        claim = replace(claim, least=max(claim.least, fewest.sites + 1))
    branches, domains = certificate.branch.tolist(), Domains(claim.rules, claim.least, claim.most)

    def narrow(row: int, node: Node[None]) -> Node[None]:
        prices, total = _price(claim, certificate, row, node.domain)
        return Node(domains.narrow(node.domain, prices, total, (certificate.bound - 1) * certificate.scale)[0], None)

    def divide(row: int, node: Node[None]) -> tuple[Node[None], Node[None]]:
        if branches[row] < m:
            return domains.divide(node, branches[row])
        more, fewer = node.domain.divide_by_count(branches[row] - m + 1)
        return domains.halves(node, (fewer, more))

    return domains.leave_nothing(None, branches, narrow, divide)


def _well_formed(claim: HubClaim, certificate: HubCertificate) -> bool:
    """Whether the arrays have their sizes, and multipliers and mixes their signs."""
    (n, m), towns, scale = claim.within.shape, len(claim.rules.townships), certificate.scale
    sizes = {"demand": n, "sites": m, "shares": 1 + len(claim.figures), "prices": 1 + towns}
    if not certificate.fits(2 * m + 1, **sizes):
        return False
    tau, theta = certificate.mixes[:, :, :1], certificate.mixes[:, :, 1:]
    return not ((tau > scale).any() or (theta > tau).any())


def _price(claim: HubClaim, certificate: HubCertificate, row: int, domain: Domain) -> tuple[NDArray[np.object_], int]:
    """Return ρ of every candidate that is not closed, and what hubs come to before it."""
    rules, m, (price, *own) = claim.rules, len(domain.state), certificate.prices[row].tolist()
    total = sum(certificate.multipliers[row].tolist()) + price * (domain.fewest if price > 0 else domain.limit)
    for alpha, least, most in zip(own, rules.least.tolist(), rules.most.tolist(), strict=True):
        total += alpha * (least if alpha > 0 else most)
    of, rho = rules.township.tolist(), np.zeros(m, object)
    for j in np.flatnonzero(domain.state != CLOSED).tolist():
        rho[j] = _site(claim, certificate, row, j) - price - (own[of[j]] if of[j] >= 0 else 0)
    return rho, total


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
