"""Facility location, said for the checker: the yuan of sites and of travel in one sum."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from planning.siting.problem import SitingProblem
from planning.siting.proof.capped_question import CappedQuestion
from planning.siting.proof.capped_tree import CappedCertificate, holds
from planning.siting.proof.look.choice import NearestPays, SitesPay, Worth
from planning.siting.proof.look.sought import Sought
from planning.siting.proof.statement import (
    Statement,
    added_yuan,
    any_count_faults,
    closing_yuan,
    inhabited_seconds,
    proven,
    served_faults,
    served_seconds,
    together,
)
from planning.siting.proof.statements.budget import yuan_of_sites
from planning.siting.proof.unserved import unserved_reason_holds
from planning.siting.solution import Reason, Solution

if TYPE_CHECKING:
    from planning.siting.proof.look.plans import Look

SECONDS_PER_HOUR = 3600


def _rate(solution: Solution) -> int:
    """Return the yuan of an hour on every way that a person goes."""
    hour_yuan, trips = int(solution.options["hour_yuan"]), int(solution.options["trips"])
    if hour_yuan < 1 or trips < 1:
        raise ValueError
    return hour_yuan * trips


def _objective(problem: SitingProblem, solution: Solution) -> int:
    rate = _rate(solution)
    people = zip(problem.weights.tolist(), served_seconds(problem, solution).tolist(), strict=True)
    travel = sum(_rounded(w * t * rate) for w, t in people if w)
    return travel + yuan_of_sites(problem, solution)


def _rounded(person_seconds: int) -> int:
    """Return whole yuan, half a yuan rounded up."""
    return (2 * person_seconds + SECONDS_PER_HOUR) // (2 * SECONDS_PER_HOUR)


def _question(problem: SitingProblem, solution: Solution) -> CappedQuestion:
    """Return what a plan claims to have answered; with capacities, the same without loads: no harder than that.

    Leaving a site open that stands saves its closing, so that one more demand point, whichever site serves it, pays
    for the closing of all of them.
    """
    seconds, people = inhabited_seconds(problem)
    travel = _travel(np.maximum(seconds, 0), people, _rate(solution))
    everywhere = np.full((1, seconds.shape[1]), closing_yuan(problem), np.int64)
    costs = np.concatenate([np.where(seconds < 0, -1, travel), everywhere])
    groups, shares = np.zeros(len(costs), np.int64), np.ones(1, np.int64)
    p = solution.options.get("p")
    return CappedQuestion(costs, groups, shares, 1, problem.rules, p, added_yuan(problem), None, charged=True)


def _travel(seconds: NDArray[np.int32], people: NDArray[np.int64], rate: int) -> NDArray[np.int64]:
    """(k, m) whole yuan, by Python's own integers where 64 bits might not hold what they are rounded from."""
    longest = int(seconds.max(initial=0)) * int(people.max(initial=0)) * rate * 2 + SECONDS_PER_HOUR
    kind = np.int64 if longest < 2**62 else object
    person_seconds = seconds.astype(kind) * people.astype(kind)[:, None] * rate
    return np.asarray((2 * person_seconds + SECONDS_PER_HOUR) // (2 * SECONDS_PER_HOUR), np.int64)


def _reason_holds(problem: SitingProblem, solution: Solution, reason: Reason) -> bool:
    return reason.code == "unreachable-demand" and unserved_reason_holds(problem, solution, reason)


def _pay_yuan(look: Look) -> list[Worth]:
    """Everybody pays the way to the nearest site, and what opening adds is paid too."""
    yuan = look.people[:, None] * look.seconds * (_rate(look.solution) / SECONDS_PER_HOUR)
    return [SitesPay(NearestPays(np.where(look.seconds <= look.longest, yuan, np.inf)), look.yuan)]


STATEMENT = Statement(
    "facility-location",
    "min",
    "yuan",
    together(any_count_faults, served_faults),
    _objective,
    {CappedCertificate: proven(lambda problem, plan, proof: holds(_question(problem, plan), proof))},
    _reason_holds,
    sought=Sought(_pay_yuan),
)
