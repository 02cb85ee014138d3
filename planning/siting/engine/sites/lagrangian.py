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
from planning.siting.engine.sites.lists import Crowds, Lists, no_crowds, turn_round
from planning.siting.engine.sites.selection import Quota, choose_cheapest
from planning.siting.engine.subgradient import BEST, STEP_SCALE, Ascent, StepRule, ascent_of, begin_ascent

Floats = NDArray[np.float64]

_MEMORY, _SLOWEST = 0.95, 1e-4
"""The primal estimate averages the last twenty choices (Barahona & Anbil 2000)."""
UNLISTED = 0.02
"""Lists are turned round again where more demand points than this share outgrow what was read of them."""
LONGER, SHORTER, LONGEST, SHORTEST = 1.3, 0.8, 1e3, 1e-3
"""Of step sizes that adapt: once longer and once shorter about cancel, so that a direction that turns at every step
keeps its size; a thousandfold either way bounds the squared length."""


class SubgradientSettings(NamedTuple):
    """How an ascent steps.

    Parameters
    ----------
    steps
        At the root, at a time; more where some pairs are not allowed and step sizes do not adapt.
    step_rule
    adapts
        Whether each multiplier has a step size of its own, kept up to date.
    """

    steps: int
    step_rule: StepRule
    adapts: bool = False


QUICK, PATIENT, ADAPTING = (
    SubgradientSettings(60, StepRule(5, 0.8, 0.8, _MEMORY, _SLOWEST)),
    SubgradientSettings(240, StepRule(15, 0.8, 0.95, _MEMORY, _SLOWEST)),
    SubgradientSettings(100, StepRule(10, 0.8, 0.9, _MEMORY, _SLOWEST), adapts=True),
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


class Dual(NamedTuple):
    """What :func:`ascend` is asked, and where its kernels keep what they count."""

    lists: Lists
    weights: Floats
    step_sizes: Floats
    state: NDArray[np.int8]
    sites: int
    quota: Quota
    adapts: bool
    rho: Floats
    beyond: NDArray[np.int64]
    crowds: Crowds


@compiled
def _relax(dual: Dual, ascent: Ascent) -> float:
    """Choose the cheapest sites by ρ_j = Σ_i w_i·min(0, d_ij − v_i); note for each list where d_ij reaches v_i."""
    lists, weights, prices, rho = dual.lists, dual.weights, ascent.at, dual.rho
    rho[:] = 0.0
    total = 0.0
    for i in range(len(weights)):
        total += weights[i] * prices[i]
        dual.beyond[i] = lists.start[i + 1]
        for k in range(lists.start[i], lists.start[i + 1]):
            excess = lists.distance[k] - prices[i]
            if excess >= 0.0:
                dual.beyond[i] = k
                break
            rho[lists.site[k]] += weights[i] * excess
    if not choose_cheapest(rho, dual.state, dual.sites, dual.quota, ascent.chosen):
        return np.inf
    return float(total + rho[ascent.chosen].sum())


@compiled
def _subgradient(dual: Dual, ascent: Ascent) -> None:
    """Fill 1 − (how many chosen sites each demand point is served by: those nearer than its price)."""
    ascent.violation[:] = 1.0
    if dual.adapts:
        _count_exactly(dual, ascent)
        _adapt(dual.step_sizes, ascent)
    else:
        _count_served(dual, ascent)
    ascent.metric[:] = dual.weights * dual.step_sizes


@compiled
def _move(dual: Dual, ascent: Ascent, length: float) -> None:
    at, limit = ascent.at, dual.lists.multiplier_limit
    for i in range(len(at)):
        at[i] = min(max(at[i] + length * dual.step_sizes[i] * ascent.direction[i], 0.0), limit[i])


@compiled
def _count_served(dual: Dual, ascent: Ascent) -> None:
    """Count site by site: few are chosen."""
    crowds, prices = dual.crowds, ascent.at
    if np.count_nonzero(dual.beyond > crowds.until) > UNLISTED * len(prices):
        turn_round(dual.lists, prices, crowds)
    for j in range(len(ascent.chosen)):
        if ascent.chosen[j]:
            for k in range(crowds.start[j], crowds.start[j + 1]):
                if crowds.distance[k] < prices[crowds.who[k]]:
                    ascent.violation[crowds.who[k]] -= 1.0


@compiled
def _count_exactly(dual: Dual, ascent: Ascent) -> None:
    """Count the same along the lists: step sizes adapt to single demand points, which no share of them may miss."""
    lists = dual.lists
    for i in range(len(ascent.violation)):
        for k in range(lists.start[i], dual.beyond[i]):
            if ascent.chosen[lists.site[k]]:
                ascent.violation[i] -= 1.0


@compiled
def _adapt(step_sizes: Floats, ascent: Ascent) -> None:
    """Lengthen the step sizes of multipliers whose direction holds, shorten those of others."""
    for i in range(len(step_sizes)):
        holds = ascent.violation[i] * ascent.direction[i]
        if holds > 0.0:
            step_sizes[i] = min(step_sizes[i] * LONGER, LONGEST)
        elif holds < 0.0:
            step_sizes[i] = max(step_sizes[i] * SHORTER, SHORTEST)


_ascend = ascent_of(_relax, _subgradient, _move)


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
        Natural step of each v_i: 1 where distances are per person; where they adapt, to begin with.
    begin, state : (n,) float64, (m,) int8
    sites, quota
        How many to open, those already opened included; how many in each area.
    upper
        Cost of a known plan; the climb ends early above ``upper − 1``.
    steps, step_scale
        At most so many steps, beginning with this factor (about 1).
    settings
    """
    n, m, rows = len(weights), len(state), 0 if settings.adapts else len(lists.site)
    crowds = no_crowds(n, m, rows)
    rho, beyond = np.zeros(m), np.empty(n, np.int64)
    sizes = step_sizes.copy() if settings.adapts else step_sizes
    dual = Dual(lists, weights, sizes, state, sites, quota, settings.adapts, rho, beyond, crowds)
    ascent = begin_ascent(np.minimum(begin, lists.multiplier_limit), m, float(step_scale))
    _ascend(dual, ascent, upper - 1.0, upper, 1.0, steps, settings.step_rule)
    return DualResult(ascent.best_at, ascent.progress[BEST], ascent.primal, ascent.progress[STEP_SCALE])
