"""Maximal covering, said for the checker."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from gis.cost_matrix import UNREACHABLE
from gis.faults import Fault
from planning.siting.problem import SitingProblem
from planning.siting.proof.capacity_certificate import CapacityCertificate
from planning.siting.proof.certificate import Certificate
from planning.siting.proof.cover_certificate import CoverCertificate
from planning.siting.proof.cover_tree import proves_losses
from planning.siting.proof.loaded_cover import least_cost
from planning.siting.proof.look.sought import Sought, pay_uncovered_people
from planning.siting.proof.sites_tree import proves
from planning.siting.proof.statement import (
    Statement,
    allocated_seconds,
    count_faults,
    covered_faults,
    demands_of_covering,
)
from planning.siting.proof.unserved import unserved_reason_holds
from planning.siting.solution import Reason, Solution


def _plan_faults(problem: SitingProblem, solution: Solution) -> Iterator[Fault]:
    yield from count_faults(solution)
    yield from covered_faults(problem, solution)


def _objective(problem: SitingProblem, solution: Solution) -> int:
    seconds = allocated_seconds(problem, solution).tolist()
    limit = min(solution.options["limit_s"], UNREACHABLE - 1)
    return sum(w for w, t in zip(problem.weights.tolist(), seconds, strict=True) if t <= limit)


def _proven_bound(problem: SitingProblem, solution: Solution) -> int | None:
    """Everyone, less the people whom no plan covers: uncovered people are the cost."""
    total: int = sum(problem.weights.tolist())
    certificate = solution.certificate
    if certificate is None:
        return total
    if isinstance(certificate, CapacityCertificate):
        least = least_cost(problem, *_loaded_costs(problem, solution), certificate, sites=solution.options["p"])
        return None if least is None else total - least
    exactly = isinstance(certificate, CoverCertificate) or certificate.exactly
    if (certificate.sites, exactly) != (solution.options["p"], True):
        return None
    return total - certificate.bound if proves_uncovered_people(problem, solution, certificate) else None


def proves_uncovered_people(
    problem: SitingProblem, solution: Solution, certificate: CoverCertificate | Certificate
) -> bool:
    """Whether ``certificate.sites`` sites leave at least ``certificate.bound`` people beyond the option ``limit_s``."""
    people = problem.weights[problem.weights > 0]
    seconds = problem.values[problem.weights > 0]
    covers = np.asarray(seconds <= min(solution.options["limit_s"], UNREACHABLE - 1))
    if isinstance(certificate, CoverCertificate):
        return proves_losses(covers, people, certificate, problem.rules)
    lost = np.where(covers, 0, 1).astype(np.int8)
    if problem.max_time_s is not None:
        lost[seconds > min(problem.max_time_s, UNREACHABLE - 1)] = -1
    return proves(lost, people, certificate, problem.rules)


def _loaded_costs(problem: SitingProblem, solution: Solution) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the people lost by each pair (n, m), and by leaving a place out (n,); negative where that may not be."""
    people, limit = problem.weights, min(solution.options["limit_s"], UNREACHABLE - 1)
    covered = problem.values <= limit
    if problem.max_time_s is None:
        return np.where(covered, 0, -1), people
    within = problem.values <= min(problem.max_time_s, UNREACHABLE - 1)
    return np.where(within, np.where(covered, 0, people[:, None]), -1), np.where(people > 0, -1, 0)


def _reason_holds(problem: SitingProblem, solution: Solution, reason: Reason) -> bool:
    return problem.max_time_s is not None and unserved_reason_holds(problem, solution, reason)


STATEMENT = Statement(
    "mclp",
    "max",
    "people",
    _plan_faults,
    _objective,
    _proven_bound,
    _reason_holds,
    demands_of_covering,
    carries=(Certificate, CoverCertificate, CapacityCertificate),
    sought=Sought(pay_uncovered_people),
)
