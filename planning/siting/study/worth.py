"""What each opened site is worth, and which exchange comes nearest to paying.

Each person goes to the opened site that costs that person least; the objective is the sum over all people
(p-median, MCLP, Kolm–Pollak) or the worst of them (p-center). LSCP counts sites: nothing is paid there, and
what an exchange can lose is that somebody is served no more. What a person pays must not fall with the
travel time, so that the cheapest site is also the nearest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.cost_matrix import UNREACHABLE
from gis.faults import Fault, FaultsError
from planning.siting.engine.legality import allowed_swaps
from planning.siting.payments import Payments
from planning.siting.problem import SitingProblem
from planning.siting.solution import Solution
from planning.siting.study.exchanges import (
    Figures,
    Ground,
    Ints,
    best_exchange,
    two_nearest,
)

MOST_NAMED = 10
"""Places that are named to each side: what a reader takes in at a glance; people are counted in full."""


@dataclass(frozen=True)
class SiteWorth(Figures):
    """What is lost if one opened site closes and its people go to the next nearest.

    Parameters
    ----------
    site, kept
        Id of the candidate; whether the rules keep it open in any plan.
    people
        Whose nearest site it is (of equally near ones, the first by position).
    loss
        How much worse the objective gets, for those who still have a site; ``None`` if not `possible`. LSCP:
        always 0.
    extra_person_seconds, longest_extra_s
        Further travel of those who still have a site: of all together, and of the farthest.
    without_people, without_places
        Left without any site that may serve them.
    unreachable_people
        Those of them who have no way at all to another opened site.
    possible
        Whether the other sites make a plan of the model; ``None`` if that was not found out.
    """

    site: Any
    kept: bool
    people: int
    loss: int | None
    extra_person_seconds: int
    longest_extra_s: int
    without_people: int
    without_places: int
    unreachable_people: int
    possible: bool | None = True

    @property
    def mean_extra_s(self) -> float:
        """Further seconds of each person who must go elsewhere and can."""
        return self.extra_person_seconds / max(1, self.people - self.without_people)


@dataclass(frozen=True)
class Effect(Figures):
    """What an exchange does to one demand point; ``None`` seconds: no opened site may serve it."""

    demand: Any
    people: int
    before_s: int | None
    after_s: int | None


@dataclass(frozen=True)
class Swap(Figures):
    """One opened site exchanged for one closed candidate.

    Parameters
    ----------
    leaving, entering
        Ids of the candidates.
    loss
        How much worse the objective gets (negative: better), for those whom a site may serve.
    feasible
        Whether everyone is served whom the model must serve.
    gaining_people, losing_people, gained_person_seconds, lost_person_seconds
        Who is nearer to a site than before and who is farther, and by how much all together.
    without_people, newly_served_people
        Who had a site and has none any more, and the reverse; not counted above.
    most_helped, most_hurt
        Up to ten inhabited demand points each, by seconds times people; a site won or lost comes first.
    proven
        Whether no other exchange is better.
    """

    leaving: Any
    entering: Any
    loss: int
    feasible: bool
    gaining_people: int
    losing_people: int
    gained_person_seconds: int
    lost_person_seconds: int
    without_people: int
    newly_served_people: int
    most_helped: tuple[Effect, ...]
    most_hurt: tuple[Effect, ...]
    proven: bool = True

    @property
    def mean_gain_s(self) -> float:
        """Seconds by which each gaining person is nearer."""
        return self.gained_person_seconds / max(1, self.gaining_people)

    @property
    def mean_loss_s(self) -> float:
        """Seconds by which each losing person is farther."""
        return self.lost_person_seconds / max(1, self.losing_people)


def marginal_worth(
    problem: SitingProblem, solution: Solution, *, payments: Payments | None = None
) -> tuple[SiteWorth, ...]:
    """Return what each opened site is worth, in the order of ``solution.opened``.

    Parameters
    ----------
    problem, solution
    payments
        What people pay, for a model that :func:`~planning.siting.study.exchanges.payments_of` does not know.
    """
    ground = Ground.of(problem, solution, payments)
    rows = np.flatnonzero(problem.inhabited | ground.paid.everyone)
    payer, dear, dearer = two_nearest(ground.paid.each, solution.opened)
    site, near, next_near = two_nearest(ground.seconds, solution.opened)
    ways = (problem.values[rows][:, solution.opened] < UNREACHABLE).sum(axis=1)
    found = []
    for slot, position in enumerate(solution.opened.tolist()):
        mine, alone = site == slot, (site == slot) & (next_near < 0)
        moving = mine & ~alone
        further = (next_near - near)[moving]
        if ground.paid.worst:
            loss = max(0, int(np.where(payer == slot, dearer, dear).max(initial=0)) - int(dear.max(initial=0)))
        else:
            still = (payer == slot) & (dearer >= 0)
            loss = int((dearer - dear)[still] @ ground.people[still])
        figures = (ground.people[mine].sum(), loss, further @ ground.people[moving], further.max(initial=0))
        lost = (ground.people[alone].sum(), alone.sum(), ground.people[alone & (ways < 2)].sum())
        kept = bool(problem.rules.kept[position])
        people, loss, extra, longest, *gone = (int(x) for x in (*figures, *lost))
        site_id = problem.candidate_ids[position]
        found.append(SiteWorth(site_id, kept, people, loss, extra, longest, gone[0], gone[1], gone[2]))
    return tuple(found)


def best_swap(problem: SitingProblem, solution: Solution, *, payments: Payments | None = None) -> Swap | None:
    """Return the best exchange within the rules that is not taken, ``None`` if the rules allow none.

    Best is: fewest demand points unserved that the model must serve, then the best objective, then fewest
    people without a site, then least travel, then the first by position.
    """
    return _swap_within(problem, solution, payments, slice(None))


def swap_for(
    problem: SitingProblem, solution: Solution, candidate: Any, *, payments: Payments | None = None
) -> Swap | None:
    """Return the best exchange that opens the candidate of this id: "why not there?".

    ``None`` if it is open already or no exchange within the rules opens it.

    Raises
    ------
    FaultsError
        ``candidate-unknown`` if none has this id.
    """
    place = np.flatnonzero(problem.candidate_ids.astype(str) == str(candidate))
    if not len(place):
        raise FaultsError([Fault("candidate-unknown", field="candidate", value=str(candidate))])
    return _swap_within(problem, solution, payments, slice(int(place[0]), int(place[0]) + 1))


def _swap_within(problem: SitingProblem, solution: Solution, payments: Payments | None, entering: slice) -> Swap | None:
    ground = Ground.of(problem, solution, payments)
    allowed = np.zeros((len(solution.opened), problem.values.shape[1]), bool)
    allowed[:, entering] = allowed_swaps(problem.rules, solution.opened)[:, entering]
    table = ground.exchanges(solution.opened)
    best = best_exchange(table, allowed)
    if best is None:
        return None
    after = np.append(np.delete(solution.opened, best[0]), best[1])
    rows = np.flatnonzero(problem.inhabited | ground.paid.everyone)
    was, now = np.full((2, len(problem.weights)), UNREACHABLE, np.int64)
    for times, opened in ((was, solution.opened), (now, after)):
        near = two_nearest(ground.seconds, opened).first
        times[rows] = np.where(near < 0, UNREACHABLE, near)
    return swap_between(
        problem,
        (solution.opened[best[0]], best[1]),
        loss=int(table[1][best]) - ground.cost_of(solution.opened),
        times=(was, now),
        feasible=int(table[0][best]) == 0,
    )


def swap_between(
    problem: SitingProblem,
    sites: tuple[int, int],
    *,
    loss: int,
    times: tuple[Ints, Ints],
    feasible: bool = True,
    proven: bool = True,
) -> Swap:
    """Return an exchange with whom it helps and hurts.

    Parameters
    ----------
    problem
    sites
        Positions of the leaving and the entering candidate.
    loss, feasible, proven
        As in :class:`Swap`.
    times : (n,) int64 each
        Seconds of everyone to their site before and after, ``UNREACHABLE`` where none may serve.
    """
    was, now = times
    people = problem.weights
    before, after = was < UNREACHABLE, now < UNREACHABLE
    both = before & after
    nearer, farther = both & (now < was), both & (now > was)
    # A site won or lost counts as more than any way.
    moved = np.where(both, now - was, UNREACHABLE * (before.astype(np.int64) - after))
    hurt = np.argsort(-(moved * people), kind="stable")[:MOST_NAMED]
    helped = np.argsort(moved * people, kind="stable")[:MOST_NAMED]

    def effects(order: Ints, sign: int) -> tuple[Effect, ...]:
        rows = (i for i in order if sign * moved[i] * people[i] > 0)
        return tuple(
            Effect(problem.demand_ids[i], int(people[i]), *(None if t[i] >= UNREACHABLE else int(t[i]) for t in times))
            for i in rows
        )

    def count(who: NDArray[np.bool_]) -> int:
        return int(people[who].sum())

    return Swap(
        leaving=problem.candidate_ids[sites[0]],
        entering=problem.candidate_ids[sites[1]],
        loss=loss,
        feasible=feasible,
        gaining_people=count(nearer),
        losing_people=count(farther),
        gained_person_seconds=int((was - now)[nearer] @ people[nearer]),
        lost_person_seconds=int((now - was)[farther] @ people[farther]),
        without_people=count(before & ~after),
        newly_served_people=count(after & ~before),
        most_helped=effects(helped, -1),
        most_hurt=effects(hurt, 1),
        proven=proven,
    )
