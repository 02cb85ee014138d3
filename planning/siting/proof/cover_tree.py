"""Re-prove that so many sites cannot cover everyone, or lose so much, in exact integers and from the covering up.

Shares no code with the searches: what a certificate means is said in
:mod:`planning.siting.proof.cover_certificate`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from planning.siting.proof.certificate import CLOSED, FREE, OPENED
from planning.siting.proof.cover_certificate import CoverCertificate
from planning.siting.proof.domain import Domains, Node
from planning.siting.rules import Rules

Bools = NDArray[np.bool_]
LARGEST_CUT = 24
"""Demand points of a cut at most: the work of checking one doubles with each. The solver's cuts have 12."""


_Node = Node[Bools]
"""Some plans, and the demand points (n,) that are not yet implied by others."""


class _Question(NamedTuple):
    """What is covered by whom, (n, m); and what leaving out costs in 1/scale, ``None`` where nobody may be."""

    covers: Bools
    losses: list[int] | None
    cutoff: int
    domains: Domains


def proves_uncovered(covers: Bools, certificate: CoverCertificate, rules: Rules) -> bool:
    """Whether ``certificate.sites`` candidates always leave a demand point uncovered.

    Parameters
    ----------
    covers : (n, m) bool
        Whether the candidate covers the demand point.
    certificate
        The claim and its tree.
    rules
        Which sets of sites are allowed.
    """
    domains = Domains.of_count(rules, certificate.sites, exactly=certificate.exactly)
    question = _Question(covers, None, 0, domains)
    return _proves(question, covers, certificate)


def proves_losses(covers: Bools, losses: NDArray[np.int64], certificate: CoverCertificate, rules: Rules) -> bool:
    """Whether ``certificate.sites`` candidates always lose at least ``certificate.bound``.

    Parameters
    ----------
    covers : (n, m) bool
        Whether the candidate covers the demand point.
    losses : (n,) int64
        What is lost where none of the opened candidates does, at least 0.
    certificate
        The claim and its tree.
    rules
        Which sets of sites are allowed.
    """
    scale, cutoff = certificate.scale, (certificate.bound - 1) * certificate.scale
    domains = Domains.of_count(rules, certificate.sites, exactly=certificate.exactly)
    question = _Question(covers, [loss * scale for loss in losses.tolist()], cutoff, domains)
    return scale >= 1 and _proves(question, np.hstack([covers, np.eye(len(covers), dtype=bool)]), certificate)


def _proves(question: _Question, columns: Bools, certificate: CoverCertificate) -> bool:
    """Whether the tree proves its claim; `columns` are covers, and those of their own where people may be left out."""
    covers, domains = question.covers, question.domains
    branches, rows, replaced = certificate.branch.tolist(), certificate.multipliers, certificate.replaced
    sizes = {"rows": len(covers) + len(certificate.least), "four": 4, "columns": columns.shape[1]}
    if not certificate.fits(covers.shape[1], **sizes) or not _cuts_hold(columns, certificate):
        return False
    hits, goals = _rows(columns, certificate)

    def narrow(k: int, node: _Node) -> _Node:
        domain, counts = _replace(node, question, replaced[replaced[:, 0] == k])
        return Node(domains.narrow(domain, *_price(hits, goals, rows[k], question), question.cutoff)[0], counts)

    return domains.leave_nothing(np.ones(len(covers), bool), branches, narrow)


def _replace(node: _Node, question: _Question, replaced: NDArray[np.int64]) -> _Node:
    """Take the turns of a node."""
    for turn in np.unique(replaced[:, 1]).tolist():
        gone, instead = replaced[replaced[:, 1] == turn, 2:].T
        node = (_replace_places if turn % 2 else _replace_sites)(node, question, gone, instead)
    return node


def _replace_sites(node: _Node, question: _Question, gone: NDArray[Any], instead: NDArray[Any]) -> _Node:
    """Close sites for each of which another does as well in every plan; nothing changes where one does not.

    Whoever opens some of `gone` may open those that stand in for them, and covers as much with as many
    sites or fewer. So this holds for "at most"; and within rules only where the other has the same
    township, of which nobody asks a number, and nobody near who minds.
    """
    covers, (domain, counts), rules = question.covers, node, question.domains.rules
    free = domain.state == FREE
    asked = np.append(rules.least > 0, False)[rules.township]  # no township is −1: the last
    alike = (rules.township[gone] == rules.township[instead]) & ~asked[gone]
    minded = np.isin(instead, rules.apart)
    fits = free[gone].all() and free[instead].all() and alike.all() and not minded.any()
    if domain.fewest or not fits or np.isin(instead, gone).any():
        return node
    left = counts & ~covers[:, domain.state == OPENED].any(axis=1)
    if (covers[np.ix_(left, gone)] & ~covers[np.ix_(left, instead)]).any():
        return node
    return Node(domain.fix(gone, CLOSED), counts)


def _replace_places(node: _Node, question: _Question, gone: NDArray[Any], instead: NDArray[Any]) -> _Node:
    """Leave out demand points that are covered wherever another is; nothing changes where one is not.

    Where people may be left out, the other need not be covered: then nothing changes at all.
    """
    covers, usable, counts = question.covers, node.domain.state != CLOSED, node.kept.copy()
    implied = not (covers[np.ix_(instead, usable)] & ~covers[np.ix_(gone, usable)]).any()
    if question.losses is not None or not implied or not counts[instead].all() or np.isin(instead, gone).any():
        return node
    counts[gone] = False
    return Node(node.domain, counts)


def _cuts_hold(covers: Bools, certificate: CoverCertificate) -> bool:
    """Whether every cut is true of all covers."""
    places, weights = certificate.places, certificate.weights
    if places.shape[1] > LARGEST_CUT or (places >= len(covers)).any():
        return False
    cuts = zip(places, weights, certificate.least.tolist(), strict=True)
    return all(lightest_cover(covers[mine[mine >= 0]], each) >= least for mine, each, least in cuts)


def lightest_cover(covers: Bools, weights: NDArray[np.int64]) -> float:
    """Return what sites weigh at least that cover a few demand points, ``inf`` if none do.

    Parameters
    ----------
    covers : (r, m) bool
    weights : (m,) int64

    Notes
    -----
    Tries everything: to every set of demand points still uncovered the least weight so far, the first
    of them always to be covered next.
    """
    bits = [1 << k for k in range(len(covers))]
    cheapest: dict[int, int] = {}
    for kind, weight in zip((covers.T @ np.array(bits, np.int64)).tolist(), weights.tolist(), strict=True):
        cheapest[kind] = min(weight, cheapest.get(kind, weight))
    layers: list[dict[int, int]] = [{} for _ in range(len(bits) + 1)]
    layers[0][2 ** len(bits) - 1] = 0
    for k, bit in enumerate(bits):
        using = [(kind, weight) for kind, weight in cheapest.items() if kind & bit]
        for left, cost in layers[k].items():
            for kind, weight in using:
                then = left & ~kind
                later = layers[(then & -then).bit_length() - 1 if then else len(bits)]
                later[then] = min(cost + weight, later.get(then, cost + weight))
    return layers[-1].get(0, float("inf"))


def _rows(covers: Bools, certificate: CoverCertificate) -> tuple[csr_array | NDArray[Any], NDArray[Any]]:
    """Return rows and least values; in Python's own integers where 64 bits might not hold the sums."""
    matrix = np.vstack([covers.astype(np.int64), certificate.weights])
    goals = np.append(np.ones(len(covers), np.int64), certificate.least)
    largest = max(int(matrix.max(initial=1)), int(np.abs(goals).max(initial=1)))
    highest = max((int(row.astype(object).sum()) for row in certificate.multipliers), default=0)
    exact = largest * highest * (certificate.sites + 2) < 2**61
    return (csr_array(matrix) if exact else matrix.astype(object)), goals


def _price(
    hits: csr_array | NDArray[Any], goals: NDArray[Any], u: NDArray[np.int64], question: _Question
) -> tuple[NDArray[Any], int]:
    """Return ρ_j = −(uH)_j of every candidate, and what is lost before them."""
    prices = -(u @ hits)
    total = sum(a * b for a, b in zip(u.tolist(), goals.tolist(), strict=True) if a)
    if question.losses is None:
        return prices, total
    m = question.covers.shape[1]
    return prices[:m], total + sum(min(0, a + b) for a, b in zip(question.losses, prices[m:].tolist(), strict=True))
