"""Why so many sites cannot serve everyone, checked."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planning.siting.problem import SitingProblem
from planning.siting.proof.cover_certificate import CoverCertificate
from planning.siting.proof.cover_tree import proves_uncovered
from planning.siting.proof.longest import longest_time
from planning.siting.proof.statement import names_exactly
from planning.siting.rules import Rules
from planning.siting.solution import Reason, Solution


def never_reach(reach: NDArray[np.bool_], certificate: CoverCertificate) -> bool:
    """Whether at most ``certificate.sites`` candidates always leave somebody out, whatever the rules.

    Parameters
    ----------
    reach : (n, m) bool
        Whether the candidate may serve the demand point.
    certificate
    """
    anything = Rules.from_arrays(reach.shape[1])
    return not certificate.exactly and proves_uncovered(reach, certificate, anything)


def unserved_reason_holds(problem: SitingProblem, solution: Solution, reason: Reason) -> bool:
    """Whether ``unreachable-demand`` lists exactly those cut off, or ``too-few-sites`` is proven.

    Parameters
    ----------
    problem
    solution
        Of a model that opens ``options["p"]`` sites and serves every inhabited demand point.
    reason
    """
    limit = longest_time(problem)
    inhabited = problem.weights > 0
    reach = problem.values <= limit
    if reason.code == "unreachable-demand":
        cut_off = problem.demand_ids[inhabited & ~(reach & ~problem.rules.barred).any(axis=1)].tolist()
        return names_exactly(reason, cut_off)
    certificate = solution.certificate
    if reason.code != "too-few-sites" or not isinstance(certificate, CoverCertificate):
        return False
    p = solution.options["p"]
    if reason.params["p"] != p or not p < reason.params["needed"] <= certificate.sites + 1:
        return False
    # Without rules, what more sites cannot do fewer cannot either.
    told = certificate.sites == p or (certificate.sites > p and (problem.rules.plain or not certificate.exactly))
    return told and proves_uncovered(reach[inhabited], certificate, problem.rules)
