"""Re-prove a tree over sets of sites whose nodes share multipliers, in exact integers and from the costs up.

Shares no code with the search that grows such trees: what the certificate means is said in
:mod:`planning.siting.proof.shared_certificate`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planning.siting.proof.certificate import CLOSED, FREE, OPENED
from planning.siting.proof.domain import Domain, Domains, Node
from planning.siting.proof.shared_certificate import PLAIN, UNSERVED, SharedCertificate
from planning.siting.rules import Rules

Whole = NDArray[np.int64]

_NOBODY = 2**62  # what a site asks that may not serve


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
    domains, enough = Domains.of_count(rules, certificate.sites), (certificate.bound - 1) * certificate.scale
    rows, branches = certificate.row.tolist(), certificate.branch.tolist()

    def narrow(k: int, node: Node[None]) -> Node[None]:
        if rows[k] == PLAIN:
            return node
        prices, total = _price(node.domain, certificate.multipliers[rows[k]], asked)
        return Node(domains.narrow(node.domain, prices, total, enough)[0], None)

    def is_empty(k: int, node: Node[None]) -> bool:
        return not (asked[node.domain.state != CLOSED, UNSERVED - branches[k]] < _NOBODY).any()

    return domains.leave_nothing(None, branches, narrow, is_empty=is_empty)


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


def _price(domain: Domain, u: Whole, asked: Whole) -> tuple[Whole, int]:
    """Return ρ_j = Σ_i min(0, c_ij − u_i) of every site, and Σ u_i, where no u_i is more than an opened site asks.

    So ρ is 0 for all that are opened. `asked` is (m, n).
    """
    pay, rho = np.minimum(u, asked[domain.state == OPENED].min(axis=0, initial=_NOBODY)), np.zeros(len(asked), np.int64)
    free = domain.state == FREE
    rho[free] = np.minimum(asked[free] - pay, 0).sum(axis=1)
    return rho, int(pay.sum())
