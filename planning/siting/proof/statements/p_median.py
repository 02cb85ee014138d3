"""The p-median, said for the checker."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planning.siting.problem import SitingProblem
from planning.siting.proof.certificate import Certificate
from planning.siting.proof.cover_certificate import CoverCertificate
from planning.siting.proof.longest import longest_time
from planning.siting.proof.shared_certificate import SharedCertificate
from planning.siting.proof.shared_tree import proves_shared
from planning.siting.proof.sites_tree import proves
from planning.siting.proof.statement import Statement, nearest_seconds, person_seconds, travel_faults
from planning.siting.proof.unserved import unserved_reason_holds
from planning.siting.solution import Solution


def _objective(problem: SitingProblem, solution: Solution) -> int:
    return person_seconds(problem, nearest_seconds(problem, solution.opened))


def _seconds(problem: SitingProblem) -> NDArray[np.int32]:
    """(k, m) seconds from every inhabited demand point; −1 where a site may not serve it."""
    limit = longest_time(problem)
    seconds = problem.values[problem.weights > 0]
    seconds[seconds > limit] = -1
    return seconds


def _proven_bound(problem: SitingProblem, solution: Solution) -> int | None:
    certificate = solution.certificate
    if certificate is None:
        return 0
    if certificate.sites != solution.options["p"]:
        return None
    seconds, people = _seconds(problem), problem.weights[problem.weights > 0]
    if isinstance(certificate, SharedCertificate):
        paid = np.where(seconds < 0, -1, seconds * people[:, None])
        return certificate.bound if proves_shared(paid, certificate, problem.rules) else None
    return certificate.bound if certificate.exactly and proves(seconds, people, certificate, problem.rules) else None


STATEMENT = Statement(
    "p-median",
    "min",
    "person-seconds",
    travel_faults,
    _objective,
    _proven_bound,
    unserved_reason_holds,
    carries=(Certificate, SharedCertificate, CoverCertificate),
)
