"""The worst township, said for the checker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planning.siting.problem import SitingProblem
from planning.siting.proof.capped_question import CappedQuestion
from planning.siting.proof.capped_tree import CappedCertificate, holds
from planning.siting.proof.cover_certificate import CoverCertificate
from planning.siting.proof.look.choice import WorstGroupPays, Worth
from planning.siting.proof.look.sought import Sought, pay_travel
from planning.siting.proof.statement import Statement, nearest_seconds, proven, travel_costs, travel_faults
from planning.siting.proof.unserved import unserved_reason_holds
from planning.siting.solution import Solution

if TYPE_CHECKING:
    from planning.siting.proof.look.plans import Look


def _objective(problem: SitingProblem, solution: Solution) -> int:
    """Return the largest mean of a township in milliseconds, rounded up."""
    travel: dict[str, int] = {}
    people: dict[str, int] = {}
    seconds = nearest_seconds(problem, solution.opened).tolist()
    for town, w, t in zip(problem.demand_townships.tolist(), problem.weights.tolist(), seconds, strict=True):
        if w:
            travel[str(town)] = travel.get(str(town), 0) + w * t
            people[str(town)] = people.get(str(town), 0) + w
    return max((-(-1000 * travel[town] // people[town]) for town in people), default=0)


def _question(problem: SitingProblem, p: int) -> CappedQuestion:
    lived_in, costs = problem.weights > 0, travel_costs(problem)
    people = problem.weights[lived_in]
    names = [str(town) for town in problem.demand_townships[lived_in].tolist()]
    place = {town: k for k, town in enumerate(sorted(set(names)))}
    groups = np.array([place[town] for town in names], np.int64)
    shares = np.array([int(people[groups == k].sum()) for k in range(len(place))], np.int64)
    free = np.zeros(costs.shape[1], np.int64)
    return CappedQuestion(costs, groups, shares, 1000, problem.rules, p, free, None)


def _pay_means(look: Look) -> list[Worth]:
    """Everybody pays the way; then only the mean of the worst township counts."""
    _, of = np.unique(look.problem.demand_townships[look.counted].astype(str), return_inverse=True)
    shares = look.people / np.maximum(np.bincount(of, look.people), 1.0)[of]
    means = np.where(look.seconds <= look.longest, shares[:, None] * look.seconds, np.inf)
    return [*pay_travel(look), WorstGroupPays(means, of.astype(np.int64))]


STATEMENT = Statement(
    "worst-township",
    "min",
    "milliseconds",
    travel_faults,
    _objective,
    {CappedCertificate: proven(lambda problem, plan, proof: holds(_question(problem, plan.options["p"]), proof))},
    unserved_reason_holds,
    of_reasons=(CoverCertificate,),
    sought=Sought(_pay_means),
)
