"""Kolm–Pollak: p sites, least equally distributed equivalent travel time.

min (1/κ) ln( Σ_i Σ_j w_i e^{κ t_ij} x_ij / Σ_i w_i )   subject to   Σ_j x_ij = 1,  x_ij ≤ y_j,  Σ_j y_j = p

(Kolm 1976; Pollak 1971; Sheriff & Maguire 2020; linear in x for siting: Horton & Logan 2024). κ weighs
long ways: aversion ε times α = Σ w t / Σ w t² of a baseline distribution, fixed before the search. The
costs in whole numbers are those of :mod:`planning.siting.kolm_pollak_costs`; the plan of the p-median
says how far they are scaled up, and is the first plan.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis.faults import Fault, FaultsError
from planning.siting.capacity import refuse_capacity
from planning.siting.engine.allocation import answer_by
from planning.siting.engine.sites.p_sites import choose_sites
from planning.siting.kolm_pollak_costs import KAPPA_UNIT, equivalent_seconds, fitting_scale, kappa_of, kolm_pollak_costs
from planning.siting.limits import Limits, Report, Stop, never, silent
from planning.siting.models.p_median import p_median
from planning.siting.models.registry import MODELS
from planning.siting.options import is_number, whole_column, whole_number
from planning.siting.payments import Payments
from planning.siting.problem import SitingProblem
from planning.siting.solution import Solution

GIVEN_KAPPA, GIVEN_BASELINE, P_MEDIAN_BASELINE = 0, 1, 2
"""Where κ comes from: option ``baseline`` of a solution."""


def kolm_pollak(
    problem: SitingProblem,
    *,
    p: int | None = None,
    kappa: float | None = None,
    aversion: float = 1.0,
    baseline_s: ArrayLike | None = None,
    stop: Stop = never,
    report: Report = silent,
    time_limit_s: float | None = None,
) -> Solution:
    """Open p candidates so that the equally distributed equivalent travel time is least.

    Parameters
    ----------
    p
        Number of sites, 1 to m.
    kappa
        κ per second; above 0, at most 1. Left out, it follows from `aversion` and the baseline.
    aversion
        ε above 0, at most 1000: how much a long way weighs; 1 is usual.
    baseline_s : (n,), optional
        Whole seconds of each demand point today; left out, those of the p-median of the same question
        (the best plan after half the time, where time is limited).
    stop, report, time_limit_s
        See :class:`~planning.siting.limits.Limits`; reaching a limit returns the best plan so far.

    Returns
    -------
    Solution
        Objective and bound are sums of whole costs; :func:`equivalent_s` says the seconds. Options hold
        ``p``, ``kappa_e12`` (κ in 10⁻¹² per second), ``scale_log2`` (costs are multiplied by 2 to it) and
        ``baseline`` (where κ is from: 0 given itself, 1 given baseline, 2 the p-median).
        ``infeasible`` as the p-median.

    Raises
    ------
    FaultsError
        When p, κ, aversion or the baseline is missing or out of range.
    """
    refuse_capacity(problem.capacity)
    p = whole_number("p", p, least=1, most=problem.values.shape[1])
    kappa_e12, source = _chosen_kappa(problem, kappa, aversion, baseline_s)
    limits = Limits(stop, report, time_limit_s)
    half = None if time_limit_s is None else time_limit_s / 2
    plan = p_median(problem, p=p, stop=limits.reached, time_limit_s=half)
    if plan.objective is None:
        answer = _answer(p, kappa_e12 or 1, 0, source)
        return (
            answer.unfinished(limits.reason or plan.reasons[0])
            if plan.status == "interrupted"
            else _refused(answer, plan)
        )
    inhabited = problem.inhabited
    people = problem.weights[inhabited]
    seconds = problem.values[:, plan.opened].min(axis=1).astype(np.int64)[inhabited]
    if kappa_e12 is None:
        kappa_e12 = kappa_of(seconds, people, aversion)
    answer = _answer(p, kappa_e12, fitting_scale(seconds, people, kappa_e12), source)
    return _least_equivalent(problem, answer, plan.opened, limits)


def equivalent_s(solution: Solution, problem: SitingProblem) -> tuple[float, float]:
    """Return the equally distributed equivalent of a plan in seconds, and the most that rounding moves it.

    Parameters
    ----------
    solution
        Of :func:`kolm_pollak`, with a plan.
    problem
        The one it answers.
    """
    people, options = int(problem.weights.sum()), solution.options
    if not people or solution.objective is None:
        return 0.0, 0.0
    return equivalent_seconds(solution.objective, people, kappa=options["kappa_e12"], scale_log2=options["scale_log2"])


def _answer(p: int, kappa: int, scale: int, source: int) -> Solution:
    options = {"p": p, "kappa_e12": kappa, "scale_log2": scale, "baseline": source}
    return MODELS["kolm-pollak"].asked(options)


def _refused(answer: Solution, plan: Solution) -> Solution:
    """Return the p-median's reasons why there is no plan: they do not depend on the costs."""
    return replace(
        answer,
        status="infeasible",
        proof=plan.proof,
        certificate=plan.certificate,
        solver=plan.solver,
        reasons=plan.reasons,
    )


def _least_equivalent(problem: SitingProblem, answer: Solution, first: NDArray[np.int64], limits: Limits) -> Solution:
    inhabited, options = problem.inhabited, answer.options
    reach, people = problem.allowed[inhabited], problem.weights[inhabited]
    costs = kolm_pollak_costs(
        problem.values[inhabited], reach, people, kappa=options["kappa_e12"], scale_log2=options["scale_log2"]
    )
    choice = choose_sites(costs, people, options["p"], rules=problem.rules, limits=limits, seeds=(first,))
    return answer_by(answer, problem, choice, limits)


def _chosen_kappa(
    problem: SitingProblem, kappa: float | None, aversion: float, baseline_s: ArrayLike | None
) -> tuple[int | None, int]:
    """Return κ in 10⁻¹² per second, ``None`` if the p-median is to say it, and where it comes from."""
    faults = []
    for field, value, most in (("kappa", kappa, 1.0), ("aversion", aversion, 1000.0)):
        if value is not None and not (is_number(value) and 0 < value <= most):
            faults.append(Fault("option-not-positive", field=field, value=str(value)))
    if kappa is not None:
        if faults:
            raise FaultsError(faults)
        return max(1, round(kappa * KAPPA_UNIT)), GIVEN_KAPPA
    if baseline_s is None:
        if faults:
            raise FaultsError(faults)
        return None, P_MEDIAN_BASELINE
    seconds = whole_column(baseline_s, len(problem.weights), "baseline_s", faults)
    if faults:
        raise FaultsError(faults)
    inhabited = problem.inhabited
    return kappa_of(seconds[inhabited], problem.weights[inhabited], aversion), GIVEN_BASELINE


def payments(problem: SitingProblem, solution: Solution) -> Payments:
    """Everybody pays a cost that grows with the seconds to the nearest site."""
    kappa, scale = (int(solution.options[name]) for name in ("kappa_e12", "scale_log2"))
    people = np.maximum(1, problem.weights)
    return Payments(kolm_pollak_costs(problem.values, problem.allowed, people, kappa=kappa, scale_log2=scale))
