"""Compiled inner loops of the two tiers: prices of sites, the climb of the dual, costs of exchanges."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled
from planning.siting.engine.subgradient import STEP_SCALE, Ascent, StepRule, ascent_of, begin_ascent
from planning.siting.engine.tiers.choice import choose_nested
from planning.siting.proof.tier_certificate import CENTRE, CLOSED

Floats = NDArray[np.float64]

STEP_RULE = StepRule(patience=12, slower=0.7, deflection=0.7, memory=0.9, slowest=1e-4)
"""Of the ascent: as for groups, a little more patient, for two tiers and the prices of townships move at once."""


@compiled
def price_sites(
    order: NDArray[np.int32], costs: NDArray[np.int64], u: NDArray[Any], scale: int, usable: NDArray[np.bool_]
) -> NDArray[Any]:
    """Return Σ_i min(0, scale·c_ij − u_i) of the usable sites; rows of `order` run from near to far, then −1."""
    rho = np.zeros(usable.size, u.dtype)
    for i in range(order.shape[0]):
        for k in range(order.shape[1]):
            j = order[i, k]
            if j < 0:
                break
            excess = costs[i, k] * scale - u[i]
            if excess >= 0:
                break
            if usable[j]:
                rho[j] += excess
    return rho


@compiled
def _serve(
    order: NDArray[np.int32], costs: NDArray[np.int64], u: Floats, chosen: NDArray[np.bool_], out: Floats
) -> None:
    """Write 1 − (times each demand point is served) to `out`."""
    for i in range(order.shape[0]):
        out[i] = 1.0
        for k in range(order.shape[1]):
            j = order[i, k]
            if j < 0 or costs[i, k] >= u[i]:
                break
            if chosen[j]:
                out[i] -= 1.0


@compiled
def _township_term(alpha: Floats, least: NDArray[np.int64], most: NDArray[np.int64]) -> float:
    total = 0.0
    for g in range(alpha.size):
        total += alpha[g] * (least[g] if alpha[g] > 0 else most[g])
    return total


@compiled
def _township_slope(
    alpha: Floats,
    chosen: NDArray[np.bool_],
    township: NDArray[np.int64],
    least: NDArray[np.int64],
    most: NDArray[np.int64],
) -> Floats:
    count = np.zeros(alpha.size)
    for j in range(chosen.size):
        if chosen[j] and township[j] >= 0:
            count[township[j]] += 1
    slope = np.zeros(alpha.size)
    for g in range(alpha.size):
        if alpha[g] > 0 or (alpha[g] == 0 and count[g] < least[g]):
            slope[g] = least[g] - count[g]
        elif alpha[g] < 0 or count[g] > most[g]:
            slope[g] = most[g] - count[g]
    return slope


@compiled
def _without(rho: Floats, alpha: Floats, township: NDArray[np.int64]) -> Floats:
    rest = rho.copy()
    for j in range(rho.size):
        if township[j] >= 0:
            rest[j] -= alpha[township[j]]
    return rest


class Dual(NamedTuple):
    """Both tiers as the ascent is asked of them, rooms (1) and centres (2).

    Its multipliers are u, v, α, β one after another, its choices the rooms, then the centres.

    Parameters
    ----------
    order1, costs1, order2, costs2 : (n1, m), (n2, m)
        Sites of each demand point from near to far, then −1, and what it pays there.
    mask : (m,) uint8
        What each site may be.
    p, q
    townships : (2, m) int64
    limits1, limits2 : (2, g) int64
        As in the rules.
    step_sizes : (k,) float64
    upper
        Cost of a known plan.
    prices : (2,) float64
        μ and ν of the latest relaxation.
    """

    order1: NDArray[np.int32]
    costs1: NDArray[np.int64]
    order2: NDArray[np.int32]
    costs2: NDArray[np.int64]
    mask: NDArray[np.uint8]
    p: int
    q: int
    townships: NDArray[np.int64]
    limits1: NDArray[np.int64]
    limits2: NDArray[np.int64]
    step_sizes: Floats
    upper: float
    prices: Floats


@compiled
def _split(dual: Dual, values: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    n1, g1 = dual.order1.shape[0], dual.limits1.shape[1]
    end = n1 + dual.order2.shape[0]
    return values[:n1], values[n1:end], values[end : end + g1], values[end + g1 :]


@compiled
def _relax(dual: Dual, ascent: Ascent) -> float:
    """Choose rooms and centres, and note the prices (μ, ν) of one more of each."""
    mask, limits1, limits2 = dual.mask, dual.limits1, dual.limits2
    u, v, alpha, beta = _split(dual, ascent.at)
    r = _without(price_sites(dual.order1, dual.costs1, u, 1, mask != CLOSED), alpha, dual.townships[0])
    s = _without(price_sites(dual.order2, dual.costs2, v, 1, mask & CENTRE > 0), beta, dual.townships[1])
    cost, kind, dual.prices[0], dual.prices[1] = choose_nested(r, s, mask, dual.p, dual.q, 4.0 * dual.upper)
    ascent.chosen[: mask.size] = kind > 0
    ascent.chosen[mask.size :] = kind == 2
    value = float(u.sum() + v.sum()) + cost
    return value + _township_term(alpha, limits1[0], limits1[1]) + _township_term(beta, limits2[0], limits2[1])


@compiled
def _subgradient(dual: Dual, ascent: Ascent) -> None:
    m, limits1, limits2 = dual.mask.size, dual.limits1, dual.limits2
    u, v, alpha, beta = _split(dual, ascent.at)
    of_u, of_v, of_alpha, of_beta = _split(dual, ascent.violation)
    _serve(dual.order1, dual.costs1, u, ascent.chosen[:m], of_u)
    _serve(dual.order2, dual.costs2, v, ascent.chosen[m:], of_v)
    of_alpha[:] = _township_slope(alpha, ascent.chosen[:m], dual.townships[0], limits1[0], limits1[1])
    of_beta[:] = _township_slope(beta, ascent.chosen[m:], dual.townships[1], limits2[0], limits2[1])
    ascent.metric[:] = dual.step_sizes


@compiled
def _move(dual: Dual, ascent: Ascent, length: float) -> None:
    """Keep u and v from 0 to the dearest; a price of a township that crosses 0 stops there."""
    at, end = ascent.at, dual.order1.shape[0] + dual.order2.shape[0]
    for i in range(at.size):
        moved = at[i] + length * dual.step_sizes[i] * ascent.direction[i]
        crossed = i >= end and at[i] * moved < 0.0
        at[i] = 0.0 if crossed or (i < end and moved < 0.0) else min(moved, dual.upper)


_ascend = ascent_of(_relax, _subgradient, _move)


@compiled
def ascend_tiers(dual: Dual, start: Floats, steps: int, step_scale: float) -> tuple[Floats, Floats, Floats, float]:
    """Climb both duals at once; return (best multipliers, primal estimates of rooms and of centres, step scale).

    The dual is left with the prices (μ, ν) of the best multipliers.
    """
    m = dual.mask.size
    ascent = begin_ascent(start, 2 * m, step_scale)
    _ascend(dual, ascent, dual.upper - 1, dual.upper, 1.0, steps, STEP_RULE)
    ascent.at[:] = ascent.best_at
    _relax(dual, ascent)
    return ascent.best_at, ascent.primal[:m], ascent.primal[m:], ascent.progress[STEP_SCALE]


@compiled
def exchange_costs(
    order: NDArray[np.int32], costs: NDArray[np.int64], opened: NDArray[np.int64], far: float, m: int
) -> Floats:
    """Return (k, m): what it costs to put site j in the place of the k-th opened one (Whitaker 1983)."""
    slot = np.full(m, -1, np.int64)
    for k in range(opened.size):
        slot[opened[k]] = k
    net = np.zeros((opened.size, m))
    gain, loss = np.zeros(m), np.zeros(opened.size)
    for i in range(order.shape[0]):
        nearest, first, second = -1, far, far
        for a in range(order.shape[1]):
            j = order[i, a]
            if j < 0:
                break
            if slot[j] >= 0:
                if nearest >= 0:
                    second = float(costs[i, a])
                    break
                nearest, first = slot[j], float(costs[i, a])
        if nearest >= 0:
            loss[nearest] += second - first
        for a in range(order.shape[1]):
            j = order[i, a]
            if j < 0 or costs[i, a] >= second:
                break
            if slot[j] < 0:
                if costs[i, a] < first:
                    gain[j] += first - costs[i, a]
                if nearest >= 0:
                    net[nearest, j] -= second - max(first, float(costs[i, a]))
    for k in range(opened.size):
        net[k] += loss[k]
        net[k] -= gain
    return net


def warm_tier_kernels() -> None:
    """Compile everything here, or load it from disk, on a case of two sites."""
    order = np.array([[0, 1]], np.int32)
    costs = np.array([[0, 1]], np.int64)
    mask = np.full(2, 7, np.uint8)
    none = np.full((2, 2), -1, np.int64)
    open_ended = np.zeros((2, 0), np.int64)
    sizes = np.ones(2)
    dual = Dual(order, costs, order, costs, mask, 1, 1, none, open_ended, open_ended, sizes, 9.0, np.zeros(2))
    ascend_tiers(dual, np.ones(2), 2, 1.0)
    price_sites(order, costs, np.ones(1, np.int64), 1, mask > 0)
    exchange_costs(order, costs, np.zeros(1, np.int64), 9.0, 2)
