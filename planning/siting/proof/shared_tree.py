"""Re-prove a tree over sets of sites whose nodes share multipliers, in exact integers and from the costs up.

Shares no code with the search that grows such trees: what the certificate means is said in
:mod:`planning.siting.proof.shared_certificate`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.proof.shared_certificate import PLAIN, UNSERVED, SharedCertificate
from planning.siting.proof.site_parts import Claim, Part, everything, narrow
from planning.siting.proof.walk import closes
from planning.siting.rules import Rules

Whole = NDArray[np.int64]

_NOBODY = 2**62  # what a site asks that may not serve


class _Node(NamedTuple):
    """A part of the plans, and the least that an opened site asks of each demand point."""

    part: Part
    paid: Whole


class _Question(NamedTuple):
    """What is claimed, and (m, n) what each site asks."""

    claim: Claim
    costs: Whole


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
    question = _Question(Claim.of(certificate.sites, (certificate.bound - 1) * certificate.scale, rules), asked)
    rows, branches = certificate.row.tolist(), certificate.branch.tolist()

    def narrow_by(k: int, node: _Node) -> _Node | None:
        return node if rows[k] == PLAIN else _narrow(node, certificate.multipliers[rows[k]], question)

    def divide(k: int, node: _Node) -> tuple[_Node | None, _Node | None]:
        inside, without = node.part.divide(branches[k], question.claim.near)
        return _with_part(node, inside, question), _with_part(node, without, question)

    def is_empty(k: int, node: _Node) -> bool:
        may = np.ones(len(asked), bool)
        may[list(node.part.closed)] = False
        return not (asked[may, UNSERVED - branches[k]] < _NOBODY).any()

    anything = _Node(Part(frozenset(), frozenset()), np.full(len(costs), _NOBODY))
    return closes(_with_part(anything, everything(question.claim), question), branches, narrow_by, divide, is_empty)


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


def _with_part(node: _Node, part: Part, question: _Question) -> _Node | None:
    """Return some of a node's plans, where nobody pays more than a newly opened site asks; ``None`` without any."""
    if not part.alive:
        return None
    new = list(part.opened - node.part.opened)
    paid = np.minimum(node.paid, question.costs[new].min(axis=0)) if new else node.paid
    return _Node(part, paid)


def _narrow(node: _Node, u: Whole, question: _Question) -> _Node | None:
    """Return what is left of a node's plans once those that cost more than `enough` are gone.

    A plan costs at least Σ u_i + Σ ρ_j over its sites, ρ_j = Σ_i min(0, c_ij − u_i); once no u_i is
    more than what an opened site asks, ρ is 0 for all that are opened.
    """
    pay, rho = np.minimum(u, node.paid), np.zeros(len(question.costs), np.int64)
    free = np.setdiff1d(np.arange(len(rho)), list(node.part.opened | node.part.closed))
    rho[free] = np.minimum(question.costs[free] - pay, 0).sum(axis=1)
    part, _ = narrow(rho.tolist(), int(pay.sum()), question.claim, node.part)
    return _with_part(node, part, question)
