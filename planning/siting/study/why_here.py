"""Why here: what each opened site is worth, and which exchange comes nearest to paying.

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
from planning.siting.problem import SitingProblem
from planning.siting.solution import Solution
from planning.siting.study.exchanges import (
    Figures,
    Ground,
    Ints,
    Payments,
    allowed_swaps,
    best_exchange,
    two_nearest,
)

MOST_NAMED = 10


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
        How much worse the objective gets, for those who still have a site. LSCP: always 0.
    extra_person_seconds, longest_extra_s
        Further travel of those who still have a site: of all together, and of the farthest.
    without_people, without_places
        Left without any site that may serve them.
    unreachable_people
        Those of them who have no way at all to another opened site.
    """

    site: Any
    kept: bool
    people: int
    loss: int
    extra_person_seconds: int
    longest_extra_s: int
    without_people: int
    without_places: int
    unreachable_people: int

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
        found.append(SiteWorth(problem.candidate_ids[position], kept, *(int(x) for x in (*figures, *lost))))
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
    _, cost, _ = two_nearest(ground.paid.each, solution.opened)
    _, was, _ = two_nearest(ground.seconds, solution.opened)
    _, now, _ = two_nearest(ground.seconds, after)
    paid = cost.max(initial=0) if ground.paid.worst else cost[cost >= 0] @ ground.people[cost >= 0]
    people, served = ground.people, (was >= 0) & (now >= 0)
    nearer, farther = served & (now < was), served & (now > was)
    ids = problem.demand_ids[problem.inhabited | ground.paid.everyone]
    # A site won or lost counts as more than any way.
    moved = np.where(served, now - was, np.where(now == was, 0, UNREACHABLE * np.where(now < 0, 1, -1)))
    hurt = np.argsort(-(moved * people), kind="stable")[:MOST_NAMED]
    helped = np.argsort(moved * people, kind="stable")[:MOST_NAMED]

    def effects(order: Ints, sign: int) -> tuple[Effect, ...]:
        times = ((i, int(was[i]), int(now[i])) for i in order if sign * moved[i] * people[i] > 0)
        return tuple(Effect(ids[i], int(people[i]), *(None if t < 0 else t for t in pair)) for i, *pair in times)

    def count(who: NDArray[np.bool_]) -> int:
        return int(people[who].sum())

    return Swap(
        leaving=problem.candidate_ids[solution.opened[best[0]]],
        entering=problem.candidate_ids[best[1]],
        loss=int(table[1][best]) - int(paid),
        feasible=int(table[0][best]) == 0,
        gaining_people=count(nearer),
        losing_people=count(farther),
        gained_person_seconds=int((was - now)[nearer] @ people[nearer]),
        lost_person_seconds=int((now - was)[farther] @ people[farther]),
        without_people=count((was >= 0) & (now < 0)),
        newly_served_people=count((was < 0) & (now >= 0)),
        most_helped=effects(helped, -1),
        most_hurt=effects(hurt, 1),
    )
