"""Maximal covering under a budget, said for the checker."""

from __future__ import annotations

import numpy as np

from planning.siting.problem import SitingProblem
from planning.siting.proof.capped_question import CappedQuestion
from planning.siting.proof.capped_tree import CappedCertificate, holds
from planning.siting.proof.certificate import Certificate
from planning.siting.proof.cover_certificate import CoverCertificate
from planning.siting.proof.look.sought import Sought, pay_uncovered_people
from planning.siting.proof.statement import (
    Statement,
    all_people,
    covered_faults,
    covered_people,
    covers,
    demands_of_covering,
    inhabited_seconds,
    together,
)
from planning.siting.proof.statements.budget import budget_faults, budget_question, shortage_holds
from planning.siting.proof.statements.mclp import proves_uncovered_people
from planning.siting.proof.unserved import unserved_reason_holds
from planning.siting.solution import Reason, Solution


def _question(problem: SitingProblem, solution: Solution, *, more_yuan: int = 0) -> CappedQuestion:
    seconds, people = inhabited_seconds(problem)
    lost = np.where(covers(problem, solution), 0, people[:, None])
    if problem.max_time_s is not None:
        lost[seconds < 0] = -1
    return budget_question(problem, solution, lost, more_yuan=more_yuan)


def _uncovered(problem: SitingProblem, solution: Solution, certificate: CoverCertificate | Certificate) -> int | None:
    """Everyone, less the people whom no plan of so many sites covers."""
    enough = _affords_no_more(problem, solution, certificate.sites)
    enough = enough and proves_uncovered_people(problem, solution, certificate)
    return all_people(problem, solution) - certificate.bound if enough else None


def _capped(problem: SitingProblem, solution: Solution, certificate: CappedCertificate) -> int | None:
    """Everyone, less the people whom no plan within the budget covers."""
    enough = holds(_question(problem, solution), certificate)
    return all_people(problem, solution) - certificate.bound if enough else None


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
    if reason.code == "unreachable-demand":
        return problem.max_time_s is not None and unserved_reason_holds(problem, solution, reason)
    return shortage_holds(_question, problem, solution, reason)


STATEMENT = Statement(
    "budget-coverage",
    "max",
    "people",
    together(budget_faults, covered_faults),
    covered_people,
    {CappedCertificate: _capped, Certificate: _uncovered, CoverCertificate: _uncovered},
    _reason_holds,
    demands_of_covering,
    trivial=all_people,
    sought=Sought(pay_uncovered_people),
)
