"""Compiled inner loops of the two tiers: prices of sites, the climb of the dual, costs of exchanges."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled
from planning.siting.engine.subgradient import BEST, STEP_SCALE, average_choice, begin_ascent, keep_bound, turn
from planning.siting.engine.tiers.choice import choose_nested
from planning.siting.proof.tier_certificate import CENTRE, CLOSED

Floats = NDArray[np.float64]

PATIENCE, SLOWER, DEFLECTION, MEMORY = 12, 0.7, 0.7, 0.9
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


@compiled
def ascend_tiers(
    order1: NDArray[np.int32],
    costs1: NDArray[np.int64],
    order2: NDArray[np.int32],
    costs2: NDArray[np.int64],
    mask: NDArray[np.uint8],
    p: int,
    q: int,
    townships: NDArray[np.int64],
    limits1: NDArray[np.int64],
    limits2: NDArray[np.int64],
    start: Floats,
    step_sizes: Floats,
    upper: float,
    steps: int,
    step_scale: float,
) -> tuple[float, Floats, Floats, Floats, Floats, float]:
    """Climb both duals at once (deflected subgradient); see :mod:`planning.siting.engine.sites.lagrangian`.

    `start` and `step_sizes` hold u, v, α, β one after another; `townships` (2, m) and `limits` (2, g) as
    in the rules. Returns (bound, best multipliers, their (μ, ν), primal estimate of rooms, of centres, step scale).
    """
    n1, n2, g1 = order1.shape[0], order2.shape[0], limits1.shape[1]
    end = n1 + n2
    usable1, usable2 = mask != CLOSED, mask & CENTRE > 0
    at, best_at, best_prices = start.copy(), start.copy(), np.zeros(2)
    violation, direction = np.zeros(at.size), np.zeros(at.size)
    rooms, centres = np.zeros(mask.size), np.zeros(mask.size)
    progress = begin_ascent(step_scale)
    for step in range(steps):
        u, v, alpha, beta = at[:n1], at[n1:end], at[end : end + g1], at[end + g1 :]
        r = _without(price_sites(order1, costs1, u, 1, usable1), alpha, townships[0])
        s = _without(price_sites(order2, costs2, v, 1, usable2), beta, townships[1])
        cost, kind, mu, nu = choose_nested(r, s, mask, p, q, 4.0 * upper)
        value = u.sum() + v.sum() + cost
        value += _township_term(alpha, limits1[0], limits1[1]) + _township_term(beta, limits2[0], limits2[1])
        memory = MEMORY if step else 0.0
        open1, open2 = kind > 0, kind == 2
        average_choice(rooms, open1, memory)
        average_choice(centres, open2, memory)
        if keep_bound(progress, value, PATIENCE, SLOWER):
            best_at[:] = at
            best_prices[0], best_prices[1] = mu, nu
        _serve(order1, costs1, u, open1, violation[:n1])
        _serve(order2, costs2, v, open2, violation[n1:end])
        violation[end : end + g1] = _township_slope(alpha, open1, townships[0], limits1[0], limits1[1])
        violation[end + g1 :] = _township_slope(beta, open2, townships[1], limits2[0], limits2[1])
        norm = turn(direction, violation, DEFLECTION, step_sizes)
        if progress[BEST] > upper - 1 or norm == 0.0 or progress[STEP_SCALE] < 1e-4:
            break
        length = progress[STEP_SCALE] * max(upper - value, 1.0) / norm
        for i in range(at.size):
            moved = at[i] + length * step_sizes[i] * direction[i]
            crossed = i >= end and at[i] * moved < 0.0
            at[i] = 0.0 if crossed or (i < end and moved < 0.0) else min(moved, upper)
    return progress[BEST], best_at, best_prices, rooms, centres, progress[STEP_SCALE]


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
    ascend_tiers(
        order, costs, order, costs, mask, 1, 1, none, open_ended, open_ended, np.ones(2), np.ones(2), 9.0, 2, 1.0
    )
    price_sites(order, costs, np.ones(1, np.int64), 1, mask > 0)
    exchange_costs(order, costs, np.zeros(1, np.int64), 9.0, 2)
