"""The Lagrangian dual of "open p sites", climbed by a deflected subgradient.

Held, Wolfe & Crowder 1974 for the step, Camerini, Fratta & Maffioli 1975 for the deflection. The
average of the sites opened on the way is close to the linear relaxation (as in the volume algorithm,
Barahona & Anbil 2000): it seeds the search for plans and says where to branch.

Where some pairs are not allowed, the multipliers of remote demand points have far to rise and those of all others
hardly move: each then has a step size of its own, longer while its direction holds and shorter when it turns
(delta-bar-delta, Jacobs 1988).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled
from planning.siting.engine.sites.lists import Lists
from planning.siting.engine.sites.selection import Quota, choose_cheapest
from planning.siting.engine.subgradient import BEST, STEP_SCALE, average_choice, begin_ascent, keep_bound

Floats = NDArray[np.float64]

MEMORY = 0.95
"""Of the primal estimate from step to step: it averages the last twenty choices (Barahona & Anbil 2000)."""
MARGIN, UNLISTED = 1.25, 0.02
"""Lists are turned round to a little beyond the prices, again where more demand points than this share outgrow that."""
_SLOWEST = 1e-4  # of the step that the gap asks for: what goes on more slowly does not arrive
LONGER, SHORTER, LONGEST, SHORTEST = 1.3, 0.8, 1e3, 1e-3
"""Of step sizes that adapt: once longer and once shorter about cancel, so that a direction that turns at every step
keeps its size; a thousandfold either way bounds the squared length."""


class SubgradientSettings(NamedTuple):
    """How an ascent steps.

    Parameters
    ----------
    steps
        At the root, at a time; more where some pairs are not allowed.
    patience
        Steps without a better bound until the steps become shorter.
    slower
        By what factor.
    deflection
        How much of each direction the next one keeps.
    adapts
        Whether each multiplier has a step size of its own, kept up to date.
    """

    steps: int
    patience: int
    slower: float
    deflection: float
    adapts: bool = False


QUICK, PATIENT, ADAPTING = (
    SubgradientSettings(60, 5, 0.8, 0.8),
    SubgradientSettings(240, 15, 0.8, 0.95),
    SubgradientSettings(100, 10, 0.8, 0.9, adapts=True),
)
"""For most; for the root of large questions, where a long climb spares nodes; and where not every pair is allowed, so
that few remote demand points have to pay far more than all others."""


class DualResult(NamedTuple):
    """Where the climb ended.

    Parameters
    ----------
    prices : (n,) float64
        Best multipliers, per person: u_i = w_i·v_i.
    bound
        Their bound, in floats: to be re-proved in integers.
    primal : (m,) float64
        How often each site was opened of late, 0 to 1.
    step_scale
        Step factor reached, to go on with.
    """

    prices: Floats
    bound: float
    primal: Floats
    step_scale: float


class Crowds(NamedTuple):
    """Who may use each site: those of site j at ``start[j]:start[j + 1]``.

    Parameters
    ----------
    until : (n,) int64
        Up to where each list has been read.
    start : (m + 1,) int64
    who : (k,) int32
    distance : (k,) float64
    """

    until: NDArray[np.int64]
    start: NDArray[np.int64]
    who: NDArray[np.int32]
    distance: Floats


@compiled
def ascend(
    lists: Lists,
    weights: Floats,
    step_sizes: Floats,
    begin: Floats,
    state: NDArray[np.int8],
    sites: int,
    quota: Quota,
    upper: float,
    steps: int,
    step_scale: float,
    settings: SubgradientSettings,
) -> DualResult:
    """Climb from the multipliers `begin`.

    Parameters
    ----------
    lists
        What every demand point pays at every site that is not closed.
    weights : (n,) float64
        People at each demand point.
    step_sizes : (n,) float64
        Natural step of each v_i: 1 where distances are per person. Changed in place where the settings say so.
    begin, state : (n,) float64, (m,) int8
    sites, quota
        How many to open, those already opened included; how many in each area.
    upper
        Cost of a known plan; the climb ends early above ``upper − 1``.
    steps, step_scale
        At most so many steps, beginning with this factor (about 1).
    settings
    """
    n, m = len(weights), len(state)
    progress = begin_ascent(float(step_scale))
    at, best_at = np.minimum(begin, lists.multiplier_limit), np.minimum(begin, lists.multiplier_limit)
    direction, primal, rho = np.zeros(n), np.zeros(m), np.zeros(m)
    chosen, beyond, served = np.zeros(m, np.bool_), np.empty(n, np.int64), np.zeros(n, np.int64)
    crowds = Crowds(np.zeros(n, np.int64), np.zeros(m + 1, np.int64), np.empty(0, np.int32), np.empty(0, np.float64))
    for step in range(steps):
        value = _relax(lists, weights, at, rho, beyond)
        if not choose_cheapest(rho, state, sites, quota, chosen):
            return DualResult(best_at, np.inf, primal, progress[STEP_SCALE])
        value += rho[chosen].sum()
        average_choice(primal, chosen, MEMORY if step else 0.0)
        if keep_bound(progress, value, settings.patience, settings.slower):
            best_at[:] = at
        if progress[BEST] > upper - 1 or step == steps - 1:
            break
        if settings.adapts:
            _count_exactly(lists, beyond, chosen, served)
            _adapt(step_sizes, served, direction)
        else:
            crowds = _count_served(lists, crowds, beyond, at, chosen, served)
        norm = _turn(weights, step_sizes, served, settings.deflection, direction)
        if norm == 0.0 or progress[STEP_SCALE] < _SLOWEST:
            break
        length = progress[STEP_SCALE] * max(upper - value, 1.0) / norm
        for i in range(n):
            at[i] = min(max(at[i] + length * step_sizes[i] * direction[i], 0.0), lists.multiplier_limit[i])
    return DualResult(best_at, progress[BEST], primal, progress[STEP_SCALE])


@compiled
def _relax(lists: Lists, weights: Floats, prices: Floats, rho: Floats, beyond: NDArray[np.int64]) -> float:
    """Fill ρ_j = Σ_i w_i·min(0, d_ij − v_i) and, for each list, where d_ij reaches v_i; return Σ_i w_i·v_i."""
    rho[:] = 0.0
    total = 0.0
    for i in range(len(weights)):
        total += weights[i] * prices[i]
        beyond[i] = lists.start[i + 1]
        for k in range(lists.start[i], lists.start[i + 1]):
            excess = lists.distance[k] - prices[i]
            if excess >= 0.0:
                beyond[i] = k
                break
            rho[lists.site[k]] += weights[i] * excess
    return total


@compiled
def _gather(lists: Lists, prices: Floats, count: int) -> Crowds:
    """Turn the lists round: who is so near to each of `count` sites that its price could come to that."""
    until = lists.start[1:].copy()
    start = np.zeros(count + 1, np.int64)
    for i in range(len(prices)):
        for k in range(lists.start[i], lists.start[i + 1]):
            if lists.distance[k] > MARGIN * prices[i]:
                until[i] = k
                break
            start[lists.site[k] + 1] += 1
    start = np.cumsum(start)
    who, distance = np.empty(start[count], np.int32), np.empty(start[count])
    at = start.copy()
    for i in range(len(prices)):
        for k in range(lists.start[i], until[i]):
            to = at[lists.site[k]]
            who[to], distance[to] = i, lists.distance[k]
            at[lists.site[k]] += 1
    return Crowds(until, start, who, distance)


@compiled
def _count_served(
    lists: Lists,
    crowds: Crowds,
    beyond: NDArray[np.int64],
    prices: Floats,
    chosen: NDArray[np.bool_],
    served: NDArray[np.int64],
) -> Crowds:
    """Count how many chosen sites each demand point is served by: those nearer than its price."""
    if np.count_nonzero(beyond > crowds.until) > UNLISTED * len(prices):
        crowds = _gather(lists, prices, len(chosen))
    served[:] = 0
    for j in range(len(chosen)):
        if chosen[j]:
            for k in range(crowds.start[j], crowds.start[j + 1]):
                if crowds.distance[k] < prices[crowds.who[k]]:
                    served[crowds.who[k]] += 1
    return crowds


@compiled
def _count_exactly(
    lists: Lists, beyond: NDArray[np.int64], chosen: NDArray[np.bool_], served: NDArray[np.int64]
) -> None:
    """Count the same along the lists: step sizes adapt to single demand points, which no share of them may miss."""
    served[:] = 0
    for i in range(len(served)):
        for k in range(lists.start[i], beyond[i]):
            served[i] += chosen[lists.site[k]]


@compiled
def _adapt(step_sizes: Floats, served: NDArray[np.int64], direction: Floats) -> None:
    """Lengthen the step sizes of multipliers whose direction holds, shorten those of others."""
    for i in range(len(step_sizes)):
        holds = (1.0 - served[i]) * direction[i]
        if holds > 0.0:
            step_sizes[i] = min(step_sizes[i] * LONGER, LONGEST)
        elif holds < 0.0:
            step_sizes[i] = max(step_sizes[i] * SHORTER, SHORTEST)


@compiled
def _turn(
    weights: Floats, step_sizes: Floats, served: NDArray[np.int64], deflection: float, direction: Floats
) -> float:
    """Deflect the direction by 1 − (times each demand point is served); return its squared length."""
    norm = 0.0
    for i in range(len(weights)):
        direction[i] = (1.0 - served[i]) + deflection * direction[i]
        norm += weights[i] * step_sizes[i] * direction[i] * direction[i]
    return norm
