"""Re-prove a tree of multipliers over a question with cutoffs of groups, in exact integers.

Were there a plan of value z ≤ bound − 1, every group would pay S_T ≤ R_T = ⌊(bound − 1) share_T / per⌋.
For any whole multipliers l_T, μ, u_i ≥ 0 (Lagrangian relaxation, Geoffrion 1974) such a plan has

    Σ_i u_i + Σ_{j∈O} ( μ a_j + Σ_i min(0, l_T(i) c_ij − u_i) )  ≤  Σ_T l_T R_T + μ A.

Where sites are charged, the only group pays S + Σ_{j∈O} a_j ≤ R, and its l stands in the place of μ, without A.
Where the least left side exceeds the right side there is no such plan. Where one set of multipliers
is not enough, the proof branches on a site: opened on one side, closed on the other. Symbols as in
:mod:`planning.siting.proof.capped_question`. Shares no code with the search that grows such trees.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.proof.capped_parts import LARGEST, Part, Parts
from planning.siting.proof.capped_question import CappedQuestion
from planning.siting.proof.walk import closes

_THINNED = 0.7  # of the columns left: then they are copied; along a path copies add up to 1 / 0.3 of the first at most


@dataclass(frozen=True, eq=False)
class CappedCertificate:
    """No plan is better than `bound`; above the worst conceivable value: there is no plan.

    Parameters
    ----------
    bound
        The claim: z ≥ bound.
    multipliers : (k, n) int64
        One row u ≥ 0 for each node of the tree, in preorder.
    weights : (k, g + 1) int64
        One row for each node: l_T ≥ 0 of the groups, then μ ≥ 0 of the budget.
    branch : (k,) int64
        −1 for a leaf, −2 where one child follows with other multipliers. Else two children follow. With m
        sites and g areas: j < m, site j opened, then closed; m + a, at least ``counts`` sites in area a,
        then fewer; m + g + h, where one site stands in an area, inside subset h of it, then outside.
    counts : (k,) int64
        Of the nodes that branch on an area.
    areas : (m,) int64
        Area of each site. The townships with a limit are the first areas, under their own numbers; g is the
        number of those, or one more than the largest area named here if that is more.
    subsets : (s, m) int8
        1 for the sites of each subset.

    Notes
    -----
    At every node, sites whose opening (closing) cannot be part of a better plan under the node's
    multipliers count as closed (opened) below it.
    """

    bound: int
    multipliers: NDArray[np.int64]
    weights: NDArray[np.int64]
    branch: NDArray[np.int64]
    counts: NDArray[np.int64]
    areas: NDArray[np.int64]
    subsets: NDArray[np.int8]


class _Node(NamedTuple):
    """A part of the plans, and the columns of the cost matrix that it may need: of all sites not closed."""

    part: Part
    sites: NDArray[np.int64]
    costs: NDArray[np.signedinteger[Any]]


def holds(question: CappedQuestion, certificate: CappedCertificate) -> bool:
    """Whether the certificate proves its bound for the question, in exact integers."""
    branches, counts = certificate.branch.tolist(), certificate.counts.tolist()
    if not _well_formed(question, certificate):
        return False
    if certificate.bound <= 0:
        return True  # nobody pays less than nothing
    check = _Check(question, certificate)

    def alive(node: _Node) -> _Node | None:
        return node if node.part.alive else None

    def divide(k: int, node: _Node) -> tuple[_Node | None, _Node | None] | None:
        halves = check.parts.divide(node.part, branches[k], counts[k])
        if halves is None:
            return None
        inside, outside = (alive(node._replace(part=check.parts.spread(half))) for half in halves)
        return inside, outside

    def narrow(k: int, node: _Node) -> _Node | None:
        return alive(check.narrow(node, certificate.multipliers[k], certificate.weights[k].tolist()))

    return closes(alive(check.start()), branches, narrow, divide)


def _well_formed(question: CappedQuestion, certificate: CappedCertificate) -> bool:
    """Whether the arrays have their sizes and the areas are those of the rules."""
    k, m = len(certificate.branch), question.costs.shape[1]
    arrays = (certificate.multipliers, certificate.weights, certificate.counts, certificate.areas)
    if any(array.dtype.kind not in "iu" for array in (*arrays, certificate.branch, certificate.subsets)):
        return False
    shapes = ((k, len(question.costs)), (k, len(question.shares) + 1), (k,), (m,))
    if tuple(array.shape for array in arrays) != shapes or any((array < 0).any() for array in arrays):
        return False
    if question.charged and (len(question.shares) != 1 or question.budget is not None):
        return False
    township, areas = question.rules.township, certificate.areas
    limited = len(question.rules.townships)
    named = np.where(township >= 0, areas == township, areas >= limited).all()
    few = areas.max(initial=0) <= limited + m + len(question.shares)
    return bool(named and few and certificate.subsets.shape[1:] == (m,))


class _Check:
    """A question and what is claimed of it."""

    def __init__(self, question: CappedQuestion, certificate: CappedCertificate) -> None:
        self.question, self.parts = question, Parts(question, certificate.areas, certificate.subsets)
        self.cutoffs = question.group_cutoffs(certificate.bound)
        self.dearest = int(question.costs.max(initial=0))

    def start(self) -> _Node:
        """Return all plans."""
        exact = np.int32 if self.dearest < 2**31 - 1 else np.int64
        costs = np.where(self.question.costs < 0, self.dearest + 1, self.question.costs)  # beyond all that counts
        return _Node(self.parts.whole(), np.arange(costs.shape[1]), costs.astype(exact))

    def narrow(self, node: _Node, u: NDArray[np.int64], weights: list[int]) -> _Node:
        """Return what is left of a part of the plans once those that cannot be better are gone."""
        total, charge = sum(u.tolist()), weights[-1] if self.question.budget is not None else 0
        if self.question.charged:
            charge = weights[0]
        enough = sum(weight * cap for weight, cap in zip(weights, self.cutoffs, strict=False))
        enough += charge * (self.question.spendable or 0)
        yuan = self.parts.yuan
        safe = total + charge * int(np.abs(yuan).max(initial=0)) < LARGEST > self.dearest * max(weights)
        prices = charge * yuan.astype(np.int64 if safe else object)
        np.add.at(prices, *self._savings(node, u.astype(prices.dtype), np.array(weights[:-1], prices.dtype)))
        part = self.parts.narrow(node.part, prices, total, enough)
        unclosed = part.state[node.sites] >= 0
        if np.count_nonzero(unclosed) > _THINNED * len(unclosed):
            return node._replace(part=part)
        return _Node(part, node.sites[unclosed], np.ascontiguousarray(node.costs[:, unclosed]))

    def _savings(self, node: _Node, pay: NDArray[Any], weights: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[Any]]:
        """Return sites, and l_T(i) c_ij − u_i wherever that is below 0, of every allowed pair of a node."""
        factor, beyond = weights[self.question.groups], self.dearest + 1
        # l c < u where c < ⌈u / l⌉; where l = 0 < u, at every allowed site.
        least = np.where(factor > 0, np.minimum(-(-pay // np.maximum(factor, 1)), beyond), beyond * (pay > 0))
        who, column = np.nonzero(node.costs < least.astype(node.costs.dtype)[:, None])
        return node.sites[column], factor[who] * node.costs[who, column] - pay[who]
