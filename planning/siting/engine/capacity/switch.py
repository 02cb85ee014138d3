"""The capacity switch: LSCP, MCLP, p-center and p-median with room at the sites.

Every place goes to one site (single source), the loads of a site stay within its capacity and reach its
minimum. What each model then means:

lscp      fewest sites; every place, lived in or not, is sent to a site within the limit
mclp      most people sent to a site within the limit; others are sent nowhere (allocation −1), or somewhere
          if a longest time for everyone is asked
p-center  least largest time of anybody to the site where he is sent; p-median: least total travel

MCLP and the radii of the p-center are covers with loads, searched and proven by ourselves. An LSCP is bounded by
the cover without loads and by the room of the largest sites, then by covers with loads of fewer sites; where
rules or minimum loads forbid to conclude from more sites to fewer, and for the p-median, HiGHS solves the compact
program, on its word. Plans are re-counted in exact integers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.cost_matrix import UNREACHABLE
from planning.siting.engine.capacity.coverage import LoadedCover
from planning.siting.engine.capacity.first import first_loaded_plan
from planning.siting.engine.capacity.levels import close_in
from planning.siting.engine.capacity.loaded_plan import CapacityPlan, send_nearer
from planning.siting.engine.conflict.conflict import because_of_rules
from planning.siting.engine.conflict.figures import Figures
from planning.siting.engine.cover.choice import Question
from planning.siting.engine.cover.covering import smallest_cover
from planning.siting.engine.cover.radius import smallest_radius
from planning.siting.engine.linear.compact import CompactProgram, CompactQuestion, compile_program
from planning.siting.engine.linear.search import solve_question
from planning.siting.engine.solver import describe
from planning.siting.limits import Limits, Progress
from planning.siting.problem import SitingProblem
from planning.siting.proof.capacity_certificate import CapacityCertificate
from planning.siting.proof.cover_certificate import CoverCertificate
from planning.siting.solution import Solution

CoverAt = Callable[[int], tuple[NDArray[np.int64], NDArray[np.int64], int]]


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
    p, limit_s = answer.options.get("p"), answer.options.get("limit_s")
    asked = ask(problem, answer.model, p=p, limit_s=limit_s)
    plan = solve_with_capacity(problem, answer.model, p=p, limit_s=limit_s, limits=limits)
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
        proof=("solver" if plan.by_solver else "certificate") if plan.done else None,
        certificate=plan.certificate,
        solver=describe() if plan.by_solver else "",
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
    elif model == "mclp":
        run.cover_most()
    elif model == "lscp":
        run.cover_with_fewest()
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
        self.cost, self.done, self.by_solver = 0, False, False
        self.certificate: CoverCertificate | CapacityCertificate | None = None
        self.bound = -int(self.problem.weights.sum()) if model == "mclp" else 0
        if model == "lscp":
            self.bound = Figures(asked, frozenset(asked.parts())).needed()

    def plan(self) -> CapacityPlan:
        """Return what was found."""
        sign = -1 if self.model == "mclp" else 1
        bound = self.bound if self.opened is None else min(self.bound, self.cost)
        told = (sign * self.cost, sign * bound, self.done, self.certificate, self.by_solver)
        return CapacityPlan(self.opened, self.allocation, *told)

    def begin(self) -> None:
        """Look for a first plan the quick way; for the p-center within ever smaller times."""
        may = self.asked.pairs(frozenset(self.asked.parts()))
        must = self.asked.everyone or self.problem.max_time_s is not None
        times = np.unique(self.problem.values[may]) if self.model == "p-center" else np.array([UNREACHABLE])
        low, high = 0, len(times)
        while low < high and not self.limits.reached():
            middle = (low + high) // 2
            within = may & (self.problem.values <= times[middle])
            if self._look(within, must=must):
                high = middle
            else:
                low = middle + 1
        self._report()

    def _look(self, may: NDArray[np.bool_], *, must: bool, around: Sequence[int] = ()) -> bool:
        """Look for a plan the quick way, around sites that few more may complete; tell whether there is one."""
        first = first_loaded_plan(self.asked, may, must=must, limits=self.limits, around=around)
        if first is not None:
            self._offer(*first)
        return first is not None

    def solve(self, program: CompactProgram) -> None:
        """Let HiGHS solve the whole program."""
        points, sites = program.points, program.sites
        seconds = self.problem.values[points, sites].astype(np.int64)
        per_pair = seconds * self.problem.weights[points] if self.model == "p-median" else np.zeros_like(seconds)
        question = program.costing(1 if self.model == "lscp" else 0, per_pair)
        found = solve_question(question, self.limits, tell=self._tell)
        self.by_solver = True
        if found.values is not None:
            opened = np.flatnonzero(found.values[: len(self.problem.candidate_ids)])
            self._offer(opened, program.allocation(found.values, len(self.problem.weights)))
        if found.bound is not None:
            self.bound = max(self.bound, found.bound)
        self.done = found.done
        self._report()

    def cover_most(self) -> None:
        """Search for the cover of most people."""
        people, total = self.problem.weights, int(self.problem.weights.sum())
        costs, left_out = np.where(self.within & self.problem.reachable, 0, -1), people
        if self.problem.max_time_s is not None:
            costs = np.where(self.problem.allowed, np.where(self.within, 0, people[:, None]), -1)
            left_out = np.where(people > 0, -1, 0)
        limits = self.limits.quiet()
        limits.report = lambda progress: self._tell(
            None if progress.incumbent is None else progress.incumbent - total, (progress.bound or 0) - total
        )
        below = None if self.opened is None else self.cost + total
        cover = LoadedCover(self.problem, costs, left_out, sites=int(self.asked.p or 1), limits=limits, below=below)
        if cover.plan is not None:
            self._offer(*cover.plan)
        self.bound, self.done, self.certificate = cover.bound - total, cover.finished, cover.certificate()
        self._report()

    def cover_with_fewest(self) -> None:
        """Bound by the cover without loads, then ask for ever more sites; HiGHS where that proves nothing."""
        covers = self.problem.allowed & self.within
        can_be = covers[:, ~self.problem.rules.barred].any(axis=1).all()
        bare = smallest_cover(covers, self.limits.quiet(), self.problem.rules) if can_be else None
        if bare is None or bare.impossible:
            self.done = self.opened is None
            return
        self._look(covers, must=True, around=bare.opened.tolist())
        if bare.certificate is not None and bare.certificate.sites + 1 > self.bound:
            self.bound, self.certificate = bare.certificate.sites + 1, bare.certificate
        capacity, rules = self.problem.capacity, self.problem.rules
        free = capacity is not None and not capacity.minimum_loads.any()
        if free and not len(rules.townships) and not len(rules.apart):
            self._ask_for_more(covers)
        elif self.opened is None or self.bound < self.cost:
            self.certificate = None
            self.solve(compile_program(self.asked, loads=True))
        self.done |= self.opened is not None and self.bound == self.cost

    def _ask_for_more(self, covers: NDArray[np.bool_]) -> None:
        """Find the least number of sites that can take everyone."""
        costs, everyone = np.where(covers, 0, -1), np.ones(len(covers), np.int64)
        numbers = np.arange(1, int((~self.problem.rules.barred).sum()) + 1)
        self._close_in(numbers, lambda sites: (costs, everyone, sites), stepwise=True)

    def narrow_radius(self) -> None:
        """Find the least radius at which a plan exists."""
        problem, sites, served = self.problem, int(self.asked.p or 1), self.asked.served
        may = (self.asked.pairs(frozenset(self.asked.parts())) & ~problem.rules.barred)[served]
        seconds = problem.values[served]
        times = np.unique(np.append(seconds[may], 0))
        nearest = np.where(may, seconds, times[-1] + 1).min(axis=1, initial=times[-1] + 1)
        self.bound = int(nearest.max(initial=0)) if len(nearest) else 0
        if self.opened is not None and len(seconds):
            question = Question(sites, exactly=True, rules=problem.rules)
            bare = smallest_radius(seconds, int(times[-1]), question, self.limits.quiet())
            self.bound, self.certificate = max(self.bound, bare.bound), bare.certificate
        everyone = served.astype(np.int64)

        open_to, values = problem.allowed, problem.values
        self._close_in(
            times, lambda radius: (np.where(open_to & (values <= radius), 0, -1), everyone, sites), stepwise=False
        )

    def _close_in(self, levels: NDArray[Any], cover_at: CoverAt, *, stepwise: bool) -> None:
        """Find the least of all costs that a plan can have, and the plan.

        Parameters
        ----------
        levels : (k,)
            These costs, ascending.
        cover_at
            What serving and leaving out costs at a level, and how many sites there are: nothing in a plan of that cost.
        """

        def ask(level: int, looks: int) -> tuple[int, int]:
            costs, left_out, sites = cover_at(int(levels[level]))
            limits = self.limits.spell(looks)
            cover = LoadedCover(self.problem, costs, left_out, sites=sites, limits=limits, below=1)
            if cover.plan is not None:
                self._offer(*cover.plan)
            elif cover.finished:
                self.certificate = cover.certificate()
                self.bound = int(np.append(levels, levels[-1] + 1)[level + 1])
            self._report()
            return where()

        def where() -> tuple[int, int]:
            low, high = np.searchsorted(levels, [self.bound, self.cost]).tolist()
            return (low, len(levels)) if self.opened is None else (min(low, high), high)

        self.done = len(set(close_in(*where(), ask, self.limits, stepwise=stepwise))) == 1

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
        known = [one for one in (cost, None if self.opened is None else self.cost) if one is not None]
        self._report(min(known, default=None))

    def _report(self, cost: int | None = None) -> None:
        best = cost if cost is not None else None if self.opened is None else self.cost
        sign = -1 if self.model == "mclp" else 1
        told = None if best is None else sign * best
        self.limits.report(Progress(told, sign * (self.bound if best is None else min(self.bound, best))))
