"""The p-center, said for the checker."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gis.cost_matrix import UNREACHABLE
from gis.faults import Fault
from planning.siting.problem import SitingProblem
from planning.siting.proof.capacity_certificate import CapacityCertificate
from planning.siting.proof.cover_certificate import CoverCertificate
from planning.siting.proof.cover_tree import proves_uncovered
from planning.siting.proof.loaded_cover import least_cost
from planning.siting.proof.longest import longest_time
from planning.siting.proof.look.sought import Sought, pay_uncovered_places
from planning.siting.proof.statement import Statement, allocated_seconds, count_faults, served_faults
from planning.siting.proof.unserved import unserved_reason_holds
from planning.siting.solution import Solution


def _plan_faults(problem: SitingProblem, solution: Solution) -> Iterator[Fault]:
    yield from count_faults(solution)
    yield from served_faults(problem, solution)


def _objective(problem: SitingProblem, solution: Solution) -> int:
    return int(allocated_seconds(problem, solution)[problem.weights > 0].max(initial=0))


def _proven_bound(problem: SitingProblem, solution: Solution) -> int | None:
    """With p sites somebody is beyond ``bound − 1`` seconds; plain: nobody is nearer than the nearest candidate."""
    inhabited = problem.values[problem.weights > 0]
    usable = inhabited[:, ~problem.rules.barred]
    plain = int(usable.min(axis=1, initial=UNREACHABLE).max(initial=0))
    certificate, bound = solution.certificate, solution.bound
    if certificate is None or bound is None:
        return plain
    if isinstance(certificate, CapacityCertificate):
        limit = longest_time(problem, bound - 1)
        costs, left_out = np.where(problem.values <= limit, 0, -1), (problem.weights > 0).astype(np.int64)
        lost = least_cost(problem, costs, left_out, certificate, sites=solution.options["p"])
        return None if lost is None else max(plain, bound if lost > 0 else 0)
    if certificate.sites != solution.options["p"]:
        return None
    within = inhabited <= min(bound - 1, UNREACHABLE - 1)
    return max(plain, bound) if proves_uncovered(within, certificate, problem.rules) else None


def _nearer(problem: SitingProblem, solution: Solution) -> int:
    """Return what would be better: everybody nearer than the bound."""
    return longest_time(problem, None if solution.bound is None else solution.bound - 1)


STATEMENT = Statement(
    "p-center",
    "min",
    "seconds",
    _plan_faults,
    _objective,
    _proven_bound,
    unserved_reason_holds,
    carries=(CoverCertificate, CapacityCertificate),
    sought=Sought(pay_uncovered_places, _nearer),
)
