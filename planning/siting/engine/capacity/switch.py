"""The capacity switch: LSCP, MCLP and p-center with room at the sites, a class each.

Every place goes to one site (single source), the loads of a site stay within its capacity and reach its
minimum. What each model then means:

lscp      fewest sites; every place, lived in or not, is sent to a site within the limit
mclp      most people sent to a site within the limit; others are sent nowhere (allocation −1), or somewhere
          if a longest time for everyone is asked
p-center  least largest time of anybody to the site where he is sent

MCLP and the radii of the p-center are covers with loads, searched and proven by ourselves. An LSCP is bounded by
the cover without loads and by the room of the largest sites, then by covers with loads of fewer sites; where
rules or minimum loads forbid to conclude from more sites to fewer, HiGHS solves the compact program, on its word.
Plans are re-counted in exact integers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.capacity.coverage import LoadedCover
from planning.siting.engine.capacity.loaded_search import CapacitySearch
from planning.siting.engine.conflict.conflict import because_of_rules
from planning.siting.engine.conflict.figures import Figures
from planning.siting.engine.cover.choice import Question
from planning.siting.engine.cover.covering import smallest_cover
from planning.siting.engine.cover.radius import smallest_radius
from planning.siting.engine.linear.compact import CompactQuestion, compile_program
from planning.siting.engine.linear.search import solve_question
from planning.siting.engine.solver import describe
from planning.siting.limits import Limits
from planning.siting.problem import SitingProblem
from planning.siting.solution import Solution


def answer_with_capacity(
    search: type[CapacitySearch], answer: Solution, problem: SitingProblem, limits: Limits
) -> Solution:
    """Return the answer of a model with capacities: a plan, a minimal conflict, or what the time allowed.

    Parameters
    ----------
    search
        What the model means: :class:`FewestSites`, :class:`MostPeople` or :class:`LeastRadius`.
    answer
        Model, options (``p``, ``limit_s``), sense and unit; still without a plan.
    problem
        With a capacity.
    limits
        Whose ``report`` counts in the unit of the model.
    """
    p, limit_s = answer.options.get("p"), answer.options.get("limit_s")
    run = search(problem, p, limit_s, limits)
    asked, plan = run.asked, run.plan()
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


class FewestSites(CapacitySearch):
    """LSCP: everyone within the limit, lived in or not."""

    counts_sites = True

    def ask(self) -> CompactQuestion:
        """Return what a plan must be."""
        return CompactQuestion(self.problem, limit_s=self.limit_s, everyone=True, every_place=True)

    def first_bound(self) -> int:
        """Return how many sites the loads and rules ask for."""
        return Figures(self.asked, frozenset(self.asked.parts())).needed()

    def search(self) -> None:
        """Bound by the cover without loads, then ask for ever more sites; HiGHS where that proves nothing."""
        covers = self.problem.allowed & self.within
        can_be = covers[:, ~self.problem.rules.barred].any(axis=1).all()
        bare = smallest_cover(covers, self.limits.quiet(), self.problem.rules) if can_be else None
        if bare is None or bare.impossible:
            self.done = self.opened is None
            return
        self.look(covers, must=True, around=bare.opened.tolist())
        if bare.certificate is not None and bare.certificate.sites + 1 > self.bound:
            self.bound, self.certificate = bare.certificate.sites + 1, bare.certificate
        capacity, rules = self.problem.capacity, self.problem.rules
        free = capacity is not None and not capacity.minimum_loads.any()
        if free and not len(rules.townships) and not len(rules.apart):
            self._ask_for_more(covers)
        elif self.opened is None or self.bound < self.cost:
            self.certificate = None
            self._solve()
        self.done |= self.opened is not None and self.bound == self.cost

    def _ask_for_more(self, covers: NDArray[np.bool_]) -> None:
        """Find the least number of sites that can take everyone."""
        costs, everyone = np.where(covers, 0, -1), np.ones(len(covers), np.int64)
        numbers = np.arange(1, int((~self.problem.rules.barred).sum()) + 1)
        self.close_in(numbers, lambda sites: (costs, everyone, sites), stepwise=True)

    def _solve(self) -> None:
        """Let HiGHS solve the whole program."""
        program = compile_program(self.asked, loads=True)
        question = program.costing(1, np.zeros(len(program.points), np.int64))
        found = solve_question(question, self.limits, tell=self.tell)
        self.by_solver = True
        if found.values is not None:
            opened = np.flatnonzero(found.values[: len(self.problem.candidate_ids)])
            self.update_incumbent(opened, program.allocation(found.values, len(self.problem.weights)))
        if found.bound is not None:
            self.bound = max(self.bound, found.bound)
        self.done = found.done
        self.report()


class MostPeople(CapacitySearch):
    """MCLP: most people sent to a site within the limit."""

    sign = -1

    def ask(self) -> CompactQuestion:
        """Return what a plan must be."""
        return CompactQuestion(
            self.problem, p=self.p, limit_s=self.limit_s if self.problem.max_time_s is None else None
        )

    def first_bound(self) -> int:
        """Return everyone, with a minus."""
        return -int(self.problem.weights.sum())

    def count(self, sent: NDArray[np.int64], to: NDArray[np.int64]) -> int:
        """Return the people within the limit, with a minus."""
        return -int(self.problem.weights[sent][self.within[sent, to]].sum())

    def search(self) -> None:
        """Search for the cover of most people."""
        people, total = self.problem.weights, int(self.problem.weights.sum())
        costs, left_out = np.where(self.within & self.problem.reachable, 0, -1), people
        if self.problem.max_time_s is not None:
            costs = np.where(self.problem.allowed, np.where(self.within, 0, people[:, None]), -1)
            left_out = np.where(people > 0, -1, 0)
        limits = self.limits.quiet()
        limits.report = lambda progress: self.tell(
            None if progress.incumbent is None else progress.incumbent - total, (progress.bound or 0) - total
        )
        below = None if self.opened is None else self.cost + total
        cover = LoadedCover(self.problem, costs, left_out, sites=int(self.asked.p or 1), limits=limits, below=below)
        if cover.plan is not None:
            self.update_incumbent(*cover.plan)
        self.bound, self.done, self.certificate = cover.bound - total, cover.finished, cover.certificate()
        self.report()


class LeastRadius(CapacitySearch):
    """The p-center: least largest time of anybody to the site where he is sent."""

    def ask(self) -> CompactQuestion:
        """Return what a plan must be."""
        return CompactQuestion(self.problem, p=self.p, everyone=True)

    def radii(self) -> NDArray[Any]:
        """Return every time that a radius can have."""
        return np.unique(self.problem.values[self.asked.pairs(frozenset(self.asked.parts()))])

    def count(self, sent: NDArray[np.int64], to: NDArray[np.int64]) -> int:
        """Return the longest time."""
        return int(self.problem.values[sent, to].max(initial=0))

    def search(self) -> None:
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
        self.close_in(
            times, lambda radius: (np.where(open_to & (values <= radius), 0, -1), everyone, sites), stepwise=False
        )
