"""Re-prove a tree of multipliers over sets of sites, in exact integers and from the costs up.

Shares no code with the searches that grow such trees: what a certificate means is said in
:mod:`planning.siting.proof.certificate`. A price needs only the pairs below the multipliers, of sites
that are not closed: they are taken from the matrix in blocks of rows, and once few are left they are
kept with the node and thinned out on the way down.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.proof.certificate import Certificate
from planning.siting.proof.site_parts import Claim, Part, everything, narrow
from planning.siting.proof.walk import closes
from planning.siting.rules import Rules

_CELLS_AT_ONCE = 2**22  # cells of the cost matrix looked at together: masks of a few tens of MB
_MOST_PAIRS = 2**22  # pairs kept with a node: 100 MB
_THINNED = 0.8  # of the pairs left: then they are kept anew, so that copies halve before they double the work
_LARGEST = 2**61  # sums of costs and multipliers stay below it, or Python's own integers are taken


class _Pairs(NamedTuple):
    """Demand points, the sites that may serve them, and what that costs, in 1/scale."""

    who: NDArray[np.int64]
    site: NDArray[np.int64]
    cost: NDArray[Any]


class _Node(NamedTuple):
    """A part of the plans, where nobody pays more than `most` (in 1/scale); its pairs if they are few."""

    part: Part
    most: NDArray[Any]
    pairs: _Pairs | None = None


class _Question(NamedTuple):
    """What a pair costs: ``units[i] * asked[i, j]`` in 1/scale; and what is claimed of it."""

    asked: NDArray[Any]
    units: NDArray[Any]
    claim: Claim


def proves(asked: NDArray[np.integer[Any]], weights: NDArray[np.int64], certificate: Certificate, rules: Rules) -> bool:
    """Whether opening ``certificate.sites`` candidates always costs at least ``certificate.bound``.

    A node's multipliers u give, for every candidate, the price ρ_j = Σ_i min(0, scale·c_ij − u_i);
    opening a set O costs at least Σ u_i + Σ_{j∈O} ρ_j (times 1/scale).

    Parameters
    ----------
    asked : (n, m) int
        What one person at a demand point pays at a candidate; negative where not allowed.
    weights : (n,) int64
        People, at least 1: c_ij is ``weights[i] * asked[i, j]``.
    certificate
        The claim and its tree.
    rules
        Which sets of sites are allowed.
    """
    rows, branches = certificate.multipliers, certificate.branch.tolist()
    if certificate.scale < 1 or rows.shape != (len(branches), len(asked)) or rows.dtype.kind != "i":
        return False
    groups = _groups(certificate, asked.shape[1], rules)
    if (rows < 0).any() or groups is None or max(branches, default=-1) >= asked.shape[1] + len(groups):
        return False
    question = _ask(asked, weights, certificate, rules)
    dearest = question.units * asked.max(axis=1, initial=0)

    def with_part(node: _Node, part: Part) -> _Node | None:
        return node._replace(part=part) if part.alive else None

    def divide(k: int, node: _Node) -> tuple[_Node | None, _Node | None]:
        part, group = node.part, branches[k] - asked.shape[1]
        inside, without = part.divide(branches[k], question.claim.near) if group < 0 else part.divide_by(groups[group])
        return with_part(node, inside), with_part(node, without)

    def narrow_by(k: int, node: _Node) -> _Node | None:
        return _narrow(node, rows[k].astype(question.units.dtype), question)

    all_plans = everything(question.claim)
    return closes(with_part(_Node(all_plans, dearest), all_plans), branches, narrow_by, divide)


def _groups(certificate: Certificate, sites: int, rules: Rules) -> list[frozenset[int]] | None:
    """Return the groups to branch on; ``None`` if they are not what they should be."""
    given = certificate.groups
    if given.ndim != 2 or (len(given) and (given.shape[1] != sites or len(rules.townships))):
        return None
    return [frozenset(np.flatnonzero(row).tolist()) for row in given]


def _ask(asked: NDArray[Any], weights: NDArray[np.int64], certificate: Certificate, rules: Rules) -> _Question:
    """Return the question, in Python's own integers where 64 bits might not hold the sums."""
    scale, bound = certificate.scale, certificate.bound
    dearest = int((asked.max(axis=1, initial=1).astype(object) * weights.astype(object)).sum())
    highest = max((int(row.astype(object).sum()) for row in certificate.multipliers), default=0)
    exact: Any = np.int64 if (dearest + max(bound, 0)) * scale + highest < _LARGEST else object
    claim = Claim.of(certificate.sites, (bound - 1) * scale, rules, exactly=certificate.exactly)
    return _Question(asked, weights.astype(exact) * scale, claim)


def _narrow(node: _Node, u: NDArray[Any], question: _Question) -> _Node | None:
    """Return what the multipliers leave of a node's plans, of what anybody may pay, and of the pairs."""
    claim = question.claim
    rho = np.zeros(question.asked.shape[1], u.dtype)
    for pairs in _near(node, np.minimum(node.most, u - 1), question):
        np.add.at(rho, pairs.site, pairs.cost - u[pairs.who])
    part, least = narrow(rho.tolist(), int(u.astype(object).sum()), claim, node.part)
    if not part.alive:
        return None
    # Nobody pays _LARGEST (or sums are Python's own), and what exceeds it by far would not fit.
    slack = claim.enough - least if u.dtype == object else min(claim.enough - least, _LARGEST)
    return _thin(node._replace(part=part, most=np.minimum(node.most, u + slack)), question)


def _thin(node: _Node, question: _Question) -> _Node:
    """Keep the pairs that a node may still need, if they are few enough and fewer than before."""
    fewer, count = [], 0
    for pairs in _near(node, node.most, question):
        fewer.append(pairs)
        count += len(pairs.who)
        if count > (_MOST_PAIRS if node.pairs is None else _THINNED * len(node.pairs.who)):
            return node
    columns = [np.concatenate(parts) for parts in zip(*fewer, strict=True)]
    return node._replace(pairs=_Pairs(*columns))


def _near(node: _Node, limit: NDArray[Any], question: _Question) -> Iterator[_Pairs]:
    """Yield the pairs of sites that a node has not closed and that cost at most `limit`, (n,) in 1/scale."""
    unclosed = np.ones(question.asked.shape[1], bool)
    unclosed[list(node.part.closed)] = False
    if node.pairs is not None:
        kept = (node.pairs.cost <= limit[node.pairs.who]) & unclosed[node.pairs.site]
        yield _Pairs(*(column[kept] for column in node.pairs))
        return
    asked, farthest = question.asked, np.iinfo(question.asked.dtype).max
    most = np.minimum(limit // question.units, farthest).astype(asked.dtype)
    step = max(1, _CELLS_AT_ONCE // max(1, asked.shape[1]))
    for begin in range(0, max(1, len(asked)), step):
        block = asked[begin : begin + step]
        who, site = np.nonzero((block >= 0) & (block <= most[begin : begin + step, None]) & unclosed)
        yield _Pairs(who + begin, site, block[who, site] * question.units[who + begin])
