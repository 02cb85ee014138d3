"""Kolm–Pollak, said for the checker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gis.cost_matrix import UNREACHABLE
from planning.siting.problem import SitingProblem
from planning.siting.proof.certificate import Certificate
from planning.siting.proof.cover_certificate import CoverCertificate
from planning.siting.proof.growing_costs import growing_costs
from planning.siting.proof.longest import longest_time
from planning.siting.proof.look.choice import NearestPays, Worth
from planning.siting.proof.look.sought import Sought
from planning.siting.proof.sites_tree import proves
from planning.siting.proof.statement import Statement, proven, travel_faults
from planning.siting.proof.unserved import unserved_reason_holds
from planning.siting.solution import Solution

if TYPE_CHECKING:
    from planning.siting.proof.look.plans import Look


def _costs(problem: SitingProblem, solution: Solution) -> NDArray[np.int64]:
    """(k, m) what one person of every inhabited demand point pays; −1 where a site may not serve it."""
    limit = longest_time(problem)
    lived_in = problem.weights > 0
    kappa, scale = solution.options["kappa_e12"], solution.options["scale_log2"]
    people = problem.weights[lived_in]
    return growing_costs(problem.values[lived_in], people, longest=limit, kappa=kappa, scale_log2=scale)


def _objective(problem: SitingProblem, solution: Solution) -> int:
    costs = _costs(problem, solution)[:, solution.opened]
    people = problem.weights[problem.weights > 0].tolist()
    return sum(w * min(c for c in row if c >= 0) for w, row in zip(people, costs.tolist(), strict=True))


def _proves(problem: SitingProblem, solution: Solution, certificate: Certificate) -> bool:
    if (certificate.sites, certificate.exactly) != (solution.options["p"], True):
        return False
    people = problem.weights[problem.weights > 0]
    return proves(_costs(problem, solution), people, certificate, problem.rules)


def _pay_growing(look: Look) -> list[Worth]:
    """Everybody pays a cost that grows with the way, as a share of that of the farthest."""
    farthest = int(np.where(look.seconds < UNREACHABLE, look.seconds, 0).max(initial=0))
    growth = np.exp(look.solution.options["kappa_e12"] * 1e-12 * np.minimum(look.seconds - farthest, 0.0))
    return [NearestPays(np.where(look.seconds <= look.longest, look.people[:, None] * growth, np.inf))]


STATEMENT = Statement(
    "kolm-pollak",
    "min",
    "scaled-cost",
    travel_faults,
    _objective,
    {Certificate: proven(_proves)},
    unserved_reason_holds,
    of_reasons=(CoverCertificate,),
    sought=Sought(_pay_growing),
)
