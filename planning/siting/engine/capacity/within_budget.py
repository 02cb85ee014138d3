"""Sites that cost money and whose loads count: what is opened, closed and extended, and who goes where.

min c·x   subject to the rows of :mod:`planning.siting.engine.linear.compact` with loads,
    Σ_j y_j ≥ 1,   e_j ≥ Σ_i load_i x_ij − included_j y_j,   e_j ≥ 0,
    Σ_{j new} open_j y_j + Σ_{j stands} close_j (1 − y_j) + Σ_j extension_j e_j ≤ budget

or, where the answer names no budget, with these yuan added to c·x (fixed charges: Balinski 1965; sizes at a price:
Holmberg & Ling 1997). HiGHS solves it, on its word, if it is not too large. The same question without loads and
extensions is easier and has a proof: it bounds this one, and where a plan reaches that bound the proof is its.

Plans are looked for first: the best sites of each number that the money may be enough for, see
:mod:`planning.siting.engine.capacity.affordable`. Whether it can be enough at all is told from the loads as if they
stood in one place, see :mod:`planning.siting.engine.capacity.pooled`.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from planning.siting.capacity import Capacity
from planning.siting.engine.allocation import allocate_nearest
from planning.siting.engine.capacity.affordable import AffordablePlans
from planning.siting.engine.capacity.columns import ColumnSearch, SitePlan
from planning.siting.engine.capacity.few_a_site import few_at_a_price
from planning.siting.engine.capacity.first import first_loaded_plan
from planning.siting.engine.capacity.pooled import fill_cheaply, least_yuan_by_number, pool_cheapest
from planning.siting.engine.capacity.restricted import priced_program
from planning.siting.engine.capacity.without_loads import bound_without_loads
from planning.siting.engine.capped.question import CappedQuestion
from planning.siting.engine.conflict.conflict import because_of_rules
from planning.siting.engine.linear.compact import CompactQuestion
from planning.siting.engine.linear.search import solve_question
from planning.siting.engine.solver import describe
from planning.siting.limits import Limits
from planning.siting.problem import SitingProblem
from planning.siting.solution import Reason, Solution
from planning.siting.spending import spent_yuan

FIRST_S = 20.0
"""Seconds at most for the fewest yuan, and for plans that are not proven by it."""
POLISH_S = 4.0
"""Seconds at most for who goes where among the sites of a plan."""
AROUND = 2
"""Where any number of sites can be paid for, those are looked at that differ by so many from the best plan's."""
LARGE = 200_000
"""A program of more pairs is beyond HiGHS: it stays silent for minutes and holds a gigabyte."""


def answer_within_budget(
    answer: Solution,
    problem: SitingProblem,
    capacity: Capacity,
    relaxed: CappedQuestion,
    costs: NDArray[np.int64],
    limits: Limits,
) -> Solution:
    """Return the answer of a model with a budget, or with the yuan in its objective, and capacities.

    Parameters
    ----------
    answer
        Model, options (``budget_yuan`` if there is one, ``p``, ``limit_s``), sense and unit; still without a plan.
    problem, capacity
    relaxed
        The question without loads; its costs count as those of `costs`.
    costs : (n, m) int64
        What sending each demand point to each site adds to the objective, if it may be sent there.
    limits
    """
    run = _Run(answer, problem, capacity, costs)
    pooled = run.pool(limits)
    if isinstance(pooled, Solution):
        return pooled
    certificate, bound, sites = bound_without_loads(
        problem, relaxed, Limits(limits.stop, time_limit_s=limits.remaining_s / 3)
    )
    bound = bound if answer.sense == "min" else int(problem.weights.sum()) - bound
    if sites is not None:
        run.offer_nearest(sites)
    if run.opened is None:
        run.offer_first(limits)
    if run.objective != bound or run.opened is None:
        run.list_columns(limits)
    if not run.done and (run.opened is None or run.objective != bound):
        run.search([one for one in (sites, pooled, run.opened) if one is not None and len(one)], limits)
    if not run.done and (run.opened is None or (run.objective != bound and not run.large)):
        run.solve(limits)
    if run.opened is None:
        return run.refuse(limits) if run.done else answer.unfinished(limits.reason)
    proven, told = run.objective == bound, bound if run.bound is None else run.bound
    return answer.found(
        opened=run.opened,
        allocation=run.allocation,
        objective=run.objective,
        bound=run.objective if run.done or proven else max(bound, told) if answer.sense == "min" else min(bound, told),
        proof="certificate" if proven else "solver" if run.done else None,
        certificate=certificate,
        solver="" if proven or run.bound is None else describe(),
        limit=limits.reason,
    )


class _Run:
    """The best plan so far, its objective, and what HiGHS says."""

    def __init__(self, answer: Solution, problem: SitingProblem, capacity: Capacity, costs: NDArray[np.int64]) -> None:
        options, covering = answer.options, answer.sense == "max"
        limit_s = options["limit_s"] if covering and problem.max_time_s is None else None
        self._answer, self._problem, self._capacity, self._costs = answer, problem, capacity, costs
        self._asked = CompactQuestion(problem, p=options.get("p"), limit_s=limit_s, everyone=not covering)
        self._budget: int | None = options.get("budget_yuan")
        self._sign = -1 if covering else 1
        self.large = int(self._may[problem.inhabited].sum()) > LARGE
        self.opened: NDArray[np.int64] | None = None
        self.allocation = np.full(len(problem.weights), -1, np.int64)
        self.objective, self.done = 0, False
        self.bound: int | None = None

    @property
    def _may(self) -> NDArray[np.bool_]:
        return self._asked.pairs(frozenset(self._asked.parts()))

    def pool(self, limits: Limits) -> Solution | NDArray[np.int64]:
        """Return sites (k,) that take all loads for the fewest yuan, or say how much is missing."""
        if self._budget is None:
            return np.zeros(0, np.int64)
        briefly = Limits(limits.stop, time_limit_s=min(FIRST_S, limits.remaining_s / 4))
        found = pool_cheapest(self._asked, self._capacity, briefly) if self._asked.everyone else None
        if found is None:
            return np.zeros(0, np.int64)
        least, sites = found
        allocation = fill_cheaply(self._asked, self._capacity, sites)
        enough = None if allocation is None else spent_yuan(self._problem, sites, allocation)
        if least <= self._budget:
            if allocation is not None and enough is not None and enough <= self._budget:
                self._update_incumbent(sites, allocation)
            return sites
        if enough != least and not self.large:
            exact = self._least_spent(briefly, only=sites)
            enough = exact if enough is None or (exact is not None and exact < enough) else enough
        if enough == least:
            return self._short_by(least - self._budget)
        if not self.large:
            told = self.refuse(limits)
            if told.status == "infeasible":
                return told
        return self._short_by(least - self._budget, enough=None if enough is None else enough - self._budget)

    def list_columns(self, limits: Limits) -> None:
        """Where sites take few and there is no budget, let HiGHS finish what exact knapsacks leave."""
        if self._budget is not None or not self._asked.everyone:
            return
        asked = few_at_a_price(self._asked, self._capacity, np.where(self._may, self._costs, -1))
        if asked is None:
            return
        who, (_, rest) = self._problem.inhabited, self._asked.yuan()
        plan = None if self.opened is None else SitePlan(self.objective - rest, self.opened, self.allocation[who])
        sets = ColumnSearch(asked, self._problem.rules, limits, plan)
        sets.run()
        if sets.plan is not None:
            allocation = allocate_nearest(self._problem, sets.plan.opened)
            allocation[who] = sets.plan.goes
            self._update_incumbent(sets.plan.opened, allocation)
        self.done = sets.done
        self.bound = sets.bound + rest if sets.by_solver else None

    def search(self, starts: list[NDArray[np.int64]], limits: Limits) -> None:
        """Look for better plans without a program of all pairs; then let HiGHS send people to the sites of the best."""
        share = 0.7 if self.large else 1 / 3  # of a large program nothing is left to do but who goes where
        briefly = Limits(limits.stop, time_limit_s=min(FIRST_S, limits.remaining_s * share))
        covering = self._answer.sense == "max"
        everyone = self._asked.everyone or self._problem.max_time_s is not None
        people = self._problem.weights
        plans = AffordablePlans(
            self._asked,
            self._capacity,
            np.where(self._may, people[:, None] - self._costs if covering else self._costs, -1),
            None if everyone else people,
            budget=self._budget,
            limits=briefly,
        )
        for opened in starts:
            plans.try_sites(opened)
        if self.large or self._budget is not None:  # a small program is told best sites sooner than these searches
            plans.search(self._numbers(), more_is_better=self._more_is_better)
        plans.exchange()
        if plans.plan is not None:
            self._update_incumbent(*plans.plan)
            polish = Limits(limits.stop, time_limit_s=min(POLISH_S, limits.remaining_s / 4))
            self.solve(polish, only=plans.plan[0])

    def _numbers(self) -> list[int]:
        """Return how many sites there may be for the money, descending."""
        least = least_yuan_by_number(self._asked, self._capacity)
        if self._budget is None:
            usual = 0 if self.opened is None else len(self.opened)
            return sorted((number for number in least if abs(number - usual) <= AROUND), reverse=True)
        return sorted((number for number, yuan in least.items() if yuan <= self._budget), reverse=True)

    @property
    def _more_is_better(self) -> bool:
        """Whether one more site never hurts, the money aside."""
        rules = self._problem.rules
        scarce = len(rules.townships) or len(rules.apart) or self._capacity.minimum_loads.any()
        return self._budget is not None and not scarce

    def offer_first(self, limits: Limits) -> None:
        """Take the greedy plan if there is the money for it."""
        must = self._asked.everyone or self._problem.max_time_s is not None
        first = first_loaded_plan(self._asked, self._may, must=must, limits=limits)
        if first is not None and self._can_pay_for(*first):
            self._update_incumbent(*first)

    def offer_nearest(self, opened: NDArray[np.int64]) -> None:
        """Take these sites, everyone at the nearest, if all find room and there is the money for it."""
        capacity, to = self._capacity, allocate_nearest(self._problem, opened)
        to[~(self._asked.served & self._may[np.arange(len(to)), to])] = -1
        if self._asked.everyone and (to[self._asked.served] < 0).any():
            return
        load = np.zeros(len(capacity.capacities), np.int64)
        np.add.at(load, to[to >= 0], capacity.loads[to >= 0])
        fits = (load <= capacity.capacities) & (load >= capacity.minimum_loads)
        if fits[opened].all() and self._can_pay_for(opened, to):
            self._update_incumbent(opened, to)

    def _can_pay_for(self, opened: NDArray[np.int64], allocation: NDArray[np.int64]) -> bool:
        return self._budget is None or spent_yuan(self._problem, opened, allocation) <= self._budget

    def solve(self, limits: Limits, *, only: NDArray[np.int64] | None = None) -> None:
        """Let HiGHS solve the whole program, or what is left of it when `only` some sites (k,) may open."""
        if limits.reached():
            return
        program = priced_program(self._asked, self._capacity, only)
        pairs = self._sign * self._costs[program.rows.points, program.sites[program.rows.sites]]
        paid = program.rows.costing(0, pairs)
        question = program.money.spending(paid, None if self._budget is None else self._budget - program.closing)
        if self._budget is None:
            extended = len(question.cost) - len(paid.cost)
            question = replace(question, cost=question.cost + np.pad(paid.cost, (0, extended)))
        found = solve_question(question, limits.quiet())
        if found.values is not None:
            self._update_incumbent(*program.plan(found.values, len(self._costs)))
        if only is None:
            rest = program.money.rest if self._budget is None else 0
            self.bound = None if found.bound is None else self._sign * found.bound + rest
            self.done = found.done

    def refuse(self, limits: Limits) -> Solution:
        """Say how many yuan are missing, or what else stands against any plan."""
        program = priced_program(self._asked, self._capacity, None)
        if self._budget is not None:
            question = program.money.spending(program.rows.question, None)
            found = solve_question(question, limits.quiet())
            if not found.done:
                return self._answer.unfinished(limits.reason)
            if found.values is not None:
                return self._short_by(program.money.total(question, found.values) - self._budget)
        asked, nothing = self._asked, np.zeros(len(program.rows.whole), np.int64)
        if program.rows.question.allows(nothing):  # only that one site at least is opened stands against it
            return self._answer.because(Reason("rules-contradict", {}), by_solver=True, solver=describe())
        return because_of_rules(
            self._answer,
            self._problem,
            p=asked.p,
            limit_s=asked.limit_s,
            everyone=asked.everyone,
            limits=limits,
        )

    def _short_by(self, short: int, *, enough: int | None = -1) -> Solution:
        """Say that so many yuan are missing: exactly, or at least, and what is enough if that is known."""
        told = Reason("budget-short", {"short": short})
        if enough is None:
            told = Reason("budget-short-least", {"short": short})
        elif enough >= 0:
            told = Reason("budget-short-between", {"short": short, "enough": enough})
        return self._answer.because(told, by_solver=True, solver=describe())

    def _least_spent(self, limits: Limits, *, only: NDArray[np.int64]) -> int | None:
        """Return the fewest yuan of a plan of these sites (k,), ``None`` where none is found."""
        program = priced_program(self._asked, self._capacity, only)
        question = program.money.spending(program.rows.question, None)
        found = solve_question(question, limits.quiet())
        return None if found.values is None else program.money.total(question, found.values) + program.closing

    def _update_incumbent(self, opened: NDArray[np.int64], allocation: NDArray[np.int64]) -> None:
        sent = np.flatnonzero((allocation >= 0) & self._problem.inhabited)
        worth = int(self._costs[sent, allocation[sent]].sum())
        worth += spent_yuan(self._problem, opened, allocation) if self._budget is None else 0
        if self.opened is None or self._sign * worth < self._sign * self.objective:
            self.opened, self.allocation, self.objective = opened, allocation, worth
