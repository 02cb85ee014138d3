"""Why here, for models whose plans are more than the nearest site of each person: the model itself is asked again.

What a site is worth: the model with exactly the other sites. The best exchange: the model with the other
sites kept and this one closed, for each of them. A plan that stands apart: the model with one more
condition, a site among the far ones; where townships have limits, one township after the other. Each answer
is as good as the model's own proof.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis.cost_matrix import UNREACHABLE
from planning.siting.limits import Limits
from planning.siting.rules import NO_TOWNSHIP
from planning.siting.solution import Solution
from planning.siting.study.alternatives import Alternative, Alternatives, Tell, as_places, distances, name_plan
from planning.siting.study.exchanges import Ground, count_exchanges, pays_nearest
from planning.siting.study.question import Ints, Question
from planning.siting.study.worth import SiteWorth, Swap, swap_between

Count = Callable[[int, int], None]
SHORTEST_S = 0.2
"""Seconds that a question has at least, though nothing is left: a quick plan of a county takes a tenth of a second."""


def weigh_sites(question: Question, limits: Limits, tell: Count) -> tuple[SiteWorth, ...]:
    """Return what each opened site is worth, in the order of ``solution.opened``.

    Parameters
    ----------
    question
    limits
        What is not weighed when they are reached has ``possible`` None.
    tell
        Told how many sites of how many are weighed.
    """
    opened = question.solution.opened
    found = []
    for slot in range(len(opened)):
        after = None
        if not limits.reached():
            others = np.delete(opened, slot)
            seconds = _share(limits, len(opened) - slot)
            after = question.ask(question.only(others), limits, p=len(others), seconds=seconds)
        found.append(_worth(question, slot, after))
        tell(slot + 1, len(opened))
    return tuple(found)


def _worth(question: Question, slot: int, after: Solution | None) -> SiteWorth:
    problem, solution = question.problem, question.solution
    site, people = solution.opened[slot], problem.weights
    others = np.delete(solution.opened, slot)
    was = _seconds(question, solution.allocation)
    if after is not None and after.objective is not None:
        now = _seconds(question, after.allocation)
    else:
        now = np.where(problem.allowed, problem.values, UNREACHABLE)[:, others].min(axis=1, initial=UNREACHABLE)
        now = np.where(solution.allocation == site, now, was)
    alone = (was < UNREACHABLE) & (now >= UNREACHABLE)
    longer = np.where((was < UNREACHABLE) & (now < UNREACHABLE), now.astype(np.int64) - was, 0)
    no_way = alone & ~problem.reachable[:, others].any(axis=1)
    loss = None if after is None else question.loss(after)
    return SiteWorth(
        site=problem.candidate_ids[site],
        kept=bool(problem.rules.kept[site]),
        people=int(people[solution.allocation == site].sum()),
        loss=loss,
        extra_person_seconds=int(longer @ people),
        longest_extra_s=int(longer[problem.inhabited].max(initial=0)),
        without_people=int(people[alone].sum()),
        without_places=int((alone & problem.inhabited).sum()),
        unreachable_people=int(people[no_way].sum()),
        possible=None if after is None or (loss is None and after.status != "infeasible") else loss is not None,
    )


def exchange_sites(question: Question, limits: Limits, tell: Count, *, candidate: object = None) -> Swap | None:
    """Return the best exchange of one site for one other, ``None`` if the rules allow none.

    Parameters
    ----------
    question
    limits
        Whether they were reached, ``Swap.proven`` says.
    tell
        Told how many sites of how many have been closed for another.
    candidate
        Id of the only one that may come.
    """
    problem, solution = question.problem, question.solution
    entering = (
        None if candidate is None else int(np.flatnonzero(problem.candidate_ids.astype(str) == str(candidate))[0])
    )
    slots = [slot for slot, site in enumerate(solution.opened) if not problem.rules.kept[site]]
    best: tuple[int, int, Solution] | None = None
    proven = True
    for done, slot in enumerate(slots):
        if limits.reached() or entering in solution.opened:
            proven = False
            break
        after = question.ask(
            question.exchange(slot, entering), limits, p=len(solution.opened), seconds=_share(limits, len(slots) - done)
        )
        loss = question.loss(after)
        proven &= question.proves(after) or after.status == "infeasible"
        if loss is not None and (best is None or loss < best[0]) and len(after.opened) == len(solution.opened):
            best = loss, slot, after
        tell(done + 1, len(slots))
    if best is None:
        return None
    loss, slot, after = best
    was, now = (_seconds(question, one.allocation) for one in (solution, after))
    comes = np.setdiff1d(after.opened, solution.opened)[0]
    return swap_between(problem, (solution.opened[slot], comes), loss=loss, times=(was, now), proven=proven)


def other_plans(
    question: Question,
    limits: Limits,
    tell: Tell,
    *,
    positions: ArrayLike,
    count: int,
    apart_m: float,
    within: float,
) -> Alternatives:
    """Return the best plans that stand apart, least loss first; those within a share are not all counted.

    Parameters
    ----------
    question, limits
    tell
        Told of every plan of the list.
    positions, count, apart_m, within
        As in :func:`~planning.siting.study.alternatives.alternatives`.
    """
    solution, problem = question.solution, question.problem
    slack = 0 if solution.objective_unit == "sites" else int(Fraction(str(within)) * int(solution.objective or 0))
    places = as_places(positions, len(problem.candidate_ids))
    apart = distances(places, solution.opened) >= apart_m
    far = apart & ~problem.rules.barred
    branches = _Branches(question)
    plans: list[Alternative] = []
    sure = True
    while len(plans) < count and far.any() and not limits.reached():
        found, proven = branches.best(far, limits, count - len(plans))
        sure &= proven
        if found is None:
            break
        loss = question.loss(found) or 0
        plans.append(name_plan(problem, solution.opened, found.opened, far, loss, proven=proven))
        tell(plans[-1])
        far &= distances(places, found.opened) >= apart_m
    sure &= len(plans) == count or not limits.reached()
    close = sum(plan.loss <= slack for plan in plans)
    near = (1, 0)
    if pays_nearest(problem, solution):
        ground = Ground.of(problem, solution, None)
        most = ground.cost_of(solution.opened) + slack
        near = count_exchanges(ground, problem.rules, solution.opened, most, apart)
    listed = tuple(sorted(plans, key=lambda plan: plan.loss))
    return Alternatives(listed, sure, slack, max(near[0], 1 + close), max(near[1], close), counted=False)


class _Branches:
    """For each township with limits, and for the rest together, the best plan with a far site there."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._rules = question.problem.rules
        self._found: dict[int, Solution] = {}

    def best(self, far: NDArray[np.bool_], limits: Limits, wanted: int) -> tuple[Solution | None, bool]:
        """Return the best plan with a far site, and whether nothing better has one."""
        townships = np.unique(self._rules.township[far]).tolist()
        stale = [one for one in townships if not self._still_apart(one, far)]
        for done, township in enumerate(stale):
            if limits.reached():
                self._found.pop(township, None)
                continue
            seconds = _share(limits, (len(stale) - done) * wanted)
            rules = self._question.with_some_of(far, township)
            self._found[township] = self._question.ask(rules, limits, seconds=seconds)
        proven = all(self._is_sure(one) for one in townships)
        plans = [self._found[one] for one in townships if self._has_plan(one)]
        return min(plans, key=lambda plan: self._question.loss(plan) or 0, default=None), proven

    def _has_plan(self, township: int) -> bool:
        found = self._found.get(township)
        return found is not None and found.objective is not None and not self._rules.broken_by(found.opened)

    def _still_apart(self, township: int, far: NDArray[np.bool_]) -> bool:
        """Whether what was found is still the best of fewer plans: it has a far site, or there was no plan at all."""
        found = self._found.get(township)
        if found is None or (found.objective is None and found.status != "infeasible"):
            return False
        here = far & (self._rules.township == township)
        return found.objective is None or bool(here[found.opened].any())

    def _is_sure(self, township: int) -> bool:
        """Whether nothing better has a far site in the township: its limits were asked as they are, and proven."""
        found = self._found.get(township)
        as_is = township == NO_TOWNSHIP or (
            self._rules.least[township] <= 1 and self._rules.most[township] >= len(self._rules.status)
        )
        return as_is and found is not None and (found.status == "infeasible" or self._question.proves(found))


def _seconds(question: Question, allocation: Ints) -> Ints:
    """(n,) seconds to the site that serves, ``UNREACHABLE`` where none does."""
    values = question.problem.values
    served = np.flatnonzero(allocation >= 0)
    seconds = np.full(len(values), UNREACHABLE, np.int64)
    seconds[served] = values[served, allocation[served]]
    return seconds


def _share(limits: Limits, parts: int) -> float | None:
    """Return the seconds for one of so many parts of the time left, ``None`` if there is no end to it."""
    left = limits.remaining_s
    return None if left == float("inf") else max(SHORTEST_S, left / max(1, parts))
