"""The arithmetic of one node: from multipliers in floats to a bound in whole numbers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.capped.dual import DualState, Instance
from planning.siting.engine.capped.lists import chart, price_whole
from planning.siting.engine.capped.question import CappedQuestion
from planning.siting.engine.domain import begin
from planning.siting.engine.sites.selection import Quota, choose_cheapest, fix_sites

LARGEST = 2**57
"""Whole sums stay below 2⁶⁰, well within int64."""

State = NDArray[np.int8]


class Part(NamedTuple):
    """A part of the plans: sites opened (1), closed (−1) or free (0), and how many sites in each area."""

    state: State
    least: NDArray[np.int64]
    most: NDArray[np.int64]


class Row(NamedTuple):
    """Whole multipliers: u (n,), then l of each group and μ (g + 1,)."""

    multipliers: NDArray[np.int64]
    weights: NDArray[np.int64]


class NodeArithmetic:
    """A question, ready for many nodes.

    Parameters
    ----------
    question
    step_sizes : (n,) int64
        People at each demand point, at least 1.
    zones : (m,) int64
        Neighbourhood of each site, to branch on.
    """

    def __init__(self, question: CappedQuestion, step_sizes: NDArray[np.int64], zones: NDArray[np.int64]) -> None:
        self.question = question
        rules, m = question.rules, question.costs.shape[1]
        limited = len(rules.townships)
        self.areas = np.where(rules.township < 0, limited + zones, rules.township)
        # A site outside every township with limits has an area of its own kind; where there is none, nor is that area.
        more = max(limited, int(self.areas.max()) + 1) - limited
        self._least = np.append(rules.least, np.zeros(more, np.int64))
        self._most = np.append(rules.most, np.full(more, m))
        self._step_sizes = step_sizes
        part = step_sizes / question.shares[question.groups]
        self._heft = float(np.bincount(question.groups, part, minlength=1).max()) if len(step_sizes) else 1.0
        times = np.where(question.costs < 0, np.inf, question.costs / np.maximum(step_sizes, 1)[:, None])
        times = np.ascontiguousarray(times.T)
        order, ranked = chart(times)
        self._yuan = float(max(1, abs(question.spendable or 0), int(np.abs(question.site_costs).max(initial=0))))
        self._sites = -1 if question.sites is None else question.sites
        self.instance = Instance(
            times,
            order,
            ranked,
            part / self._heft,
            question.groups,
            question.charges / self._heft,
            question.site_costs / self._yuan,
            np.inf if question.spendable is None else question.spendable / self._yuan,
            self._sites,
            Quota(self.areas, self._least, self._most),
        )
        self._dearest = float(np.where(np.isinf(times), 0.0, times).max(initial=0.0))
        near = np.zeros((0, 2), np.int64) if not len(rules.apart) else rules.apart
        self._near = np.concatenate([near, near[:, ::-1]])

    def aim(self, upper: int) -> float:
        """Return the bound in the unit of the climb above which no plan beats `upper`."""
        return (upper - 1) / self.question.per / self._heft * (1 + 1e-9)

    def first(self) -> DualState:
        """Return multipliers to begin with: τ_i a site so near that about one in p is as near."""
        m = self.question.costs.shape[1]
        groups = len(self.question.shares)
        sites = self.question.sites or max(1, m // 10)
        rank = min(m, -(-m // sites)) - 1
        radius = np.where(np.isinf(self.instance.ranked[:, rank]), self._dearest + 1.0, self.instance.ranked[:, rank])
        return DualState(np.ascontiguousarray(radius), np.full(groups, 1.0 / max(1, groups)), 0.0, 1.0)

    def start(self) -> Part:
        """Return all plans within the rules."""
        return Part(begin(self.question.rules), self._least, self._most)

    def whole(self, dual: DualState) -> Row:
        """Round multipliers to whole numbers, as fine as int64 allows."""
        question, instance = self.question, self.instance
        lean = dual.weights / question.shares
        held = float((dual.weights[question.groups] * instance.share) @ dual.radius) * self._heft
        spent = (
            dual.charge
            * self._heft
            * (float(np.abs(instance.site_costs).sum()) + abs(question.spendable or 0) / self._yuan)
        )
        size = max(1.0, question.worst / question.per, held, spent)
        fine = 2.0 ** np.floor(np.log2(LARGEST / size))
        weights = np.rint(lean * fine).astype(np.int64)
        charge = round(dual.charge * self._heft / self._yuan * fine)
        factor = weights[question.groups] if len(self._step_sizes) else np.zeros(0, np.int64)
        multipliers = np.rint(factor * self._step_sizes.astype(np.float64) * dual.radius).astype(np.int64)
        return Row(multipliers, np.append(weights, charge))

    def bound(self, part: Part, row: Row) -> int | None:
        """Return the value that no plan of this part beats, ``None`` if it holds no plan."""
        least = self._least_side(part, row)[0]
        return None if least is None else self._bound_of(least, row)

    def fix(self, part: Part, row: Row, upper: int) -> tuple[int, Part | None]:
        """Return the bound of a part and what is left of it below `upper`, ``None`` if nothing is."""
        least, prices, chosen = self._least_side(part, row)
        if least is None or prices is None or chosen is None:
            return upper, None
        slack = self._cutoff(row, upper) - least
        if slack < 0:
            return upper, None
        room = slack + int(prices[chosen].sum())
        after = fix_sites(prices, part.state, self._sites, self._quota(part), room)[1]
        return self._bound_of(least, row), self.spread(part._replace(state=after))

    def spread(self, part: Part) -> Part | None:
        """Close what lies too near or is too dear, open what is too dear to close; ``None`` if that clashes."""
        budget, costs, state = self.question.spendable, self.question.site_costs, part.state
        while True:
            after = state.copy()
            after[self._near[state[self._near[:, 0]] == 1, 1]] = -1
            if budget is not None:
                free = state == 0
                room = budget - int(costs[state == 1].sum()) - int(np.minimum(costs[free], 0).sum())
                if room < 0:
                    return None
                after[free & (costs > room)] = -1
                dear = free & (-costs > room)
                if (after[dear] == -1).any():
                    return None
                after[dear] = 1
            if (after[state == 1] != 1).any():
                return None
            if (after == state).all():
                return part._replace(state=after)
            state = after

    def decided(self, opened: NDArray[np.int64], upper: int) -> Row:
        """Return multipliers that prove what a plan costs when nothing is left to decide."""
        question, n = self.question, len(self._step_sizes)
        weights = np.zeros(len(question.shares) + 1, np.int64)
        multipliers = np.zeros(n, np.int64)
        if n == 0:
            return Row(multipliers, weights)
        paid = np.full(n, -1, np.int64)
        if len(opened):
            costs = question.costs[:, opened]
            least = np.where(costs < 0, np.iinfo(np.int64).max, costs).min(axis=1)
            paid = np.where(least == np.iinfo(np.int64).max, -1, least)
        sums = np.bincount(question.groups, paid.clip(min=0), minlength=len(question.shares))
        unserved = np.flatnonzero(paid < 0)
        dearest = int(question.groups[unserved[0]]) if len(unserved) else int(np.argmax(sums / question.shares))
        weights[dearest] = 1
        multipliers = np.where(question.groups == dearest, paid.clip(min=0), 0)
        if len(unserved):
            saved = int(question.charges.clip(max=0).sum())
            multipliers[unserved[0]] = question.group_cutoffs(upper)[dearest] + 1 - saved
        return Row(multipliers, weights)

    def apart(self, site: int, sites: NDArray[np.int64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """(k,) by how much the travel times to `sites` differ from those to `site`, as the groups weigh now."""
        times, one = (np.minimum(self.instance.times[part], self._dearest) for part in (sites, site))
        return np.asarray(np.abs(times - one) @ (self.instance.share * weights[self.question.groups]))

    def savings(self, sites: NDArray[np.int64], dual: DualState) -> NDArray[np.float64]:
        """(k,) what each site saves against the multipliers, the budget aside."""
        excess = np.maximum(dual.radius - self.instance.times[sites], 0.0)
        return np.asarray(excess @ (self.instance.share * dual.weights[self.question.groups]))

    def suggest(self, primal: NDArray[np.float64], part: Part) -> NDArray[np.int64]:
        """Return the sites that the climb opened most."""
        chosen = np.zeros(len(primal), np.bool_)
        choose_cheapest(0.5 - primal, part.state, self._sites, self._quota(part), chosen)
        return np.flatnonzero(chosen)

    def _quota(self, part: Part) -> Quota:
        return Quota(self.areas, part.least, part.most)

    def _cutoff(self, row: Row, bound: int) -> int:
        caps = sum(int(w) * cap for w, cap in zip(row.weights, self.question.group_cutoffs(bound), strict=False))
        return caps + int(row.weights[-1]) * (self.question.spendable or 0)

    def _bound_of(self, least: int, row: Row) -> int:
        """Return the largest bound whose cutoffs the left side exceeds: by a line, and then by what rounding adds."""
        question, money = self.question, int(row.weights[-1]) * (self.question.spendable or 0)
        pairs = list(zip(row.weights.tolist(), question.shares.tolist(), strict=False))
        slope, top = sum(w * share for w, share in pairs), question.worst + 1
        if slope == 0:
            return top if least > money else 0
        low: int = min(top, max(0, (least - money) * question.per // slope))
        high = min(top, low + question.per * sum(w for w, _ in pairs) // slope + 2)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if least > self._cutoff(row, middle) else (low, middle - 1)
        return low

    def _least_side(
        self, part: Part, row: Row
    ) -> tuple[int | None, NDArray[np.int64] | None, NDArray[np.bool_] | None]:
        """Return the least left side of the cutoff inequality, the prices and the sites chosen."""
        question = self.question
        factor = row.weights[question.groups] if len(self._step_sizes) else np.zeros(0, np.int64)
        prices = price_whole(question.costs, self.instance.order, factor, row.multipliers)
        if question.charged:
            prices += row.weights[0] * question.site_costs
        if question.budget is not None:
            prices += row.weights[-1] * question.site_costs
        chosen = np.zeros(len(prices), np.bool_)
        if not choose_cheapest(prices, part.state, self._sites, self._quota(part), chosen):
            return None, None, None
        return int(row.multipliers.sum()) + int(prices[chosen].sum()), prices, chosen
