"""Re-prove a tree of multipliers over a question with ceilings, in exact integers.

Were there a plan of value z ≤ bound − 1, every group would pay S_T ≤ R_T = ⌊(bound − 1) share_T / per⌋.
For any whole multipliers l_T, μ, u_i ≥ 0 (Lagrangian relaxation, Geoffrion 1974) such a plan has

    Σ_i u_i + Σ_{j∈O} ( μ a_j + Σ_i min(0, l_T(i) c_ij − u_i) )  ≤  Σ_T l_T R_T + μ A.

Where the least left side exceeds the right side there is no such plan. Where one set of multipliers
is not enough, the proof branches on a site: opened on one side, closed on the other. Symbols as in
:mod:`planning.siting.proof.capped_question`. Shares no code with the search that grows such trees.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.proof.capped_question import CappedQuestion


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
        Area of each site. The townships with a limit are the first areas, under their own numbers.
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


class _Part(NamedTuple):
    """The plans that open all of `opened`, none of `closed`, and so many sites in each area."""

    opened: frozenset[int]
    closed: frozenset[int]
    least: tuple[int, ...]
    most: tuple[int, ...]
    alive: bool = True


def holds(question: CappedQuestion, certificate: CappedCertificate) -> bool:
    """Whether the certificate proves its bound for the question, in exact integers."""
    rows, weights, branches = certificate.multipliers, certificate.weights, certificate.branch.tolist()
    if not _well_formed(question, certificate):
        return False
    if certificate.bound <= 0:
        return True  # nobody pays less than nothing
    check = _Check(question, certificate)
    pending = [check.spread(check.start)]
    for u, prices, branch, count in zip(rows, weights, branches, certificate.counts.tolist(), strict=True):
        if not pending:
            return False
        part = pending.pop()
        part = check.narrow(part, u, prices.tolist()) if part.alive else part
        if branch == -2:
            pending.append(part)
        elif branch >= 0:
            halves = check.split(part, branch, count)
            if halves is None:
                return False
            pending += [check.spread(halves[1]), check.spread(halves[0])]
        elif branch != -1 or part.alive:
            return False
    return not pending


def _well_formed(question: CappedQuestion, certificate: CappedCertificate) -> bool:
    """Whether the arrays have their sizes and the areas are those of the rules."""
    k, m = len(certificate.branch), question.costs.shape[1]
    arrays = (certificate.multipliers, certificate.weights, certificate.counts, certificate.areas)
    if any(array.dtype.kind not in "iu" for array in (*arrays, certificate.branch, certificate.subsets)):
        return False
    shapes = ((k, len(question.costs)), (k, len(question.shares) + 1), (k,), (m,))
    if tuple(array.shape for array in arrays) != shapes or any((array < 0).any() for array in arrays):
        return False
    township, areas = question.rules.township, certificate.areas
    limited = len(question.rules.townships)
    named = np.where(township >= 0, areas == township, areas >= limited).all()
    few = areas.max(initial=0) <= limited + m + len(question.shares)
    return bool(named and few and certificate.subsets.shape[1:] == (m,))


class _Check:
    """The question in plain Python integers."""

    def __init__(self, question: CappedQuestion, certificate: CappedCertificate) -> None:
        rules, self.question = question.rules, question
        self.ceilings = question.ceilings(certificate.bound)
        self.dearest = int(question.costs.max(initial=0))
        self.costs = np.where(question.costs < 0, self.dearest + 1, question.costs)  # beyond all that counts
        self.site_costs: list[int] = question.site_costs.tolist()
        self.of: list[int] = certificate.areas.tolist()
        self.subsets = [frozenset(np.flatnonzero(row).tolist()) for row in certificate.subsets]
        self.near: dict[int, set[int]] = {}
        for one, other in rules.apart.tolist():
            self.near.setdefault(one, set()).add(other)
            self.near.setdefault(other, set()).add(one)
        kept, barred = np.flatnonzero(rules.kept).tolist(), np.flatnonzero(rules.barred).tolist()
        more = max(len(rules.townships), *self.of) + 1 - len(rules.townships)
        least, most = rules.least.tolist() + [0] * more, rules.most.tolist() + [len(self.of)] * more
        self.start = _Part(frozenset(kept), frozenset(barred), tuple(least), tuple(most))

    def split(self, part: _Part, branch: int, count: int) -> tuple[_Part, _Part] | None:
        """Return the two halves of a part, which together are all of it; ``None`` if that is not so."""
        sites, areas = len(self.of), len(part.least)
        if branch < sites:
            inside = part._replace(opened=part.opened | {branch}, alive=part.alive and branch not in part.closed)
            outside = part._replace(closed=part.closed | {branch}, alive=part.alive and branch not in part.opened)
            return inside, outside
        if branch < sites + areas:
            area = branch - sites
            least, most = list(part.least), list(part.most)
            least[area], most[area] = max(least[area], count), min(most[area], count - 1)
            return part._replace(least=tuple(least)), part._replace(most=tuple(most))
        if branch >= sites + areas + len(self.subsets):
            return None
        subset = self.subsets[branch - sites - areas]
        area = self.of[min(subset)] if subset else 0
        others = frozenset(j for j, of in enumerate(self.of) if of == area) - subset
        single = part.least[area] == part.most[area] == 1 and all(self.of[j] == area for j in subset)
        if part.alive and not (single and subset):
            return None
        inside = part._replace(closed=part.closed | others, alive=part.alive and not others & part.opened)
        return inside, part._replace(closed=part.closed | subset, alive=part.alive and not subset & part.opened)

    def spread(self, part: _Part) -> _Part:
        """Close what lies too near or is too dear, open what is too dear to close, until nothing follows."""
        while part.alive:
            further = self._spread_once(part)
            if further == part:
                break
            part = further
        return part

    def _spread_once(self, part: _Part) -> _Part:
        opened, closed = part.opened, part.closed.union(*(self.near.get(site, ()) for site in part.opened))
        if self.question.spendable is not None:
            costs = self.site_costs
            free = [j for j in range(len(costs)) if j not in opened and j not in closed]
            room = self.question.spendable - sum(costs[j] for j in opened) - sum(min(0, costs[j]) for j in free)
            if room < 0:
                return part._replace(alive=False)
            closed = closed.union(j for j in free if costs[j] > room)
            opened = opened.union(j for j in free if -costs[j] > room)
        return part._replace(opened=opened, closed=closed, alive=not closed & opened)

    def narrow(self, part: _Part, u: NDArray[np.int64], weights: list[int]) -> _Part:
        """Return what is left of a part of the plans once those that cannot be better are gone."""
        charge = weights[-1] if self.question.budget is not None else 0
        rho = self._served(u, weights)
        prices = [low + charge * cost for low, cost in zip(rho, self.site_costs, strict=True)]
        enough = sum(weight * cap for weight, cap in zip(weights, self.ceilings, strict=False))
        enough += charge * (self.question.spendable or 0)
        chosen = self._choose(part, prices)
        if chosen is None:
            return part._replace(alive=False)
        least = sum(map(int, u)) + sum(prices[j] for j in part.opened) + sum(prices[j] for j in chosen)
        if least > enough:
            return part._replace(alive=False)
        settled = list(self._settled(part, prices, chosen, enough - least))
        opened = part.opened.union(j for j, open_it in settled if open_it)
        closed = part.closed.union(j for j, open_it in settled if not open_it)
        return self.spread(part._replace(opened=opened, closed=closed))

    def _choose(self, part: _Part, prices: list[int]) -> set[int] | None:
        """Return the cheapest free sites to add, ``None`` if none fit: what townships lack, then the cheapest."""
        there = self._counts(part.opened)
        free = sorted((prices[j], j) for j in range(len(prices)) if j not in part.opened and j not in part.closed)
        chosen: set[int] = set()
        for _, j in free:
            if there[self.of[j]] < part.least[self.of[j]]:
                chosen.add(j)
                there[self.of[j]] += 1
        for price, j in free:
            if self.question.sites is None and price >= 0:
                break
            if len(part.opened) + len(chosen) == self.question.sites:
                break
            if j not in chosen and there[self.of[j]] < part.most[self.of[j]]:
                chosen.add(j)
                there[self.of[j]] += 1
        within = all(low <= k <= high for k, low, high in zip(there, part.least, part.most, strict=True))
        right = self.question.sites in (None, len(part.opened) + len(chosen))
        return chosen if within and right else None

    def _counts(self, sites: frozenset[int] | set[int]) -> list[int]:
        there = [0] * len(self.start.least)
        for j in sites:
            there[self.of[j]] += 1
        return there

    def _settled(self, part: _Part, prices: list[int], chosen: set[int], slack: int) -> Iterator[tuple[int, bool]]:
        """Yield the free sites that a better plan must open (True) or cannot open (False)."""
        there = self._counts(part.opened | chosen)
        free = [j for j in range(len(prices)) if j not in part.opened and j not in part.closed]
        dearest: dict[int, int] = {}
        cheapest: dict[int, int] = {}
        for j in free:
            t = self.of[j]
            if j in chosen:
                dearest[t] = max(prices[j], dearest.get(t, prices[j]))
            else:
                cheapest[t] = min(prices[j], cheapest.get(t, prices[j]))
        # With any number of sites, "no site" is one more choice, at price 0.
        none = [0] if self.question.sites is None else []
        leaving = max([*none, *(v for t, v in dearest.items() if there[t] > part.least[t])], default=None)
        entering = min([*none, *(v for t, v in cheapest.items() if there[t] < part.most[t])], default=None)
        for j in free:
            t = self.of[j]
            if j in chosen:
                ways = [cheapest.get(t), entering if there[t] > part.least[t] else None]
                least = min((v for v in ways if v is not None), default=None)
                if least is None or least - prices[j] > slack:
                    yield j, True
            else:
                ways = [dearest.get(t), leaving if there[t] < part.most[t] else None]
                most = max((v for v in ways if v is not None), default=None)
                if most is None or prices[j] - most > slack:
                    yield j, False

    def _served(self, u: NDArray[np.int64], weights: list[int]) -> list[int]:
        """Return Σ_i min(0, l_T(i) c_ij − u_i) over the allowed pairs, for every site."""
        exact: Any = np.int64 if self.dearest * max(weights[:-1], default=0) < 2**62 > sum(map(int, u)) else object
        pay, factor = u.astype(exact), np.array(weights[:-1], exact)[self.question.groups]
        # l c < u where c < ⌈u / l⌉; where l = 0 < u, at every allowed site.
        beyond = self.dearest + 1
        least = np.where(factor > 0, np.minimum(-(-pay // np.maximum(factor, 1)), beyond), beyond * (pay > 0))
        who, site = np.nonzero(self.costs < least[:, None])
        total = np.zeros(self.costs.shape[1], exact)
        np.add.at(total, site, factor[who] * self.costs[who, site].astype(exact) - pay[who])
        return [int(value) for value in total]
