"""Good plans with loads that the money allows, found without a program of all pairs; nothing is proven by them.

Where there is no budget, what a plan costs in yuan is added to what it costs the objective.

With a number of sites given, the search for sites of limited capacity knows no money, but it comes by many plans;
those that cost too much are squeezed: less room beyond what is included leaves less to extend. Then single sites
are exchanged, added and left out.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from planning.siting.capacity import Capacity
from planning.siting.engine.capacity.assignment import AssignmentSearch
from planning.siting.engine.capacity.case import CapacityCase
from planning.siting.engine.capacity.coverage import covering_case
from planning.siting.engine.capacity.parts import Best, Decided, Plan
from planning.siting.engine.capacity.search import CapacitySearch
from planning.siting.engine.capacity.sites import DecidedSites
from planning.siting.engine.linear.compact import CompactQuestion
from planning.siting.limits import Limits
from planning.siting.rules import Rules
from planning.siting.spending import spent_yuan

Ints = NDArray[np.int64]

SQUEEZES = 5
"""Halvings of the room beyond what is included, until the money is enough."""
MANY = 8
"""Of more numbers of sites, the largest that can be paid for is looked for by halving, and so many above it."""
SHORT_S, LONGER = 1.0, 5
"""Seconds of a search that only halves the numbers, and how many times as long one may take whose plan counts."""
LOOKS = 150
"""So long a search with less room may take, in looks at the limits."""
TRIES, ROUNDS = 60, 12
"""Exchanges tried in a round, the most promising first, and rounds."""


class AffordablePlans:
    """The best plan so far, within a budget or with its yuan counted.

    Parameters
    ----------
    asked
        Its problem has capacities.
    capacity
    costs : (n, m) int64
        What sending a demand point to a site costs the objective, small is good.
    left_out : (n,) int64 or None
        What serving nobody there costs; ``None`` where everyone is served.
    budget
        Yuan; ``None`` where they are part of the objective.
    limits
    """

    def __init__(
        self,
        asked: CompactQuestion,
        capacity: Capacity,
        costs: Ints,
        left_out: Ints | None,
        *,
        budget: int | None,
        limits: Limits,
    ) -> None:
        self._asked, self._capacity, self._problem = asked, capacity, asked.problem
        self._budget, self._limits, self._left_out = budget, limits, left_out
        self._who = np.flatnonzero(self._problem.inhabited)
        may = asked.pairs(frozenset(asked.parts()))
        self._costs = np.where(may, costs, -1)
        self.plan: tuple[Ints, Ints] | None = None
        """Sites (k,) and allocation (n,)."""
        self.cost = -1

    def search(self, numbers: list[int], *, more_is_better: bool) -> None:
        """Search for the best sites at each number of them, the largest first.

        Parameters
        ----------
        numbers
            Descending.
        more_is_better
            Whether one more site never hurts, the money aside: then no number below one that can be paid for is asked.
        """
        if more_is_better and len(numbers) > MANY:
            # True is "can be paid for", as far as a short search can tell.
            fitting = bisect_left(numbers, True, key=lambda number: self._ask(number, self._shortly())[0])
            numbers = numbers[max(0, fitting - MANY) : fitting + 1]
        dear: list[int] = []
        for number in numbers:
            if self._limits.reached():
                break
            fits, certain = self._ask(number, self._shortly(LONGER))
            if fits and certain and more_is_better:
                break
            dear += [] if fits else [number]
        for number in reversed(dear):
            self._squeeze_number(number)

    def _ask(self, number: int, limits: Limits) -> tuple[bool, bool]:
        """Search with so many sites; whether the best plan found (if any) can be paid for, and if for sure."""
        search = CapacitySearch(self._case(number), limits, below=self._below, on_plan=self._on_plan)
        search.run()
        return self._fits(search.best.plan), search.best.proven

    def _shortly(self, times: int = 1) -> Limits:
        """Return limits for one search of several."""
        share = self._limits.remaining_s / (4 if times == 1 else 2)
        return Limits(self._limits.stop, time_limit_s=min(SHORT_S * times, share))

    def try_sites(self, opened: Ints) -> bool:
        """Send everyone to these sites as well as the money allows; whether that is the best plan so far."""
        before = self.cost
        if not self._can_pay_for(opened) or self._problem.rules.broken_by(opened):
            return False
        room, base = self._capacity.capacities[opened], self._capacity.included[opened]
        beyond = np.where(self._capacity.extension_costs[opened] > 0, (room - base).clip(min=0), 0)
        plan = self._divide(opened, room)
        if plan is not None and not self._can_pay_for(*plan) and beyond.any():
            self._squeeze_sites(opened, room, beyond)
        return self.cost != before

    def exchange(self) -> None:
        """Exchange, add and leave out single sites while that helps."""
        for _ in range(ROUNDS):
            if self.plan is None or not any(self.try_sites(sites) for sites in self._neighbours(self.plan[0])):
                return

    @property
    def _below(self) -> int | None:
        return None if self.plan is None else self.cost

    def _case(self, number: int, room: Ints | None = None) -> CapacityCase:
        capacity, who = self._capacity, self._who
        total = int(capacity.loads[who].sum())
        if self._left_out is not None:
            return covering_case(self._problem, self._costs, self._left_out, number, room=room)
        return CapacityCase(
            self._costs[who],
            capacity.loads[who],
            np.minimum(capacity.capacities if room is None else room, total),
            np.minimum(capacity.minimum_loads, total + 1),
            self._problem.rules,
            sites=number,
            whole=True,
        )

    def _squeeze_number(self, number: int) -> None:
        """Search with less room beyond what is included, so that less is extended."""
        capacity = self._capacity
        beyond = np.where(capacity.extension_costs > 0, (capacity.capacities - capacity.included).clip(min=0), 0)
        low, high = 0.0, 1.0
        for _ in range(SQUEEZES if beyond.any() else 0):
            if self._limits.reached():
                return
            middle = (low + high) / 2
            room = capacity.capacities - beyond + np.floor(beyond * middle).astype(np.int64)
            search = CapacitySearch(
                self._case(number, room), self._shortly().spell(LOOKS), below=self._below, on_plan=self._on_plan
            )
            search.run()
            if self._fits(search.best.plan):
                low = middle
            else:
                high = middle

    def _on_plan(self, plan: Plan) -> None:
        if self.plan is None or plan.cost < self.cost:
            self._keep(plan.cost, *self._who_goes_where(plan))

    def _keep(self, cost: int, opened: Ints, allocation: Ints) -> None:
        cost += self._charged(opened, allocation)
        if (self.plan is None or cost < self.cost) and self._can_pay_for(opened, allocation):
            self.cost, self.plan = cost, (opened, allocation)

    def _fits(self, plan: Plan | None) -> bool:
        """Whether a plan can be paid for or there is none; the sites of one that is too dear are tried with less."""
        if plan is None:
            return True
        opened, allocation = self._who_goes_where(plan)
        fits = self._can_pay_for(opened, allocation)
        if not fits:
            self.try_sites(opened)
        return fits

    def _can_pay_for(self, opened: Ints, allocation: Ints | None = None) -> bool:
        return self._budget is None or spent_yuan(self._problem, opened, allocation) <= self._budget

    def _charged(self, opened: Ints, allocation: Ints | None = None) -> int:
        """Return the yuan of a plan that are part of the objective."""
        return 0 if self._budget is not None else spent_yuan(self._problem, opened, allocation)

    def _who_goes_where(self, plan: Plan) -> tuple[Ints, Ints]:
        allocation, last = np.full(len(self._costs), -1, np.int64), self._costs.shape[1]
        allocation[self._who] = plan.opened[plan.goes]
        return plan.opened[plan.opened < last], np.where(allocation == last, -1, allocation)

    def _squeeze_sites(self, opened: Ints, room: Ints, beyond: Ints) -> None:
        """Look for the most room (k,) beyond what is included whose extension can be paid for."""
        low, high = 0.0, 1.0
        for _ in range(SQUEEZES):
            if self._limits.reached():
                return
            middle = (low + high) / 2
            plan = self._divide(opened, room - beyond + np.floor(beyond * middle).astype(np.int64))
            if plan is None or self._can_pay_for(*plan):  # with less room no plan is better
                low = middle
            else:
                high = middle

    def _divide(self, opened: Ints, room: Ints) -> tuple[Ints, Ints] | None:
        """Return who goes where among some sites with so much room, ``None`` where nothing better is found at once."""
        capacity, who, columns = self._capacity, self._who, opened
        total = int(capacity.loads[who].sum())
        costs, least = self._costs[who[:, None], opened], capacity.minimum_loads[opened]
        if self._left_out is not None:
            costs, columns = np.column_stack([costs, self._left_out[who]]), np.append(opened, self._costs.shape[1])
            room, least = np.append(room, total), np.append(least, 0)
        count = len(columns)
        case = CapacityCase(
            costs,
            capacity.loads[who],
            np.minimum(room, total),
            least,
            Rules.from_arrays(count),
            sites=count,
            whole=True,
        )
        better = case.dearest + 1 if self.plan is None else self.cost - self._charged(opened)
        best, sites = Best(better, Limits()), DecidedSites(case, np.arange(count))
        pairs = sites.fit(sites.everyone)
        if pairs is None:
            return None
        AssignmentSearch(case, best, self._limits).judge(Decided(sites, pairs, np.zeros(count)))
        if best.plan is None:
            return None
        found = best.plan._replace(opened=columns)
        opened, allocation = self._who_goes_where(found)
        self._keep(found.cost, opened, allocation)
        return opened, allocation

    def _neighbours(self, opened: Ints) -> Iterator[Ints]:
        """Yield sets of sites one exchange away, those first whose people would be nearest if loads did not count."""
        rules = self._problem.rules
        free = np.setdiff1d(np.flatnonzero(~rules.barred), opened)
        pay = self._costs[self._who].astype(np.float64)
        pay[pay < 0] = np.inf if self._left_out is None else self._left_out[self._who].max(initial=0)
        worst = pay[np.isfinite(pay)].max(initial=0.0) + 1.0
        pay[np.isinf(pay)] = worst
        adds = self._asked.yuan()[0] if self._budget is None else np.zeros(len(rules.status), np.int64)
        found: list[tuple[float, Ints]] = []
        leaving: list[int | None] = opened[~rules.kept[opened]].tolist()
        leaving += [None] if self._asked.p is None else []
        for out in leaving:
            rest = opened if out is None else opened[opened != out]
            now = pay[:, rest].min(axis=1, initial=worst)
            base = self._charged(rest)
            worth = np.minimum(now[:, None], pay[:, free]).sum(axis=0) + base + adds[free]
            found += [(float(worth[k]), np.sort(np.append(rest, free[k]))) for k in np.argsort(worth)[:TRIES].tolist()]
            if out is not None and self._asked.p is None and len(rest):
                found.append((float(now.sum()) + base, rest))
        found.sort(key=lambda one: one[0])
        affordable = (sites for _, sites in found if self._can_pay_for(sites))
        for _, sites in zip(range(TRIES), affordable, strict=False):
            if self._limits.reached():
                return
            yield sites
