"""Re-prove a tree over sets of sites whose nodes share multipliers, in exact integers and from the costs up.

Shares no code with the search that grows such trees: what the certificate means is said in
:mod:`planning.siting.proof.shared_certificate`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.proof.certificate import LEAF, ONWARD
from planning.siting.proof.selection import Quota, choose, settled
from planning.siting.proof.shared_certificate import PLAIN, UNSERVED, SharedCertificate
from planning.siting.rules import Rules

Bools = NDArray[np.bool_]
Whole = NDArray[np.int64]

_NOBODY = 2**62  # what a site asks that may not serve


class _Claim(NamedTuple):
    """How many sites are opened within which rules, (m, n) what each asks, and the cost that no plan gets down to."""

    sites: int
    rules: Rules
    costs: Whole
    enough: int


class _Part(NamedTuple):
    """Plans that open all of `opened` and none of `closed`; `paid` is the least that an opened site asks."""

    opened: Bools
    closed: Bools
    paid: Whole
    alive: bool = True


def proves_shared(costs: Whole, certificate: SharedCertificate, rules: Rules) -> bool:
    """Whether opening ``certificate.sites`` candidates that serve everyone always costs ``certificate.bound``.

    Parameters
    ----------
    costs : (n, m) int64
        Cost of serving each demand point from each candidate; negative where not allowed.
    certificate
        The claim and its tree.
    rules
        Which sets of sites are allowed.
    """
    if not _well_formed(costs, certificate):
        return False
    asked = np.where(costs < 0, _NOBODY, costs * certificate.scale).T.copy()
    claim = _Claim(certificate.sites, rules, asked, (certificate.bound - 1) * certificate.scale)
    none = np.zeros(len(asked), bool)
    anything = _Part(none, rules.barred.copy(), np.full(len(costs), _NOBODY))
    pending = [_open(anything, np.flatnonzero(rules.kept), claim)]
    for row, branch in zip(certificate.row.tolist(), certificate.branch.tolist(), strict=True):
        if not pending:
            return False
        part = pending.pop()
        if part.alive and row != PLAIN:
            part = _narrow(part, certificate.multipliers[row], claim)
        if branch == ONWARD:
            pending.append(part)
        elif branch >= 0:
            pending += [_close(part, branch), _open(part, np.array([branch]), claim)]
        elif part.alive and (branch == LEAF or _served(part, UNSERVED - branch, claim)):
            return False
    return not pending


def _well_formed(costs: Whole, certificate: SharedCertificate) -> bool:
    """Whether rows and nodes are what they should be, and all sums stay within 64 bits."""
    rows, row, branch = certificate.multipliers, certificate.row, certificate.branch
    n, m = costs.shape
    if certificate.scale < 1 or certificate.sites < 0 or rows.ndim != 2 or rows.shape[1] != n:
        return False
    if row.shape != branch.shape or row.ndim != 1 or len(row) == 0 or (rows < 0).any():
        return False
    dearest = certificate.scale * int(costs.max(axis=1, initial=0).astype(object).sum())
    highest = max((int(one.astype(object).sum()) for one in rows), default=0)
    fits = (dearest + highest) * (certificate.sites + 2) < _NOBODY
    known = row.min() >= PLAIN and row.max() < len(rows) and branch.min() > UNSERVED - n and branch.max() < m
    return bool(fits and known)


def _open(part: _Part, sites: Whole, claim: _Claim) -> _Part:
    """Open sites, close whatever lies too near to them, and let nobody pay more than they ask."""
    if not part.alive or part.opened[sites].all():
        return part
    opened, closed = part.opened.copy(), part.closed.copy()
    opened[sites] = True
    one, other = claim.rules.apart.T
    closed[other[opened[one]]] = True
    closed[one[opened[other]]] = True
    paid = np.minimum(part.paid, claim.costs[sites].min(axis=0))
    return _Part(opened, closed, paid, alive=not (opened & closed).any())


def _close(part: _Part, site: int) -> _Part:
    closed = part.closed.copy()
    closed[site] = True
    return part._replace(closed=closed, alive=part.alive and not part.opened[site])


def _served(part: _Part, demand: int, claim: _Claim) -> bool:
    """Whether a site that is not closed may serve a demand point."""
    return bool((claim.costs[~part.closed, demand] < _NOBODY).any())


def _narrow(part: _Part, u: Whole, claim: _Claim) -> _Part:
    """Return what is left of a part of the plans once those that cost more than `enough` are gone.

    A plan costs at least Σ u_i + Σ ρ_j over its sites, ρ_j = Σ_i min(0, c_ij − u_i); once no u_i is
    more than what an opened site asks, ρ is 0 for all that are opened.
    """
    pay = np.minimum(u, part.paid)
    free = np.flatnonzero(~part.opened & ~part.closed)
    rho = np.minimum(claim.costs[free] - pay, 0).sum(axis=1)
    order = np.argsort(rho, kind="stable")
    free, rho = free[order], rho[order]
    opened = np.flatnonzero(part.opened)
    quota, wanted = Quota.of_rules(claim.rules), claim.sites - len(opened)
    chosen = choose(free, quota.there(opened), quota, wanted)
    if chosen is None or np.count_nonzero(chosen) < wanted:
        return part._replace(alive=False)
    least = int(pay.sum()) + int(rho[chosen].sum())
    if least > claim.enough:
        return part._replace(alive=False)
    there = quota.there(np.append(opened, free[chosen]))
    needed, hopeless = settled(rho, quota.of[free], chosen, there, quota, slack=claim.enough - least)
    closed = part.closed.copy()
    closed[free[hopeless]] = True
    return _open(part._replace(closed=closed), free[needed], claim)
