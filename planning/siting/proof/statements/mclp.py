"""Maximal covering, said for the checker."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gis.cost_matrix import UNREACHABLE
from planning.siting.problem import SitingProblem
from planning.siting.proof.capacity_certificate import CapacityCertificate
from planning.siting.proof.certificate import Certificate
from planning.siting.proof.cover_certificate import CoverCertificate
from planning.siting.proof.cover_tree import proves_losses
from planning.siting.proof.loaded_cover import least_cost
from planning.siting.proof.longest import longest_time
from planning.siting.proof.look.sought import Sought, pay_uncovered_people
from planning.siting.proof.sites_tree import proves
from planning.siting.proof.statement import (
    Statement,
    all_people,
    count_faults,
    covered_faults,
    covered_people,
    covers,
    demands_of_covering,
    inhabited_seconds,
    together,
)
from planning.siting.proof.unserved import unserved_reason_holds
from planning.siting.solution import Reason, Solution


def _uncovered(problem: SitingProblem, solution: Solution, certificate: CoverCertificate | Certificate) -> int | None:
    """Everyone, less the people whom no plan covers: uncovered people are the cost."""
    exactly = isinstance(certificate, CoverCertificate) or certificate.exactly
    if (certificate.sites, exactly) != (solution.options["p"], True):
        return None
    proves_it = proves_uncovered_people(problem, solution, certificate)
    return all_people(problem, solution) - certificate.bound if proves_it else None


def _loaded(problem: SitingProblem, solution: Solution, certificate: CapacityCertificate) -> int | None:
    """Everyone, less the people who have no place."""
    least = least_cost(problem, *_loaded_costs(problem, solution), certificate, sites=solution.options["p"])
    return None if least is None else all_people(problem, solution) - least


def proves_uncovered_people(
    problem: SitingProblem, solution: Solution, certificate: CoverCertificate | Certificate
) -> bool:
    """Whether ``certificate.sites`` sites leave at least ``certificate.bound`` people beyond the option ``limit_s``."""
    people, near = problem.weights[problem.weights > 0], covers(problem, solution)
    if isinstance(certificate, CoverCertificate):
        return proves_losses(near, people, certificate, problem.rules)
    lost = np.where(near, 0, 1).astype(np.int8)
    if problem.max_time_s is not None:
        lost[inhabited_seconds(problem)[0] < 0] = -1
    return proves(lost, people, certificate, problem.rules)


def _loaded_costs(problem: SitingProblem, solution: Solution) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the people lost by each pair (n, m), and by leaving a place out (n,); negative where that may not be."""
    people, limit = problem.weights, min(solution.options["limit_s"], UNREACHABLE - 1)
    covered = problem.values <= limit
    if problem.max_time_s is None:
        return np.where(covered, 0, -1), people
    within = problem.values <= longest_time(problem)
    return np.where(within, np.where(covered, 0, people[:, None]), -1), np.where(people > 0, -1, 0)


def _reason_holds(problem: SitingProblem, solution: Solution, reason: Reason) -> bool:
    return problem.max_time_s is not None and unserved_reason_holds(problem, solution, reason)


STATEMENT = Statement(
    "mclp",
    "max",
    "people",
    together(count_faults, covered_faults),
    covered_people,
    {Certificate: _uncovered, CoverCertificate: _uncovered, CapacityCertificate: _loaded},
    _reason_holds,
    demands_of_covering,
    trivial=all_people,
    sought=Sought(pay_uncovered_people),
)
