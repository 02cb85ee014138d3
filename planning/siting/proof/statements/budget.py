"""Siting under a budget, said for the checker."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from gis.faults import Fault
from planning.siting.problem import SitingProblem
from planning.siting.proof.capped_question import CappedQuestion
from planning.siting.proof.capped_tree import CappedCertificate, holds
from planning.siting.proof.longest import longest_time
from planning.siting.proof.statement import (
    Statement,
    count_faults,
    person_seconds,
    says_shortage,
    served_faults,
    served_seconds,
)
from planning.siting.proof.unserved import unserved_reason_holds
from planning.siting.solution import Reason, Solution


def _plan_faults(problem: SitingProblem, solution: Solution) -> Iterator[Fault]:
    if "p" in solution.options:
        yield from count_faults(solution)
    yield from budget_faults(problem, solution)
    yield from served_faults(problem, solution)


def budget_faults(problem: SitingProblem, solution: Solution) -> Iterator[Fault]:
    """Yield a fault if opening, closing and extending cost more than the budget."""
    spent, most = yuan_of_sites(problem, solution), solution.options["budget_yuan"]
    if spent > most:
        yield Fault("budget-exceeded", field="opened", value=str(spent), params={"budget_yuan": most})


def yuan_of_sites(problem: SitingProblem, solution: Solution) -> int:
    """Return what opening, closing and extending cost."""
    chosen, yuan = set(solution.opened.tolist()), 0
    for j, stands in enumerate(problem.rules.stands.tolist()):
        if stands and j not in chosen:
            yuan += int(problem.closing_costs[j])
        elif j in chosen and not stands:
            yuan += int(problem.opening_costs[j])
    capacity = problem.capacity
    if capacity is None:
        return yuan
    load = dict.fromkeys(chosen, 0)
    for j, wanted in zip(solution.allocation.tolist(), capacity.loads.tolist(), strict=True):
        load[j] = load.get(j, 0) + wanted
    return yuan + sum(int(capacity.extension_costs[j]) * max(0, load[j] - int(capacity.included[j])) for j in chosen)


def _objective(problem: SitingProblem, solution: Solution) -> int:
    return person_seconds(problem, served_seconds(problem, solution))


def _question(problem: SitingProblem, solution: Solution, *, more_yuan: int = 0) -> CappedQuestion:
    limit = longest_time(problem)
    lived_in = problem.weights > 0
    people, values = problem.weights[lived_in], problem.values[lived_in].astype(np.int64)
    return budget_question(
        problem, solution, np.where(values <= limit, values * people[:, None], -1), more_yuan=more_yuan
    )


def budget_question(
    problem: SitingProblem, solution: Solution, costs: NDArray[np.int64], *, more_yuan: int = 0
) -> CappedQuestion:
    """Return what a plan under a budget claims to have answered; with capacities, what is no harder than that.

    Parameters
    ----------
    costs : (k, m) int64
        What every inhabited demand point pays at each site; negative where not allowed.
    more_yuan
        Money beyond the budget.
    """
    stands = problem.rules.stands
    return CappedQuestion(
        costs,
        np.zeros(len(costs), np.int64),
        np.ones(1, np.int64),
        1,
        problem.rules,
        solution.options.get("p"),
        np.where(stands, -problem.closing_costs, problem.opening_costs),
        solution.options["budget_yuan"] + more_yuan - sum(problem.closing_costs[stands].tolist()),
    )


def _proven_bound(problem: SitingProblem, solution: Solution) -> int | None:
    certificate = solution.certificate
    if certificate is None:
        return 0
    if not isinstance(certificate, CappedCertificate):
        return None
    return certificate.bound if holds(_question(problem, solution), certificate) else None


def _reason_holds(problem: SitingProblem, solution: Solution, reason: Reason) -> bool:
    if reason.code != "budget-short":
        return reason.code == "unreachable-demand" and unserved_reason_holds(problem, solution, reason)
    if not says_shortage(reason):
        return False
    return proves_shortage(_question(problem, solution, more_yuan=reason.params["short"] - 1), solution.certificate)


def proves_shortage(question: CappedQuestion, certificate: object) -> bool:
    """Whether there is no plan at all."""
    if not isinstance(certificate, CappedCertificate):
        return False
    return certificate.bound > question.worst and holds(question, certificate)


STATEMENT = Statement(
    "budget",
    "min",
    "person-seconds",
    _plan_faults,
    _objective,
    _proven_bound,
    _reason_holds,
    carries=(CappedCertificate,),
)
