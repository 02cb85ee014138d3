"""Questions of the models as those of sites that take few: what HiGHS finishes over their columns, on its word."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planning.siting.capacity import Capacity
from planning.siting.engine.capacity.case import CapacityCase
from planning.siting.engine.capacity.columns import ColumnSearch, SitePlan, takes_few
from planning.siting.engine.capacity.parts import Best, Plan
from planning.siting.engine.capacity.small_sites import SmallSites
from planning.siting.engine.domain import begin
from planning.siting.engine.linear.compact import CompactQuestion
from planning.siting.engine.sites.selection import Quota
from planning.siting.limits import Limits


def few_of_case(case: CapacityCase) -> SmallSites | None:
    """Return a capacitated p-median whose sites take few; ``None`` where they take many or loads may be divided."""
    state, nothing = case.begin(), np.zeros(len(case.room), np.int64)
    if state is None or not case.whole:
        return None
    asked = SmallSites(
        case.costs, case.loads, case.least, case.room, nothing, case.room, nothing, state, case.sites, case.quota
    )
    return asked if takes_few(asked) else None


def close_case(asked: SmallSites, case: CapacityCase, best: Best, limits: Limits) -> int:
    """Improve the best plan of a case, and return what no plan costs less than, on the word of HiGHS.

    Of columns alone: what is left to pairs the tree ends sooner.
    """
    known = None if best.plan is None else SitePlan(best.value, best.plan.opened, best.plan.opened[best.plan.goes])
    sets = ColumnSearch(asked, case.rules, limits, known, pairs_too=False)
    sets.run()
    if sets.plan is not None:
        opened = np.sort(sets.plan.opened)
        best.update_incumbent(Plan(sets.plan.cost, opened, np.searchsorted(opened, sets.plan.goes)))
    return max(best.bound, sets.bound)


def few_at_a_price(asked: CompactQuestion, capacity: Capacity, costs: NDArray[np.int64]) -> SmallSites | None:
    """Return a question whose sites cost yuan and take few; ``None`` where they take many.

    Parameters
    ----------
    asked
        Everyone who lives somewhere is served.
    capacity
    costs : (n, m) int64
        Negative where not allowed.
    """
    who, rules = asked.problem.inhabited, asked.problem.rules
    if not who.any():
        return None
    total, (yuan, _) = int(capacity.loads[who].sum()), asked.yuan()
    few = SmallSites(
        costs[who],
        capacity.loads[who],
        np.minimum(capacity.minimum_loads, total + 1),
        np.minimum(capacity.capacities, total),
        yuan,
        capacity.included,
        capacity.extension_costs,
        begin(rules),
        -1 if asked.p is None else asked.p,
        Quota.of(rules),
    )
    return few if takes_few(few) else None
