"""Too few sites to reach everyone in time, proven by a covering tree instead of a solver's word."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planning.siting.engine.cover.choice import Question
from planning.siting.engine.cover.tree import decide_cover, relax_cover
from planning.siting.limits import Limits
from planning.siting.problem import SitingProblem
from planning.siting.proof.cover_certificate import CoverCertificate
from planning.siting.rules import Rules
from planning.siting.solution import Reason, Solution

NODES = 60
"""Nodes of the proof that fewer sites do not reach everyone, one part of a conflict that can be told without it."""


def too_few_sites(
    answer: Solution,
    problem: SitingProblem,
    *,
    p: int,
    needed: int,
    certificate: CoverCertificate | None,
    by_solver: bool = False,
    solver: str = "",
) -> Solution:
    """Return an answer as infeasible because p sites never serve everyone.

    The longest time is told too where one site could serve everyone without it.
    """
    told = Reason("too-few-sites", {"p": p, "needed": needed})
    refusal = answer.because(told, certificate=certificate, by_solver=by_solver, solver=solver)
    if problem.max_time_s is None or not problem.reachable[problem.inhabited].all(axis=0).any():
        return refusal
    longest = Reason("max-time", {"max_time_s": problem.max_time_s, "ids": [], "count": 0})
    return replace(refusal, reasons=(told, longest))


def because_of_few_sites(
    answer: Solution, problem: SitingProblem, *, p: int, limit_s: int, limits: Limits
) -> Solution | None:
    """Return an answer as infeasible where p sites never reach everyone within `limit_s`, whatever the rules.

    ``None`` where that is not so, is not quickly proven, or is not all there is to say: somebody has no
    site at all within the limit, or no single site would do without it.
    """
    here, anything = problem.inhabited, Rules.from_arrays(problem.values.shape[1])
    within = (problem.reachable & (problem.values <= limit_s))[here]
    served = (within & problem.allowed[here] & ~problem.rules.barred).any(axis=1)
    if not served.all() or not problem.reachable[here].all(axis=0).any():
        return None
    needed = int(np.ceil(relax_cover(within, anything, limits) - 1e-6))
    if needed <= p:
        return None
    fewer = Question(needed - 1, exactly=False, rules=anything)
    certificate = decide_cover(within, fewer, limits=limits, nodes=NODES).certificate
    if certificate is None:
        return None
    reasons = (
        Reason("sites-too-few", {"p": p, "needed": needed}),
        Reason("everyone-served", {}),
        Reason("limit-short", {"limit_s": limit_s, "ids": [], "count": 0}),
    )
    return replace(answer.because(reasons[0], certificate=certificate), reasons=reasons)
