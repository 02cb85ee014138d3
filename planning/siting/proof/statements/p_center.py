"""The p-center, said for the checker."""

from __future__ import annotations

import numpy as np

from gis.cost_matrix import UNREACHABLE
from planning.siting.problem import SitingProblem
from planning.siting.proof.capacity_certificate import CapacityCertificate
from planning.siting.proof.cover_certificate import CoverCertificate
from planning.siting.proof.cover_tree import proves_uncovered
from planning.siting.proof.loaded_cover import least_cost
from planning.siting.proof.longest import longest_time
from planning.siting.proof.look.sought import Sought, pay_uncovered_places
from planning.siting.proof.statement import Statement, count_faults, served_faults, served_seconds, together
from planning.siting.proof.unserved import unserved_reason_holds
from planning.siting.solution import Solution


def _objective(problem: SitingProblem, solution: Solution) -> int:
    return int(served_seconds(problem, solution)[problem.weights > 0].max(initial=0))


def _plain(problem: SitingProblem, _solution: Solution) -> int:
    """Nobody is nearer than the nearest candidate."""
    usable = problem.values[problem.weights > 0][:, ~problem.rules.barred]
    return int(usable.min(axis=1, initial=UNREACHABLE).max(initial=0))


def _covered(problem: SitingProblem, solution: Solution, certificate: CoverCertificate) -> int | None:
    """With p sites somebody is beyond ``bound − 1`` seconds."""
    bound, plain = solution.bound, _plain(problem, solution)
    if bound is None or certificate.sites != solution.options["p"]:
        return plain if bound is None else None
    within = problem.values[problem.weights > 0] <= min(bound - 1, UNREACHABLE - 1)
    return max(plain, bound) if proves_uncovered(within, certificate, problem.rules) else None


def _loaded(problem: SitingProblem, solution: Solution, certificate: CapacityCertificate) -> int | None:
    """With p sites somebody is sent beyond ``bound − 1`` seconds."""
    bound, plain = solution.bound, _plain(problem, solution)
    if bound is None:
        return plain
    costs, left_out = np.where(problem.values <= _nearer(problem, solution), 0, -1), problem.weights > 0
    lost = least_cost(problem, costs, left_out.astype(np.int64), certificate, sites=solution.options["p"])
    return None if lost is None else max(plain, bound if lost > 0 else 0)


def _nearer(problem: SitingProblem, solution: Solution) -> int:
    """Return what would be better: everybody nearer than the bound."""
    return longest_time(problem, None if solution.bound is None else solution.bound - 1)


STATEMENT = Statement(
    "p-center",
    "min",
    "seconds",
    together(count_faults, served_faults),
    _objective,
    {CoverCertificate: _covered, CapacityCertificate: _loaded},
    unserved_reason_holds,
    trivial=_plain,
    sought=Sought(pay_uncovered_places, _nearer),
)
