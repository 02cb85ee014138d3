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

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.proof.capped_question import CappedQuestion
from planning.siting.proof.certificate import CLOSED, OPENED, Record, shape
from planning.siting.proof.domain import LARGEST, Domain, Domains, Node

_THINNED = 0.7  # of the columns left: then they are copied; along a path copies add up to 1 / 0.3 of the first at most


@dataclass(frozen=True, eq=False)
class CappedCertificate(Record):
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
    multipliers: NDArray[np.int64] = field(metadata=shape("nodes demand", least=0))
    weights: NDArray[np.int64] = field(metadata=shape("nodes prices", least=0))
    branch: NDArray[np.int64] = field(metadata=shape("nodes"))
    counts: NDArray[np.int64] = field(metadata=shape("nodes", least=0))
    areas: NDArray[np.int64] = field(metadata=shape("sites", least=0))
    subsets: NDArray[np.int8] = field(metadata=shape("subsets sites"))


class _Columns(NamedTuple):
    """The columns of the cost matrix that a node may need: of all sites not closed."""

    sites: NDArray[np.int64]
    costs: NDArray[np.signedinteger[Any]]


_Node = Node[_Columns]


def holds(question: CappedQuestion, certificate: CappedCertificate) -> bool:
    """Whether the certificate proves its bound for the question, in exact integers."""
    branches, counts = certificate.branch.tolist(), certificate.counts.tolist()
    if not _well_formed(question, certificate):
        return False
    if certificate.bound <= 0:
        return True  # nobody pays less than nothing
    check = _Check(question, certificate)

    def narrow(k: int, node: _Node) -> _Node:
        return check.narrow(node, certificate.multipliers[k], certificate.weights[k].tolist())

    def halves(k: int, node: _Node) -> tuple[_Node, _Node] | None:
        found = divide(certificate, node.domain, branches[k], counts[k])
        return None if found is None else check.domains.halves(node, found)

    return check.domains.leave_nothing(check.columns(), branches, narrow, halves)


def divide(certificate: CappedCertificate, domain: Domain, branch: int, count: int) -> tuple[Domain, Domain] | None:
    """Return the two halves of a domain, which together are all of it; ``None`` if that is not so."""
    m, areas = len(domain.state), len(domain.least)
    if branch < m:
        at = np.array([branch])
        return domain.fix(at, OPENED), domain.fix(at, CLOSED)
    if branch < m + areas:
        return domain.divide_by_area(branch - m, count)
    subset = branch - m - areas
    return domain.divide_one(certificate.subsets[subset] != 0) if subset < len(certificate.subsets) else None


def _well_formed(question: CappedQuestion, certificate: CappedCertificate) -> bool:
    """Whether the arrays have their sizes and the areas are those of the rules."""
    (n, m), prices, township = question.costs.shape, len(question.shares) + 1, question.rules.township
    limited, areas = len(question.rules.townships), certificate.areas
    few = areas.max(initial=0) <= limited + m + len(question.shares)
    end = m + max(limited, int(areas.max(initial=0)) + 1) + len(certificate.subsets)
    if not few or not certificate.fits(end, demand=n, prices=prices, sites=m):
        return False
    if question.charged and (len(question.shares) != 1 or question.budget is not None):
        return False
    return bool(np.where(township >= 0, areas == township, areas >= limited).all())


class _Check:
    """A question and what is claimed of it."""

    def __init__(self, question: CappedQuestion, certificate: CappedCertificate) -> None:
        self.question, count, rules = question, question.sites, question.rules
        # Python's own integers where 64 bits might not hold the yuan of all sites.
        budget, yuan = question.spendable, question.site_costs
        heavy = sum(map(abs, yuan.tolist())) + abs(budget or 0) >= LARGEST
        self.yuan: NDArray[Any] = yuan.astype(object if heavy else np.int64)
        fewest, limit = (0, len(yuan)) if count is None else (count, count)
        self.domains = Domains(rules, fewest, limit, areas=certificate.areas, yuan=self.yuan, budget=budget)
        self.cutoffs = question.group_cutoffs(certificate.bound)
        self.dearest = int(question.costs.max(initial=0))

    def columns(self) -> _Columns:
        """Return all columns."""
        exact = np.int32 if self.dearest < 2**31 - 1 else np.int64
        costs = np.where(self.question.costs < 0, self.dearest + 1, self.question.costs)  # beyond all that counts
        return _Columns(np.arange(costs.shape[1]), costs.astype(exact))

    def narrow(self, node: _Node, u: NDArray[np.int64], weights: list[int]) -> _Node:
        """Return what is left of some plans once those that cannot be better are gone."""
        (domain, kept), budget = node, self.domains.budget
        total, charge = sum(u.tolist()), weights[-1] if budget is not None else 0
        if self.question.charged:
            charge = weights[0]
        cutoff = sum(weight * cap for weight, cap in zip(weights, self.cutoffs, strict=False)) + charge * (budget or 0)
        safe = total + charge * int(np.abs(self.yuan).max(initial=0)) < LARGEST > self.dearest * max(weights)
        prices = charge * self.yuan.astype(np.int64 if safe else object)
        np.add.at(prices, *self._savings(kept, u.astype(prices.dtype), np.array(weights[:-1], prices.dtype)))
        domain, _ = self.domains.narrow(domain, prices, total, cutoff)
        unclosed = domain.state[kept.sites] != CLOSED
        if np.count_nonzero(unclosed) <= _THINNED * len(unclosed):
            kept = _Columns(kept.sites[unclosed], np.ascontiguousarray(kept.costs[:, unclosed]))
        return Node(domain, kept)

    def _savings(
        self, node: _Columns, pay: NDArray[Any], weights: NDArray[Any]
    ) -> tuple[NDArray[np.int64], NDArray[Any]]:
        """Return sites, and l_T(i) c_ij − u_i wherever that is below 0, of every allowed pair of a node."""
        factor, beyond = weights[self.question.groups], self.dearest + 1
        # l c < u where c < ⌈u / l⌉; where l = 0 < u, at every allowed site.
        least = np.where(factor > 0, np.minimum(-(-pay // np.maximum(factor, 1)), beyond), beyond * (pay > 0))
        who, column = np.nonzero(node.costs < least.astype(node.costs.dtype)[:, None])
        return node.sites[column], factor[who] * node.costs[who, column] - pay[who]
