"""Plans that come to mind for a question, whichever the model; whether they are any is for the statement to say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from gis.cost_matrix import UNREACHABLE
from planning.siting.problem import SitingProblem
from planning.siting.proof.look.choice import (
    Bounds,
    CountsPay,
    Worth,
    choose,
    cover_all,
    exchange,
)
from planning.siting.proof.look.sending import ROUNDS, send
from planning.siting.proof.look.sought import pay_uncovered_places
from planning.siting.proof.statement import Statement, added_yuan, closing_yuan
from planning.siting.rules import STATUSES, Rules
from planning.siting.solution import Solution, Tier

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

CELLS = 4_000_000
"""Of a larger matrix only some candidates are looked at: five counties of 857 by 865, 32 MB of floats each."""
WORK = 60_000_000
"""Cells looked at for each set of sites: some tenths of a second."""
FEW = 500
"""So few sets of sites are all looked at: some tenths of a second, in which small false claims are all refuted."""


class Look:
    """A question, and the plans that come to mind."""

    def __init__(self, problem: SitingProblem, solution: Solution, statement: Statement) -> None:
        self.problem, self.solution, options = problem, solution, solution.options
        self.statement, sought = statement, statement.sought
        n, m = problem.values.shape
        self.longest = sought.longest(problem, solution)
        self.within = min(options.get("limit_s", self.longest), UNREACHABLE - 1)
        self.everyone = (
            not statement.counts_people or problem.max_time_s is not None or bool(options.get("require_first"))
        )
        self.counted = sought.counted(problem)
        self.pool = self._some(CELLS // max(1, n)) if n * m > CELLS else np.arange(m)
        self.seconds = problem.values[np.ix_(np.flatnonzero(self.counted), self.pool)]
        self.people = problem.weights[self.counted].astype(np.float64)
        self.yuan = added_yuan(problem)[self.pool]

    def plans(self) -> Iterator[Solution]:
        """Yield plans."""
        size = self.seconds.size
        for bounds in self._bounds():
            worths = self._worths()
            for worth in worths:
                for start in (choose(worth, bounds, size), self._claimed(bounds)):
                    if start is not None and len(start):
                        # What is chosen by one measure is improved by the last one, which is the model's own.
                        opened = exchange(worths[-1], bounds, start, size)
                        yield from self._plans_of(self.pool[opened])
                        if isinstance(worth, CountsPay) and bounds.count is not None:
                            yield from self._plans_of(self.pool[cover_all(worth.near, bounds, opened)])
            for opened in self._every(bounds):
                yield from self._plans_of(self.pool[opened])

    def tiers(self, upper: SitingProblem) -> Iterator[Solution]:
        """Yield plans of two tiers: rooms first and centres among them, and the other way round."""
        options, (bounds, *_) = self.solution.options, self._bounds()
        above = Look(upper, self.solution, self.statement)
        above.pool, above.seconds = self.pool, upper.values[np.ix_(np.flatnonzero(above.counted), self.pool)]
        size = above.seconds.size
        (lower_pays, *_), (upper_pays, *_) = self._worths(), above._worths()
        centres = replace(bounds, rules=_restrict(upper.rules, self.pool), count=options["upper_p"], money=None)

        def among(chosen: Ints) -> Bounds:
            return replace(
                centres, rules=_with(centres.rules, np.setdiff1d(np.arange(len(self.pool)), chosen), "excluded")
            )

        rooms = choose(lower_pays, bounds, self.seconds.size)
        if rooms is not None:
            found = choose(upper_pays, among(rooms), size)
            if found is not None:
                yield self._two(upper, rooms, found)
        barred = np.flatnonzero(bounds.rules.barred)
        first = choose(upper_pays, among(np.setdiff1d(np.arange(len(self.pool)), barred)), size)
        if first is not None:
            rooms = choose(lower_pays, replace(bounds, rules=_with(bounds.rules, first, "required")), self.seconds.size)
            if rooms is not None:
                yield self._two(upper, rooms, first)

    def _two(self, upper: SitingProblem, rooms: Ints, centres: Ints) -> Solution:
        plan = _at_nearest(self.problem, self.solution, self.pool[rooms])
        return replace(plan, second=Tier(self.pool[centres], _nearest(upper, self.pool[centres])))

    def _every(self, bounds: Bounds) -> Iterator[Ints]:
        """Yield every set of sites within the bounds, if there are only few."""
        m = len(self.pool)
        sizes = range(1, m + 1) if bounds.count is None else [bounds.count]
        if sum(comb(m, size) for size in sizes) <= FEW:
            for opened in (np.array(chosen, np.int64) for size in sizes for chosen in combinations(range(m), size)):
                if bounds.allows(opened):
                    yield opened

    def _some(self, count: int) -> Ints:
        """Return so many candidates, those of the claim and those that have to be opened among them."""
        m, known = self.problem.values.shape[1], np.flatnonzero(self.problem.rules.kept)
        even = np.linspace(0, m - 1, max(1, count)).astype(np.int64)
        return np.unique(np.concatenate([known, self.solution.opened, even]))

    def _claimed(self, bounds: Bounds) -> Ints | None:
        opened = np.flatnonzero(np.isin(self.pool, self.solution.opened))
        return opened if bounds.allows(opened) else None

    def _bounds(self) -> list[Bounds]:
        """Return which sites may be chosen; where room is scarce, once more of the roomiest."""
        problem, options, money = self.problem, self.solution.options, None
        if "budget_yuan" in options:
            money = options["budget_yuan"] - closing_yuan(problem)
        rules = _restrict(problem.rules, self.pool)
        count, *fewer = self.statement.sought.counts(self.solution)
        usual = Bounds(rules, count, self.yuan, money, WORK)
        if problem.capacity is None or fewer:
            return [usual, *(replace(usual, count=k) for k in fewer)]
        room = problem.capacity.capacities[self.pool]
        if count is None:
            room = np.sort(np.where(np.isin(rules.status, _words("excluded", "closed")), 0, room))[::-1]
            needed = 1 + int(np.searchsorted(np.cumsum(room), problem.capacity.loads.sum()))
            counts = sorted({min(len(room), max(1, int(needed * times))) for times in (1.0, 1.3, 1.7)})
            return [usual, *(replace(usual, count=k) for k in counts)]
        small = np.flatnonzero((room * count < problem.capacity.loads.sum()) & (rules.status != _words("existing")[0]))
        small = small[rules.status[small] != _words("required")[0]]
        return [usual, replace(usual, rules=_with(rules, small, "excluded"))] if len(small) else [usual]

    def _worths(self) -> list[Worth]:
        """Return what sets of sites cost, as far as it can be told without loads."""
        worths = self.statement.sought.worths(self)
        covers = self.statement.counts_people or isinstance(worths[0], CountsPay)
        return worths if covers or self.solution.status != "infeasible" else [*pay_uncovered_places(self), *worths]

    def _plans_of(self, opened: Ints) -> Iterator[Solution]:
        """Yield plans with these sites: everyone at the nearest, or where there is room, extended or not."""
        capacity = self.problem.capacity
        if capacity is None:
            yield _at_nearest(self.problem, self.solution, opened)
            return
        who, seconds = np.flatnonzero(self.counted), self.problem.values[self.counted][:, opened]
        pay, unserved = self._pay_with_loads(seconds), None if self.everyone else self.people
        rooms = [capacity.capacities[opened]]
        if "budget_yuan" in self.solution.options:
            rooms.append(np.minimum(rooms[0], capacity.included[opened]))
        rounds = 0 if self.solution.status == "infeasible" else ROUNDS
        for room in rooms:
            goes = send(
                pay, capacity.loads[who], room, capacity.minimum_loads[opened], unserved=unserved, rounds=rounds
            )
            if goes is not None:
                yield self._sent(opened, who, goes)

    def _pay_with_loads(self, seconds: NDArray[np.int32]) -> Floats:
        people, allowed = self.people[:, None], seconds <= self.longest
        if self.statement.counts_people:
            near = seconds <= self.within
            return np.where(near, 0.0, np.where(allowed, people, np.inf) if self.everyone else np.inf)
        if self.solution.options.get("split") and self.problem.capacity is not None:
            people = self.problem.capacity.loads[self.counted][:, None].astype(np.float64)
        return np.where(allowed, people * seconds, np.inf)

    def _sent(self, opened: Ints, who: Ints, goes: Ints) -> Solution:
        """Return the plan in which everyone who counts goes where he was sent."""
        to, shares = np.full(len(self.counted), -1, np.int64), None
        if "split" in self.solution.options:
            to = _nearest(self.problem, opened)  # where that model has them go who bring no load
        loads = np.zeros(len(to), np.int64) if self.problem.capacity is None else self.problem.capacity.loads
        split = bool(self.solution.options.get("split"))
        sent = who if not split else who[loads[who] > 0]
        to[sent] = np.where(goes >= 0, opened[goes], -1)[np.isin(who, sent)]
        if split:
            shares = np.column_stack([sent, to[sent], loads[sent]])
        return replace(self.solution, opened=opened, allocation=to, shares=shares, second=None)


def _words(*names: str) -> list[int]:
    return [place for place, word in enumerate(STATUSES) if word in names]


def _restrict(rules: Rules, pool: Ints) -> Rules:
    """Return the rules of some candidates only."""
    place = {site: k for k, site in enumerate(pool.tolist())}
    apart = [(place[one], place[other]) for one, other in rules.apart.tolist() if one in place and other in place]
    return replace(
        rules,
        status=rules.status[pool],
        township=rules.township[pool],
        apart=np.array(apart, np.int64).reshape(len(apart), 2),
    )


def _with(rules: Rules, sites: Ints, word: str) -> Rules:
    """Return the rules with another status of some sites."""
    status = rules.status.copy()
    status[sites] = _words(word)[0]
    return replace(rules, status=status)


def _nearest(problem: SitingProblem, opened: Ints) -> Ints:
    seconds = problem.values[:, opened]
    return np.where(seconds.min(axis=1) < UNREACHABLE, opened[np.argmin(seconds, axis=1)], -1)


def _at_nearest(problem: SitingProblem, solution: Solution, opened: Ints) -> Solution:
    """Return the plan in which everybody goes to the nearest of some sites."""
    return replace(solution, opened=opened, allocation=_nearest(problem, opened), shares=None, second=None)
