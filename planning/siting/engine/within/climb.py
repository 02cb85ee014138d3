"""The Lagrangian dual of "open p sites" where some pairs are not allowed.

There the multipliers of remote demand points have far to rise and those of all others hardly move:
each has a step of its own, longer while its direction holds and shorter when it turns (delta-bar-delta,
Jacobs 1988). Otherwise the deflected subgradient of :mod:`planning.siting.engine.sites.lagrangian`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled
from planning.siting.engine.sites.lists import Lists
from planning.siting.engine.sites.selection import Quota, choose_cheapest

Floats = NDArray[np.float64]

PATIENCE, SLOWER, DEFLECTION = 10, 0.8, 0.9
LONGER, SHORTER, LONGEST, SHORTEST = 1.3, 0.8, 1e3, 1e-3


class Climb(NamedTuple):
    """Where the climb ended.

    Parameters
    ----------
    prices : (n,) float64
        Best multipliers, per person: u_i = w_i·v_i.
    bound
        Their bound, in floats: to be re-proved in integers; infinite when no choice of sites is left.
    pace
        Step factor reached, to go on with.
    """

    prices: Floats
    bound: float
    pace: float


@compiled
def climb(
    lists: Lists,
    weights: Floats,
    strides: Floats,
    begin: Floats,
    state: NDArray[np.int8],
    sites: int,
    quota: Quota,
    upper: float,
    steps: int,
    pace: float,
) -> Climb:
    """Climb from the multipliers `begin`.

    Parameters
    ----------
    lists
        What every demand point pays at every site that is not closed.
    weights : (n,) float64
        People at each demand point.
    strides : (n,) float64
        Step of each multiplier, kept up to date: to go on with.
    begin : (n,) float64
    state : (m,) int8
        −1 closed, 0 free, 1 opened.
    sites
        How many to open, those already opened included.
    quota
        Sites by township.
    upper
        Cost of a known plan; the climb ends early above ``upper − 1``.
    steps, pace
        At most so many steps, beginning with this factor (about 1).
    """
    n, m = len(weights), len(state)
    pace = float(pace)
    best, failures = -np.inf, 0
    at, best_at = np.minimum(begin, lists.ceiling), np.minimum(begin, lists.ceiling)
    direction, rho, chosen = np.zeros(n), np.zeros(m), np.zeros(m, np.bool_)
    for _ in range(steps):
        value = _relax(lists, weights, at, rho)
        if not choose_cheapest(rho, state, sites, quota, chosen):
            return Climb(best_at, np.inf, pace)
        value += rho[chosen].sum()
        failures += 1
        if value > best:
            best, failures = value, 0
            best_at[:] = at
        elif failures == PATIENCE:
            pace, failures = pace * SLOWER, 0
        norm = _turn(lists, weights, at, chosen, strides, direction)
        if best > upper - 1 or norm == 0.0:
            break
        length = pace * max(upper - value, 1.0) / norm
        for i in range(n):
            at[i] = min(max(at[i] + length * strides[i] * direction[i], 0.0), lists.ceiling[i])
    return Climb(best_at, best, pace)


@compiled
def _relax(lists: Lists, weights: Floats, prices: Floats, rho: Floats) -> float:
    """Fill ρ_j = Σ_i w_i·min(0, d_ij − v_i) and return Σ_i w_i·v_i."""
    rho[:] = 0.0
    total = 0.0
    for i in range(len(weights)):
        total += weights[i] * prices[i]
        for k in range(lists.start[i], lists.start[i + 1]):
            excess = lists.distance[k] - prices[i]
            if excess >= 0.0:
                break
            rho[lists.site[k]] += weights[i] * excess
    return total


@compiled
def _turn(
    lists: Lists, weights: Floats, prices: Floats, chosen: NDArray[np.bool_], strides: Floats, direction: Floats
) -> float:
    """Deflect the direction by 1 − (times each demand point is served), fit the strides; return the squared length."""
    norm = 0.0
    for i in range(len(weights)):
        lack = 1.0
        for k in range(lists.start[i], lists.start[i + 1]):
            if lists.distance[k] >= prices[i]:
                break
            if chosen[lists.site[k]]:
                lack -= 1.0
        if lack * direction[i] > 0.0:
            strides[i] = min(strides[i] * LONGER, LONGEST)
        elif lack * direction[i] < 0.0:
            strides[i] = max(strides[i] * SHORTER, SHORTEST)
        direction[i] = lack + DEFLECTION * direction[i]
        norm += weights[i] * strides[i] * direction[i] * direction[i]
    return norm
