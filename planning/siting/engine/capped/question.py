"""Sites under several cutoffs at once, as the search reads it: whose costs count how, and what may be spent.

A plan opens sites O within the rules, every demand point i pays the least cost c_ij of an opened site,
and the demand of group T pays S_T together. The value of a plan is the dearest group,

    z = max_T ⌈per · S_T / share_T⌉,   and the yuan of the opened sites stay within a budget: Σ_{j∈O} a_j ≤ A.

One group with share 1 is a p-median; townships as groups, their people as shares, give means. Where sites are
charged, the yuan of the opened ones are part of the value: z = S + Σ_{j∈O} a_j, of one group with share 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from planning.siting.problem import SitingProblem
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

    @classmethod
    def of_all(
        cls,
        problem: SitingProblem,
        costs: NDArray[np.int64],
        *,
        sites: int | None = None,
        budget_yuan: int | None = None,
        charged: bool = False,
    ) -> CappedQuestion:
        """Return the question of one group; closing a site counts as a saving of leaving it open.

        So Σ a_j y_j ≤ budget − (closing all that stands).
        """
        stands = problem.rules.stands
        rest = int(problem.closing_costs[stands].sum())
        return cls(
            costs=costs,
            groups=np.zeros(len(costs), np.int64),
            shares=np.ones(1, np.int64),
            per=1,
            rules=problem.rules,
            sites=sites,
            site_costs=np.where(stands, -problem.closing_costs, problem.opening_costs),
            budget=None if budget_yuan is None else budget_yuan - rest,
            charged=charged,
        )

    def group_cutoffs(self, bound: int) -> list[int]:
        """Return what each group pays at most in a plan better than `bound`."""
        return [(bound - 1) * int(share) // self.per for share in self.shares]

    @cached_property
    def spendable(self) -> int | None:
        """Most yuan that some set of sites costs within the budget, or a little more; ``None`` for no limit.

        Where sites cost one or two prices every sum is looked at; otherwise sums are multiples of their greatest
        common divisor.
        """
        if self.budget is None:
            return None
        prices, counts = np.unique(self.site_costs[self.site_costs != 0], return_counts=True)
        if len(prices) > 2:
            unit = int(np.gcd.reduce(prices))
            return self.budget // unit * unit
        sums = np.zeros(1, np.int64)
        for price, count in zip(prices, counts, strict=True):
            sums = np.add.outer(sums, price * np.arange(count + 1)).ravel()
        return int(sums[sums <= self.budget].max(initial=min(self.budget, int(sums.min()))))

    @property
    def worst(self) -> int:
        """No plan is worse than this: everybody pays the dearest allowed site, and whatever is charged is opened."""
        charged = int(self.charges.clip(min=0).sum())
        return self._dearest(self.costs.max(axis=1, initial=0).clip(min=0)) + charged

    @cached_property
    def charges(self) -> NDArray[np.int64]:
        """(m,) what opening each site adds to the value."""
        return self.site_costs if self.charged else np.zeros_like(self.site_costs)

    def value(self, opened: NDArray[np.int64]) -> int | None:
        """Return the exact value of a set of sites, ``None`` if somebody has no allowed site."""
        if len(self.costs) == 0:
            return 0
        if len(opened) == 0:
            return None
        paid = self.costs[:, opened]
        least = np.where(paid < 0, np.iinfo(np.int64).max, paid).min(axis=1)
        unserved = (least == np.iinfo(np.int64).max).any()
        return None if unserved else self._dearest(least) + int(self.charges[opened].sum())

    def fits(self, opened: NDArray[np.int64]) -> bool:
        """Whether a set of sites has the right size, breaks no rule and stays within the budget."""
        affordable = self.budget is None or int(self.site_costs[opened].sum()) <= self.budget
        return affordable and self.sites in (None, len(opened)) and not self.rules.broken_by(opened)

    def _dearest(self, paid: NDArray[np.int64]) -> int:
        sums = np.zeros(len(self.shares), np.int64)
        np.add.at(sums, self.groups, paid)
        return max(
            (-(-self.per * int(total) // int(share)) for total, share in zip(sums, self.shares, strict=True)), default=0
        )
