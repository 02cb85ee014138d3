"""Maximal covering, said for the checker."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from gis.cost_matrix import UNREACHABLE
from gis.faults import Fault
from planning.siting.problem import SitingProblem
from planning.siting.proof.capacity_certificate import CapacityCertificate
from planning.siting.proof.cover_certificate import CoverCertificate
from planning.siting.proof.cover_tree import proves_losses
from planning.siting.proof.loaded_cover import least_cost
from planning.siting.proof.loads import load_faults
from planning.siting.proof.sites_tree import proves
from planning.siting.proof.statement import (
    Demands,
    Statement,
    allocated_seconds,
    count_faults,
    nearest_faults,
    nearest_seconds,
    unserved_faults,
)
from planning.siting.proof.unserved import unserved_reason_holds
from planning.siting.solution import Solution


def _plan_faults(problem: SitingProblem, solution: Solution) -> Iterator[Fault]:
    yield from count_faults(solution)
    if problem.capacity is not None:
        limit_s = None if problem.max_time_s is not None else solution.options["limit_s"]
        yield from load_faults(problem, solution, limit_s=limit_s, everyone=False)
        return
    yield from nearest_faults(problem, solution)
    if problem.max_time_s is not None:
        yield from unserved_faults(problem, nearest_seconds(problem, solution.opened))


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
    people = problem.weights[problem.weights > 0]
    seconds = problem.values[problem.weights > 0]
    proven: int = total - certificate.bound
    if isinstance(certificate, CoverCertificate):
        covers = np.asarray(seconds <= min(solution.options["limit_s"], UNREACHABLE - 1))
        holds = certificate.sites == solution.options["p"]
        return proven if holds and proves_losses(covers, people, certificate, problem.rules) else None
    if (certificate.sites, certificate.exactly) != (solution.options["p"], True):
        return None
    lost = (seconds > min(solution.options["limit_s"], UNREACHABLE - 1)).astype(np.int8)
    if problem.max_time_s is not None:
        lost[seconds > min(problem.max_time_s, UNREACHABLE - 1)] = -1
    return proven if proves(lost, people, certificate, problem.rules) else None


def _loaded_costs(problem: SitingProblem, solution: Solution) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the people lost by each pair (n, m), and by leaving a place out (n,); negative where that may not be."""
    people, limit = problem.weights, min(solution.options["limit_s"], UNREACHABLE - 1)
    covered = problem.values <= limit
    if problem.max_time_s is None:
        return np.where(covered, 0, -1), people
    within = problem.values <= min(problem.max_time_s, UNREACHABLE - 1)
    return np.where(within, np.where(covered, 0, people[:, None]), -1), np.where(people > 0, -1, 0)


def _demands(problem: SitingProblem) -> Demands:
    return Demands(everyone=problem.max_time_s is not None)


STATEMENT = Statement("max", "people", _plan_faults, _objective, _proven_bound, unserved_reason_holds, _demands)
