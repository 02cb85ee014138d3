"""The capacity switch: LSCP, MCLP, p-center and p-median with room at the sites, by the compact program.

Every place goes to one site (single source), the loads of a site stay within its capacity and reach its
minimum. What each model then means:

lscp      fewest sites; every place, lived in or not, is sent to a site within the limit
mclp      most people sent to a site within the limit; others are sent nowhere (allocation −1), unless a
          longest time for everyone is asked: then all are sent somewhere, and only those within the
          limit count
p-center  least largest time of anybody to the site where he is sent
p-median  least total travel

Plans are re-counted in exact integers; the bound is the word of HiGHS.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.cost_matrix import UNREACHABLE
from planning.siting.engine.capacity.first import first_loaded_plan
from planning.siting.engine.conflict.conflict import because_of_rules
from planning.siting.engine.conflict.figures import Figures
from planning.siting.engine.linear.compact import CompactProgram, CompactQuestion, compile_program
from planning.siting.engine.linear.search import solve_question
from planning.siting.engine.solver import describe
from planning.siting.limits import Limits, Progress
from planning.siting.problem import SitingProblem
from planning.siting.solution import Solution


@dataclass(frozen=True, eq=False)
class CapacityPlan:
    """A plan with loads, and what HiGHS says about it.

    Parameters
    ----------
    opened : (k,) int64 or None
        ``None`` where no plan was found.
    allocation : (n,) int64
    objective, bound
        In the unit of the model.
    done
        Whether HiGHS claims that nothing is better; without a plan: that there is none.
    """

    opened: NDArray[np.int64] | None
    allocation: NDArray[np.int64]
    objective: int
    bound: int
    done: bool


def answer_with_capacity(answer: Solution, problem: SitingProblem, limits: Limits) -> Solution:
    """Return the answer of a model with capacities: a plan, a minimal conflict, or what the time allowed.

    Parameters
    ----------
    answer
        Model, options (``p``, ``limit_s``), sense and unit; still without a plan.
    problem
        With a capacity.
    limits
        Whose ``report`` counts in the unit of the model.
    """
    asked = ask(problem, answer.model, p=answer.options.get("p"), limit_s=answer.options.get("limit_s"))
    plan = solve_with_capacity(
        problem, answer.model, p=answer.options.get("p"), limit_s=answer.options.get("limit_s"), limits=limits
    )
    if plan.opened is None:
        if not plan.done:
            return answer.unfinished(limits.reason)
        return because_of_rules(
            answer,
            problem,
            p=asked.p,
            limit_s=asked.limit_s,
            everyone=asked.everyone,
            every_place=asked.every_place,
            limits=limits,
        )
    return answer.found(
        opened=plan.opened,
        allocation=plan.allocation,
        objective=plan.objective,
        bound=plan.objective if plan.done else plan.bound,
        proof="solver" if plan.done else None,
        certificate=None,
        solver=describe(),
        limit=limits.reason,
    )


def ask(problem: SitingProblem, model: str, *, p: int | None, limit_s: int | None) -> CompactQuestion:
    """Return what a plan of a model must be; see the list of this module."""
    if model == "lscp":
        return CompactQuestion(problem, limit_s=limit_s, everyone=True, every_place=True)
    if model == "mclp":
        return CompactQuestion(problem, p=p, limit_s=limit_s if problem.max_time_s is None else None)
    return CompactQuestion(problem, p=p, everyone=True)


def solve_with_capacity(
    problem: SitingProblem, model: str, *, p: int | None = None, limit_s: int | None = None, limits: Limits
) -> CapacityPlan:
    """Solve a model with capacities.

    Parameters
    ----------
    model
        ``lscp``, ``mclp``, ``p-center`` or ``p-median``.
    p, limit_s
        As the model needs them.
    """
    asked = ask(problem, model, p=p, limit_s=limit_s)
    run = _Run(asked, model, limit_s, limits)
    run.begin()
    if model == "p-center":
        run.narrow_radius()
    else:
        run.solve(compile_program(asked, loads=True))
    return run.plan()


class _Run:
    """Best plan and bound so far; costs are counted down: people with a minus."""

    def __init__(self, asked: CompactQuestion, model: str, limit_s: int | None, limits: Limits) -> None:
        self.asked, self.problem, self.model, self.limits = asked, asked.problem, model, limits
        self.within = self.problem.values <= (self.problem.values.max() if limit_s is None else limit_s)
        self.opened: NDArray[np.int64] | None = None
        self.allocation = np.full(len(self.problem.weights), -1, np.int64)
        self.cost, self.done = 0, False
        self.bound = -int(self.problem.weights.sum()) if model == "mclp" else 0
        if model == "lscp":
            self.bound = Figures(asked, frozenset(asked.parts())).needed()

    def plan(self) -> CapacityPlan:
        """Return what was found."""
        sign = -1 if self.model == "mclp" else 1
        bound = self.bound if self.opened is None else min(self.bound, self.cost)
        return CapacityPlan(self.opened, self.allocation, sign * self.cost, sign * bound, self.done)

    def begin(self) -> None:
        """Look for a first plan the quick way; for the p-center within ever smaller times."""
        may = self.asked.pairs(frozenset(self.asked.parts()))
        must = self.asked.everyone or self.problem.max_time_s is not None
        times = np.unique(self.problem.values[may]) if self.model == "p-center" else np.array([UNREACHABLE])
        low, high = 0, len(times)
        while low < high and not self.limits.reached():
            middle = (low + high) // 2
            within = may & (self.problem.values <= times[middle])
            first = first_loaded_plan(self.asked, within, must=must, limits=self.limits)
            if first is None:
                low = middle + 1
            else:
                self._offer(*first)
                high = middle
        self._report()

    def solve(self, program: CompactProgram) -> None:
        """Let HiGHS solve the whole program."""
        points, sites = program.points, program.sites
        seconds = self.problem.values[points, sites].astype(np.int64)
        people = self.problem.weights[points]
        per_pair = {
            "lscp": np.zeros(len(points), np.int64),
            "mclp": -np.where(self.within[points, sites], people, 0),
            "p-median": seconds * people,
        }[self.model]
        question = program.costing(1 if self.model == "lscp" else 0, per_pair)
        found = solve_question(question, self.limits, tell=self._tell)
        if found.values is not None:
            self._take(program, found.values)
        if found.bound is not None:
            self.bound = max(self.bound, found.bound)
        self.done = found.done
        self._report()

    def narrow_radius(self) -> None:
        """Find the least radius at which a plan exists, from below: in ever longer steps, then by halving."""
        rows = self.asked.served
        may = (self.asked.pairs(frozenset(self.asked.parts())) & ~self.problem.rules.barred)[rows]
        seconds = self.problem.values[rows]
        times = np.unique(np.append(seconds[may], 0))
        nearest = np.where(may, seconds, times[-1] + 1).min(axis=1)
        low, high, step = int(np.searchsorted(times, nearest.max(initial=0))), len(times), 1
        if self.opened is not None:
            high = int(np.searchsorted(times, self.cost))
        while low < high:
            middle = (low + high) // 2 if self.opened is not None else min(low + step - 1, high - 1)
            self.bound = int(times[low])
            feasible = self._fits(int(times[middle]))
            if feasible is None:
                return
            if feasible:
                high = int(np.searchsorted(times, self.cost))
            else:
                low, step = middle + 1, 2 * step
        self.bound, self.done = self.cost, True

    def _fits(self, radius: int) -> bool | None:
        """Whether a plan exists within a radius; ``None`` after a limit."""
        limit = radius if self.problem.max_time_s is None else min(radius, self.problem.max_time_s)
        nearer = CompactQuestion(self.problem, p=self.asked.p, limit_s=limit, everyone=True)
        program = compile_program(nearer, loads=True)
        found = solve_question(program.question, self.limits)
        if found.values is not None:
            self._take(program, found.values)
            self._report()
            return True
        return False if found.done else None

    def _take(self, program: CompactProgram, values: NDArray[np.int64]) -> None:
        opened = np.flatnonzero(values[: len(self.problem.candidate_ids)])
        self._offer(opened, program.allocation(values, len(self.problem.weights)))

    def _offer(self, opened: NDArray[np.int64], allocation: NDArray[np.int64]) -> None:
        """Send people nearer where there is room, recount the plan, and keep it if it is the best."""
        allocation = send_nearer(self.problem, self.asked, opened, allocation)
        cost = self._count(opened, allocation)
        if self.opened is None or cost < self.cost:
            self.opened, self.allocation, self.cost = opened, allocation, cost

    def _count(self, opened: NDArray[np.int64], allocation: NDArray[np.int64]) -> int:
        if self.model == "lscp":
            return len(opened)
        sent = np.flatnonzero((allocation >= 0) & self.asked.served)
        to = allocation[sent]
        seconds = self.problem.values[sent, to].astype(np.int64)
        if self.model == "p-center":
            return int(seconds.max(initial=0))
        if self.model == "mclp":
            return -int(self.problem.weights[sent][self.within[sent, to]].sum())
        return int((seconds * self.problem.weights[sent]).sum())

    def _tell(self, cost: int | None, bound: int) -> None:
        self.bound = max(self.bound, bound)
        if self.opened is not None:
            cost = self.cost if cost is None else min(cost, self.cost)
        self._report(cost)

    def _report(self, cost: int | None = None) -> None:
        best = cost if cost is not None else None if self.opened is None else self.cost
        sign = -1 if self.model == "mclp" else 1
        bound = self.bound if best is None else min(self.bound, best)
        self.limits.report(Progress(None if best is None else sign * best, sign * bound))


def send_nearer(
    problem: SitingProblem, asked: CompactQuestion, opened: NDArray[np.int64], allocation: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return an allocation in which nobody could be sent to a nearer site that has room.

    Places that need not be served and are sent nowhere are sent to a site if it has room.
    """
    capacity = problem.capacity
    if capacity is None or len(opened) == 0:
        return allocation
    may = asked.pairs(frozenset(asked.parts()))
    to, load = allocation.copy(), np.zeros(len(problem.candidate_ids), np.int64)
    np.add.at(load, to[to >= 0], capacity.loads[to >= 0])
    served = asked.served
    moved = True
    while moved:
        moved = False
        for i in np.argsort(-capacity.loads, kind="stable").tolist():
            here, wants = int(to[i]), int(capacity.loads[i])
            if here < 0 and served[i]:
                continue
            if here >= 0 and wants and load[here] - wants < capacity.minimum_loads[here]:
                continue
            now = problem.values[i, here] if here >= 0 else np.iinfo(np.int32).max
            room = may[i, opened] & (load[opened] + wants <= capacity.capacities[opened])
            near = opened[room & (problem.values[i, opened] < now)]
            if len(near):
                best = int(near[np.argmin(problem.values[i, near])])
                load[best] += wants
                if here >= 0:
                    load[here] -= wants
                to[i], moved = best, True
    return to
