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

from planning.siting.proof.certificate import CLOSED, OPENED, PLAIN, UNSERVED, Certificate
from planning.siting.proof.domain import Domains, Node
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


class _Kept(NamedTuple):
    """Where nobody pays more than `most` (in 1/scale); the pairs of a node if they are few."""

    most: NDArray[Any]
    pairs: _Pairs | None = None


_Node = Node[_Kept]


class _Question(NamedTuple):
    """What a pair costs: ``units[i] * asked[i, j]`` in 1/scale; and what is claimed of it."""

    asked: NDArray[Any]
    units: NDArray[Any]
    domains: Domains
    cutoff: int


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
    (n, m), rows, branches = asked.shape, certificate.rows, certificate.branch.tolist()
    groups = certificate.groups
    if not certificate.fits(m + len(groups), demand=n, sites=m) or (len(groups) and len(rules.townships)):
        return False
    if len(rows) != len(branches) or rows.max(initial=PLAIN) >= len(certificate.multipliers):
        return False
    question = _ask(asked, weights, certificate, rules)

    def divide(k: int, node: _Node) -> tuple[_Node, _Node]:
        if branches[k] < m:
            return question.domains.divide(node, branches[k])
        return question.domains.halves(node, node.domain.divide_by_set(groups[branches[k] - m] != 0))

    def narrow(k: int, node: _Node) -> _Node:
        if rows[k] == PLAIN:
            return node
        return _narrow(node, certificate.multipliers[rows[k]].astype(question.units.dtype), question)

    def is_empty(k: int, node: _Node) -> bool:
        who = UNSERVED - branches[k]
        return who < n and not (asked[who, node.domain.state != CLOSED] >= 0).any()

    everyone = _Kept(question.units * asked.max(axis=1, initial=0))
    return question.domains.leave_nothing(everyone, branches, narrow, divide, is_empty)


def _ask(asked: NDArray[Any], weights: NDArray[np.int64], certificate: Certificate, rules: Rules) -> _Question:
    """Return the question, in Python's own integers where 64 bits might not hold the sums."""
    scale, bound = certificate.scale, certificate.bound
    dearest = int((asked.max(axis=1, initial=1).astype(object) * weights.astype(object)).sum())
    highest = max((int(row.astype(object).sum()) for row in certificate.multipliers), default=0)
    exact: Any = np.int64 if (dearest + max(bound, 0)) * scale + highest < _LARGEST else object
    domains = Domains.of_count(rules, certificate.sites, exactly=certificate.exactly)
    return _Question(asked, weights.astype(exact) * scale, domains, (bound - 1) * scale)


def _narrow(node: _Node, u: NDArray[Any], question: _Question) -> _Node:
    """Return what the multipliers leave of a node's plans, of what anybody may pay, and of the pairs."""
    domain, (most, pairs) = node
    rho, u = np.zeros(question.asked.shape[1], u.dtype), _capped(node, u, question)
    for near in _near(node, np.minimum(most, u - 1), question):
        np.add.at(rho, near.site, near.cost - u[near.who])
    domain, least = question.domains.narrow(domain, rho, int(u.astype(object).sum()), question.cutoff)
    if not domain.alive:
        return Node(domain, node.kept)
    # Nobody pays _LARGEST (or sums are Python's own), and what exceeds it by far would not fit.
    slack = question.cutoff - least if u.dtype == object else min(question.cutoff - least, _LARGEST)
    return _thin(Node(domain, _Kept(np.minimum(most, u + slack), pairs)), question)


def _capped(node: _Node, u: NDArray[Any], question: _Question) -> NDArray[Any]:
    """(n,) multipliers, none above what an opened site asks that is near enough to be used."""
    (domain, (most, _)), never = node, np.iinfo(question.asked.dtype).max
    opened = question.asked[:, domain.state == OPENED]
    least = np.where(opened < 0, never, opened).min(axis=1, initial=never)
    paid = least * question.units
    return np.where((least < never) & (paid <= most), np.minimum(u, paid), u)


def _thin(node: _Node, question: _Question) -> _Node:
    """Keep the pairs that a node may still need, if they are few enough and fewer than before."""
    fewer, count, (most, kept) = [], 0, node.kept
    for pairs in _near(node, most, question):
        fewer.append(pairs)
        count += len(pairs.who)
        if count > (_MOST_PAIRS if kept is None else _THINNED * len(kept.who)):
            return node
    columns = [np.concatenate(parts) for parts in zip(*fewer, strict=True)]
    return Node(node.domain, _Kept(most, _Pairs(*columns)))


def _near(node: _Node, limit: NDArray[Any], question: _Question) -> Iterator[_Pairs]:
    """Yield the pairs of sites that a node has not closed and that cost at most `limit`, (n,) in 1/scale."""
    unclosed, pairs = node.domain.state != CLOSED, node.kept.pairs
    if pairs is not None:
        kept = (pairs.cost <= limit[pairs.who]) & unclosed[pairs.site]
        yield _Pairs(*(column[kept] for column in pairs))
        return
    asked, farthest = question.asked, np.iinfo(question.asked.dtype).max
    most = np.minimum(limit // question.units, farthest).astype(asked.dtype)
    step = max(1, _CELLS_AT_ONCE // max(1, asked.shape[1]))
    for begin in range(0, max(1, len(asked)), step):
        block = asked[begin : begin + step]
        who, site = np.nonzero((block >= 0) & (block <= most[begin : begin + step, None]) & unclosed)
        yield _Pairs(who + begin, site, block[who, site] * question.units[who + begin])
