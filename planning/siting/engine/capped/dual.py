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
from planning.siting.engine.subgradient import BEST, STEP_SCALE, average_choice, begin_ascent, keep_bound

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PATIENCE, SLOWER, DEFLECTION, MEMORY, SLOWEST = 10, 0.7, 0.7, 0.9, 1e-3
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


def ascend(instance: Instance, start: DualState, state: NDArray[np.int8], *, upper: float, steps: int) -> DualResult:
    """Climb from `start` among the plans that agree with `state`; ends early above `upper`.

    Parameters
    ----------
    state : (m,) int8
        1 opened, −1 closed, 0 free.
    """
    bound, radius, weights, charge, step_scale, primal = _climb(
        instance, state, start.radius, start.weights, start.charge, start.step_scale, upper, steps
    )
    return DualResult(DualState(radius, weights, charge, step_scale), bound, primal)


@compiled
def _climb(
    instance: Instance,
    state: NDArray[np.int8],
    radius: Floats,
    weights: Floats,
    charge: float,
    step_scale: float,
    upper: float,
    steps: int,
) -> tuple[float, Floats, Floats, float, float, Floats]:
    n, m, g = len(radius), len(state), len(weights)
    best_radius, best_weights, best_charge = radius.copy(), weights.copy(), charge
    at, group_weights = radius.copy(), weights.copy()
    radius_direction, weights_direction, charge_direction = np.zeros(n), np.zeros(g), 0.0
    primal, chosen = np.zeros(m), np.zeros(m, np.bool_)
    progress = begin_ascent(step_scale)
    for step in range(steps):
        value, served, means, spent = _relax(instance, state, at, group_weights, charge, chosen)
        average_choice(primal, chosen, MEMORY if step > 0 else 0.0)
        if keep_bound(progress, value, PATIENCE, SLOWER):
            best_radius[:], best_weights[:], best_charge = at, group_weights, charge
        if progress[BEST] > upper or progress[STEP_SCALE] < SLOWEST:
            break
        average = 0.0
        for t in range(g):
            average += group_weights[t] * means[t]
        unit = max(abs(average), 1e-9) / EAGERNESS
        norm = 0.0
        for i in range(n):
            radius_direction[i] = 1.0 - served[i] + DEFLECTION * radius_direction[i]
            norm += group_weights[instance.groups[i]] * instance.share[i] * radius_direction[i] * radius_direction[i]
        for t in range(g):
            weights_direction[t] = (means[t] - average) / unit + DEFLECTION * weights_direction[t]
            norm += group_weights[t] * weights_direction[t] * weights_direction[t]
        limited = instance.budget < np.inf
        if limited:
            charge_direction = spent - instance.budget + DEFLECTION * charge_direction
            norm += charge_direction * charge_direction
        if norm <= 0.0:
            break
        length = progress[STEP_SCALE] * max(upper - value, 1e-6 * max(abs(upper), 1.0)) / norm
        for i in range(n):
            at[i] = max(0.0, at[i] + length * radius_direction[i])
        if g > 1:
            total = 0.0
            for t in range(g):
                group_weights[t] = max(
                    1e-9, group_weights[t] * np.exp(min(1.0, max(-1.0, length * weights_direction[t] / unit)))
                )
                total += group_weights[t]
            group_weights /= total
        if limited:
            charge = max(0.0, charge + length * charge_direction)
    return progress[BEST], best_radius, best_weights, best_charge, progress[STEP_SCALE], primal


@compiled
def _relax(
    instance: Instance,
    state: NDArray[np.int8],
    radius: Floats,
    weights: Floats,
    charge: float,
    chosen: NDArray[np.bool_],
) -> tuple[float, Floats, Floats, float]:
    """Mark the sites opened; return the bound, how often each demand point is served, means, money spent."""
    n, m = len(radius), len(state)
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
    if instance.budget < np.inf:
        total -= charge * instance.budget
        for j in range(m):
            prices[j] += charge * instance.site_costs[j]
    choose_cheapest(prices, state, instance.sites, instance.quota, chosen)
    served = np.zeros(n)
    means = np.zeros(len(weights))
    spent = 0.0
    for j in range(m):
        if not chosen[j]:
            continue
        total += prices[j]
        spent += instance.site_costs[j]
        for i in range(n):
            excess = instance.times[j, i] - radius[i]
            if excess < 0.0:
                served[i] += 1.0
                means[instance.groups[i]] += instance.share[i] * excess
    for i in range(n):
        means[instance.groups[i]] += instance.share[i] * radius[i]
    return total, served, means, spent
