"""The p-median, said for the checker."""

from __future__ import annotations

from planning.siting.problem import SitingProblem
from planning.siting.proof.certificate import Certificate
from planning.siting.proof.cover_certificate import CoverCertificate
from planning.siting.proof.sites_tree import proves
from planning.siting.proof.statement import (
    Statement,
    inhabited_seconds,
    nearest_seconds,
    person_seconds,
    proven,
    travel_faults,
)
from planning.siting.proof.unserved import unserved_reason_holds
from planning.siting.solution import Solution


def _objective(problem: SitingProblem, solution: Solution) -> int:
    return person_seconds(problem, nearest_seconds(problem, solution.opened))


def _proves(problem: SitingProblem, solution: Solution, certificate: Certificate) -> bool:
    if (certificate.sites, certificate.exactly) != (solution.options["p"], True):
        return False
    return proves(*inhabited_seconds(problem), certificate, problem.rules)


STATEMENT = Statement(
    "p-median",
    "min",
    "person-seconds",
    travel_faults,
    _objective,
    {Certificate: proven(_proves)},
    unserved_reason_holds,
    of_reasons=(CoverCertificate,),
)
