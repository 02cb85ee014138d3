"""The Lagrangian dual of a question with cutoffs of groups, climbed in all its multipliers at once.

With weights λ_T ≥ 0, Σ λ_T = 1 on the groups and a price μ of the budget, the value of any plan is at least

    Σ_i λ_T(i) ω_i τ_i + min_O Σ_{j∈O} ( f_j + μ a_j + Σ_i λ_T(i) ω_i min(0, t_ij − τ_i) ) − μ A

with f_j = a_j where sites are charged, else 0,
where ω_i is the share of demand point i in its group and τ_i its multiplier in units of t. A
deflected subgradient (Held, Wolfe & Crowder 1974; Camerini, Fratta & Maffioli 1975) moves τ and μ by
sums, λ by factors (Kivinen & Warmuth 1997): groups that would pay more than the average gain weight.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled
from planning.siting.engine.sites.selection import Quota, choose_cheapest
from planning.siting.engine.subgradient import BEST, STEP_SCALE, Ascent, StepRule, ascent_of, begin_ascent

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STEP_RULE = StepRule(patience=10, slower=0.7, deflection=0.7, memory=0.9, slowest=1e-3)
"""Of the ascent: more patient than for p sites, since the weights of groups move with the multipliers and against
them; it gives up earlier, for a node has several rounds."""
EAGERNESS = 3.0
"""How much further the weights of groups move than the multipliers: there are few of them, and all else hangs on
them."""


class Instance(NamedTuple):
    """The question in floats, as the kernels read it.

    Parameters
    ----------
    times : (m, n) float64
        t_ij, site by site; ``inf`` where not allowed.
    order : (n, m) int32
        Sites of each demand point, nearest first, −1 after the last allowed one.
    ranked : (n, m) float64
        Their times in that order.
    share : (n,) float64
        ω_i.
    groups : (n,) int64
    charges : (m,) float64
        f_j: what opening each site adds to the value.
    site_costs : (m,) float64
        Parts of the budget: a_j / A₀ with A₀ a natural unit of yuan.
    budget
        A / A₀, ``inf`` if there is none.
    sites
        How many to open, −1 for any number.
    quota
        Of townships with limits, then of whatever areas the other sites lie in.
    """

    times: Floats
    order: NDArray[np.int32]
    ranked: Floats
    share: Floats
    groups: Ints
    charges: Floats
    site_costs: Floats
    budget: float
    sites: int
    quota: Quota


class DualState(NamedTuple):
    """Multipliers: τ (n,), λ (g,), μ, and the step factor reached."""

    radius: Floats
    weights: Floats
    charge: float
    step_scale: float


class DualResult(NamedTuple):
    """Best multipliers found, their bound in floats, and how often each site was opened of late (m,)."""

    at: DualState
    bound: float
    primal: Floats


class Dual(NamedTuple):
    """What the ascent is asked, of the plans that agree with `state` (m,): 1 opened, −1 closed, 0 free.

    Its multipliers are τ, λ, μ one after another; `unit` (1,) is in which the weights of groups move.
    """

    instance: Instance
    state: NDArray[np.int8]
    unit: Floats


def ascend(instance: Instance, start: DualState, state: NDArray[np.int8], *, upper: float, steps: int) -> DualResult:
    """Climb from `start` among the plans that agree with `state`; ends early above `upper`.

    Parameters
    ----------
    state : (m,) int8
        1 opened, −1 closed, 0 free.
    """
    n = len(start.radius)
    ascent = begin_ascent(np.concatenate([start.radius, start.weights, [start.charge]]), len(state), start.step_scale)
    _ascend(Dual(instance, state, np.ones(1)), ascent, upper, upper, 1e-6 * max(abs(upper), 1.0), steps, STEP_RULE)
    radius, weights, charge = np.split(ascent.best_at, [n, n + len(start.weights)])
    at = DualState(radius, weights, charge[0], ascent.progress[STEP_SCALE])
    return DualResult(at, ascent.progress[BEST], ascent.primal)


@compiled
def _relax(dual: Dual, ascent: Ascent) -> float:
    """Mark the sites opened; fill how often each demand point lacks one, the means of groups, money overspent."""
    instance, n, m = dual.instance, len(dual.instance.groups), len(dual.state)
    radius, weights, charge = ascent.at[:n], ascent.at[n:-1], ascent.at[-1]
    lacking, means = ascent.violation[:n], ascent.violation[n:-1]
    prices = instance.charges.copy()
    total = 0.0
    for i in range(n):
        factor = weights[instance.groups[i]] * instance.share[i]
        total += factor * radius[i]
        for k in range(instance.order.shape[1]):
            excess = instance.ranked[i, k] - radius[i]
            if excess >= 0.0 or instance.order[i, k] < 0:
                break
            prices[instance.order[i, k]] += factor * excess
    limited = instance.budget < np.inf
    if limited:
        total -= charge * instance.budget
        prices += charge * instance.site_costs
    choose_cheapest(prices, dual.state, instance.sites, instance.quota, ascent.chosen)
    lacking[:], means[:] = 1.0, 0.0
    spent = 0.0
    for j in range(m):
        if not ascent.chosen[j]:
            continue
        total += prices[j]
        spent += instance.site_costs[j]
        for i in range(n):
            excess = instance.times[j, i] - radius[i]
            if excess < 0.0:
                lacking[i] -= 1.0
                means[instance.groups[i]] += instance.share[i] * excess
    for i in range(n):
        means[instance.groups[i]] += instance.share[i] * radius[i]
    ascent.violation[-1] = spent - instance.budget if limited else 0.0
    return total


@compiled
def _subgradient(dual: Dual, ascent: Ascent) -> None:
    """Measure the means of groups against their average, so that more eagerly than the rest."""
    instance, n = dual.instance, len(dual.instance.groups)
    weights, means = ascent.at[n:-1], ascent.violation[n:-1]
    average = (weights * means).sum()
    dual.unit[0] = max(abs(average), 1e-9) / EAGERNESS
    means[:] = (means - average) / dual.unit[0]
    for i in range(n):
        ascent.metric[i] = weights[instance.groups[i]] * instance.share[i]
    ascent.metric[n:-1] = weights
    ascent.metric[-1] = 1.0


@compiled
def _move(dual: Dual, ascent: Ascent, length: float) -> None:
    """Move τ and μ by sums, kept from below 0, and λ by factors."""
    at, n = ascent.at, len(dual.instance.groups)
    weights, towards = at[n:-1], ascent.direction[n:-1]
    for i in range(n):
        at[i] = max(0.0, at[i] + length * ascent.direction[i])
    if len(weights) > 1:
        for t in range(len(weights)):
            factor = np.exp(min(1.0, max(-1.0, length * towards[t] / dual.unit[0])))
            weights[t] = max(1e-9, weights[t] * factor)
        weights /= weights.sum()
    if dual.instance.budget < np.inf:
        at[-1] = max(0.0, at[-1] + length * ascent.direction[-1])


_ascend = ascent_of(_relax, _subgradient, _move)
