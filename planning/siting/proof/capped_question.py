"""Sites under several cutoffs at once, said for the checker: whose costs count how, and what may be spent.

A plan opens sites O within the rules, every demand point i pays the least cost c_ij of an opened site,
and the demand of group T pays S_T together. The value of a plan is the dearest group,

    z = max_T ⌈per · S_T / share_T⌉,   and the yuan of the opened sites stay within a budget: Σ_{j∈O} a_j ≤ A.

One group with share 1 is a p-median; townships as groups, their people as shares, give means. Where sites are
charged, the yuan of the opened ones are part of the value: z = S + Σ_{j∈O} a_j, of one group with share 1.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from planning.siting.rules import Rules


@dataclass(frozen=True, eq=False)
class CappedQuestion:
    """Whose costs count how, and what may be spent.

    Parameters
    ----------
    costs : (n, m) int64
        Cost of serving each demand point from each site; negative where not allowed.
    groups : (n,) int64
        Group of each demand point.
    shares : (g,) int64
        What the cost of each group is divided by, at least 1.
    per
        Figures are counted in units of 1/per.
    rules
        Which sets of sites are allowed.
    sites
        Exact number of sites, ``None`` for any number.
    site_costs : (m,) int64
        Yuan of opening each site; negative where leaving it closed is what costs.
    budget
        Most that the opened sites may cost together, ``None`` for no limit.
    charged
        Whether the yuan of the opened sites are part of the value; only without a budget, in one group with share 1
        counted in whole units.
    """

    costs: NDArray[np.int64]
    groups: NDArray[np.int64]
    shares: NDArray[np.int64]
    per: int
    rules: Rules
    sites: int | None
    site_costs: NDArray[np.int64]
    budget: int | None
    charged: bool = False

    def group_cutoffs(self, bound: int) -> list[int]:
        """Return what each group pays at most in a plan of value below `bound`: ⌈per · S / share⌉ ≤ bound − 1."""
        return [(bound - 1) * share // self.per for share in self.shares.tolist()]

    @cached_property
    def spendable(self) -> int | None:
        """A sum within the budget that no set of sites within it exceeds; ``None`` for no limit.

        Exactly the largest sum where sites cost one or two prices: for each number of sites at the one price, as many
        at the other as the rest pays for. Otherwise the multiple of their greatest common divisor.
        """
        if self.budget is None:
            return None
        prices = sorted(Counter(price for price in self.site_costs.tolist() if price).items())
        if len(prices) > 2:
            unit = math.gcd(*(price for price, _ in prices))
            return self.budget - self.budget % unit
        (first, many), (second, others) = [*prices, (0, 0), (0, 0)][:2]
        sums = (first * k + second * _as_many(second, others, self.budget - first * k) for k in range(many + 1))
        return max((total for total in sums if total <= self.budget), default=self.budget)

    @property
    def worst(self) -> int:
        """No plan is worse than this: everybody pays the dearest allowed site, and whatever is charged is opened."""
        paid = [0] * len(self.shares)
        for group, dearest in zip(self.groups.tolist(), self.costs.max(axis=1, initial=0).tolist(), strict=True):
            paid[group] += dearest
        figures = zip(paid, self.shares.tolist(), strict=True)
        charged = sum(yuan for yuan in self.site_costs.tolist() if yuan > 0) if self.charged else 0
        return max((-(-self.per * total // share) for total, share in figures), default=0) + charged


def _as_many(price: int, count: int, left: int) -> int:
    """Return how many sites at a price bring their sum nearest to what is left, from below if that can be."""
    if price > 0:
        return max(0, min(count, left // price))
    return max(0, min(count, -(left // -price))) if price < 0 else 0
