"""Conflicts, checked by counting: whether the reasons given are true and contradict each other.

What counting shows is accepted, and how many sites it takes to reach everyone in time where a covering
certificate proves it; any other conflict stands on the solver's word.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gis.cost_matrix import UNREACHABLE
from planning.siting.problem import SitingProblem
from planning.siting.proof.cover_certificate import CoverCertificate
from planning.siting.proof.statement import Demands
from planning.siting.proof.statements.reasons import Asked, is_true
from planning.siting.proof.unserved import never_reach
from planning.siting.solution import Reason, Solution


def conflict_holds(
    problem: SitingProblem,
    solution: Solution,
    *,
    everyone: bool = True,
    limited: bool = True,
    every_place: bool = False,
) -> bool:
    """Whether the reasons of an infeasible solution are true and counting shows that they contradict each other.

    Parameters
    ----------
    problem
    solution
        ``options`` may hold ``p``, ``at_most``, ``limit_s`` and ``budget``.
    everyone
        Whether the model serves everyone.
    limited
        Whether a site serves only who is within ``limit_s``, if there is one.
    every_place
        Whether places where nobody lives count too.
    """
    served = np.ones(len(problem.weights), bool) if every_place else problem.weights > 0
    full = _everything(problem, served.tolist(), dict(solution.options), everyone=everyone, limited=limited)
    full.fewest = _proven_count(problem, solution, served)

    def contradict(reasons: tuple[Reason, ...]) -> bool:
        stated = Asked(problem, served.tolist(), full.options, fewest=full.fewest)
        return all(is_true(reason, stated, full) for reason in reasons) and stated.contradictory()

    told = solution.reasons
    return contradict(told) and not any(contradict(told[:k] + told[k + 1 :]) for k in range(len(told)))


def is_asked(problem: SitingProblem, solution: Solution, reason: Reason, demands: Demands) -> bool:
    """Whether a reason is one of what is asked, in its form, and no figure of it less than counting shows.

    Parameters
    ----------
    demands
        Who must be served in any plan of the model, and how near.
    """
    served = np.ones(len(problem.weights), bool) if demands.every_place else problem.weights > 0
    limits = {"everyone": demands.everyone, "limited": demands.limited}
    full = _everything(problem, served.tolist(), dict(solution.options), **limits)
    return is_true(reason, Asked(problem, served.tolist(), full.options), full, counted=False)


def _proven_count(problem: SitingProblem, solution: Solution, served: NDArray[np.bool_]) -> int:
    """Return how many sites it takes at least to reach everyone within the limit; 0 where nothing proves any."""
    certificate, limit_s = solution.certificate, solution.options.get("limit_s")
    if limit_s is None or not isinstance(certificate, CoverCertificate):
        return 0
    reach = problem.values[served] <= min(limit_s, UNREACHABLE - 1)
    return certificate.sites + 1 if never_reach(reach, certificate) else 0


def _everything(
    problem: SitingProblem, served: list[bool], options: dict[str, int], *, everyone: bool, limited: bool
) -> Asked:
    rules = problem.rules
    full = Asked(problem, served, options)
    full.kept, full.barred = set(np.flatnonzero(rules.kept).tolist()), set(np.flatnonzero(rules.barred).tolist())
    full.least, full.most = dict(enumerate(rules.least.tolist())), dict(enumerate(rules.most.tolist()))
    full.codes = {"apart"} if len(rules.apart) else set()
    full.codes |= {"capacity", "minimum"} if problem.capacity is not None else set()
    full.codes |= {"few"} if "p" in options else set()
    full.codes |= {"many"} if "p" in options and not options.get("at_most") else set()
    full.codes |= {"everyone-served"} if everyone else set()
    full.codes |= {"max-time"} if problem.max_time_s is not None else set()
    full.codes |= {"limit"} if limited and "limit_s" in options else set()
    full.codes |= {"budget"} if "budget" in options else set()
    return full
