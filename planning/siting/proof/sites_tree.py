"""Re-prove a tree of multipliers over sets of sites, in exact integers and from the costs up.

Shares no code with the searches that grow such trees: what a certificate means is said in
:mod:`planning.siting.proof.certificate`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.proof.certificate import Certificate
from planning.siting.proof.site_parts import Claim, Part, everything, narrow, spread, too_near
from planning.siting.rules import Rules

_CELLS_AT_ONCE = 2**22  # cells of the cost matrix priced at once, to bound the memory


class _Node(NamedTuple):
    """A part of the plans, where nobody pays more than `most` (in 1/scale)."""

    part: Part
    most: NDArray[Any]


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
    claim = Claim(certificate.sites, certificate.exactly, enough, rules)
    neighbours = too_near(rules)
    scaled = _scaled(costs, certificate)
    pending = [_Node(spread(everything(rules), neighbours), np.full(len(costs), scaled.max(initial=0)))]
    for u, branch in zip(rows, branches, strict=True):
        if not pending:
            return False
        node = pending.pop()
        if node.part.alive:
            node = _narrow(node, u, scaled, claim)
            node = node._replace(part=spread(node.part, neighbours))
        if branch == -2:
            pending.append(node)
        elif branch >= 0:
            without, inside = node.part.divide(branch)
            pending += [node._replace(part=without), node._replace(part=spread(inside, neighbours))]
        elif branch != -1 or node.part.alive:
            return False
    return not pending


def _narrow(node: _Node, u: NDArray[np.int64], scaled: NDArray[Any], claim: Claim) -> _Node:
    """Return what the multipliers leave of a node's plans, and of what anybody may pay."""
    total = int(u.astype(object).sum())
    part, least = narrow(_prices(scaled, u, node.most), total, claim, node.part)
    if not part.alive:
        return node._replace(part=part)
    return _Node(part, np.minimum(node.most, u.astype(node.most.dtype) + (claim.enough - least)))


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
