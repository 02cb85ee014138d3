"""Maximal covering under a budget, said for the checker."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gis.cost_matrix import UNREACHABLE
from gis.faults import Fault
from planning.siting.problem import SitingProblem
from planning.siting.proof.capped_question import CappedQuestion
from planning.siting.proof.capped_tree import CappedCertificate, holds
from planning.siting.proof.certificate import Certificate
from planning.siting.proof.cover_certificate import CoverCertificate
from planning.siting.proof.look.sought import Sought, pay_uncovered_people
from planning.siting.proof.statement import (
    Statement,
    covered_faults,
    demands_of_covering,
    says_shortage,
    served_seconds,
)
from planning.siting.proof.statements.budget import budget_faults, budget_question, proves_shortage
from planning.siting.proof.statements.mclp import proves_uncovered_people
from planning.siting.proof.unserved import unserved_reason_holds
from planning.siting.solution import Reason, Solution


def _plan_faults(problem: SitingProblem, solution: Solution) -> Iterator[Fault]:
    yield from budget_faults(problem, solution)
    yield from covered_faults(problem, solution)


def _objective(problem: SitingProblem, solution: Solution) -> int:
    seconds = served_seconds(problem, solution).tolist()
    limit = min(solution.options["limit_s"], UNREACHABLE - 1)
    return sum(w for w, t in zip(problem.weights.tolist(), seconds, strict=True) if t <= limit)


def _question(problem: SitingProblem, solution: Solution, *, more_yuan: int = 0) -> CappedQuestion:
    people = problem.weights[problem.weights > 0][:, None]
    seconds = problem.values[problem.weights > 0]
    lost = np.where(seconds <= min(solution.options["limit_s"], UNREACHABLE - 1), 0, people)
    if problem.max_time_s is not None:
        lost = np.where(seconds <= min(problem.max_time_s, UNREACHABLE - 1), lost, -1)
    return budget_question(problem, solution, lost, more_yuan=more_yuan)


def _proven_bound(problem: SitingProblem, solution: Solution) -> int | None:
    total: int = sum(problem.weights.tolist())
    certificate = solution.certificate
    if certificate is None:
        return total
    if isinstance(certificate, Certificate | CoverCertificate):
        enough = _affords_no_more(problem, solution, certificate.sites)
        return total - certificate.bound if enough and proves_uncovered_people(problem, solution, certificate) else None
    if not isinstance(certificate, CappedCertificate) or not holds(_question(problem, solution), certificate):
        return None
    return total - certificate.bound


def _affords_no_more(problem: SitingProblem, solution: Solution, sites: int) -> bool:
    """Whether no plan within the budget opens more, and every plan of fewer can be filled up to so many.

    Whoever opens more sites covers as many people at least, where neither townships nor a separation mind.
    """
    rules, free = problem.rules, ~problem.rules.barred
    if len(rules.townships) or len(rules.apart) or rules.stands.any() or problem.max_time_s is not None:
        return False
    cheapest = sorted(problem.opening_costs[free].tolist())
    fewest_yuan = sum(cheapest[: sites + 1])
    return sites == len(cheapest) or (sites < len(cheapest) and fewest_yuan > solution.options["budget_yuan"])


def _reason_holds(problem: SitingProblem, solution: Solution, reason: Reason) -> bool:
    if reason.code != "budget-short":
        cut_off = reason.code == "unreachable-demand" and problem.max_time_s is not None
        return cut_off and unserved_reason_holds(problem, solution, reason)
    if not says_shortage(reason):
        return False
    return proves_shortage(_question(problem, solution, more_yuan=reason.params["short"] - 1), solution.certificate)


STATEMENT = Statement(
    "budget-coverage",
    "max",
    "people",
    _plan_faults,
    _objective,
    _proven_bound,
    _reason_holds,
    demands_of_covering,
    carries=(CappedCertificate, Certificate, CoverCertificate),
    sought=Sought(pay_uncovered_people),
)
