"""Siting under a budget, said for the checker."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from gis.faults import Fault
from planning.siting.problem import SitingProblem
from planning.siting.proof.capped_question import CappedQuestion
from planning.siting.proof.capped_tree import CappedCertificate, holds
from planning.siting.proof.statement import (
    Statement,
    added_yuan,
    any_count_faults,
    closing_yuan,
    person_seconds,
    proven,
    says_shortage,
    served_faults,
    served_seconds,
    together,
    travel_costs,
)
from planning.siting.proof.unserved import unserved_reason_holds
from planning.siting.solution import Reason, Solution


def budget_faults(problem: SitingProblem, solution: Solution) -> Iterator[Fault]:
    """Yield a fault if opening, closing and extending cost more than the budget."""
    spent, most = yuan_of_sites(problem, solution), solution.options["budget_yuan"]
    if spent > most:
        yield Fault("budget-exceeded", field="opened", value=str(spent), params={"budget_yuan": most})


def yuan_of_sites(problem: SitingProblem, solution: Solution) -> int:
    """Return what opening, closing and extending cost."""
    chosen = set(solution.opened.tolist())
    yuan: int = closing_yuan(problem) + sum(added_yuan(problem)[solution.opened].tolist())
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
    return budget_question(problem, solution, travel_costs(problem), more_yuan=more_yuan)


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
    return CappedQuestion(
        costs,
        np.zeros(len(costs), np.int64),
        np.ones(1, np.int64),
        1,
        problem.rules,
        solution.options.get("p"),
        added_yuan(problem),
        solution.options["budget_yuan"] + more_yuan - closing_yuan(problem),
    )


def _reason_holds(problem: SitingProblem, solution: Solution, reason: Reason) -> bool:
    if reason.code == "unreachable-demand":
        return unserved_reason_holds(problem, solution, reason)
    return shortage_holds(_question, problem, solution, reason)


def shortage_holds(
    question_of: Callable[..., CappedQuestion], problem: SitingProblem, solution: Solution, reason: Reason
) -> bool:
    """Whether there is no plan at all with one yuan less than is said to be missing.

    Parameters
    ----------
    question_of
        The question of a problem and a solution with ``more_yuan``.
    problem, solution
    reason
        That the budget is short.
    """
    certificate = solution.certificate
    if reason.code != "budget-short" or not says_shortage(reason) or not isinstance(certificate, CappedCertificate):
        return False
    question = question_of(problem, solution, more_yuan=reason.params["short"] - 1)
    return certificate.bound > question.worst and holds(question, certificate)


STATEMENT = Statement(
    "budget",
    "min",
    "person-seconds",
    together(any_count_faults, budget_faults, served_faults),
    _objective,
    {CappedCertificate: proven(lambda problem, plan, proof: holds(_question(problem, plan), proof))},
    _reason_holds,
)
