"""Plans whose dearest group is cheaper: single exchanges at a temperature that falls.

Simulated annealing (Kirkpatrick, Gelatt & Vecchi 1983; for p-medians Murray & Church 1996). Where the
dearest group decides, the best exchange of all soon helps no more: most good plans are a few worse
exchanges away. A plan's energy is the logarithm of the 128-norm of its groups' figures, so that a
temperature is a share of what the dearest group pays.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NORM = 128.0
"""The power of the norm that stands for the dearest group, as in the last stage of the exchanges: of twelve equal
groups it is 2 % above one."""
NEARBY = 0.7
"""Share of the exchanges that try a site similar to the one that leaves."""
FINE = 2**30
"""Chances are counted in such parts."""


class Ground(NamedTuple):
    """What plans are made of, as the kernel reads it.

    Parameters
    ----------
    parts : (m, n) float64
        What each demand point adds to the figure of its group, site by site.
    groups : (n,) int64
    similar : (m, k) int64
        Sites that serve about the same demand points.
    stays, barred : (m,) bool
        Sites that never leave, and that never enter.
    clashes : (m, m) bool
        Sites too near to each other; (0, 0) if there are none.
    township, least, most : (m,), (a,), (a,) int64
        How many sites each township may have.
    """

    parts: Floats
    groups: Ints
    similar: Ints
    stays: NDArray[np.bool_]
    barred: NDArray[np.bool_]
    clashes: NDArray[np.bool_]
    township: Ints
    least: Ints
    most: Ints


@compiled
def anneal(ground: Ground, opened: Ints, steps: int, hottest: float, coldest: float, seed: int) -> tuple[Ints, Ints]:
    """Return the plan reached from `opened`, and the one with the cheapest dearest group that was met."""
    chance = np.full(1, np.uint64(seed + 1) * np.uint64(0x9E3779B97F4A7C15))
    parts, groups = ground.parts, ground.groups
    (m, n), p = parts.shape, len(opened)
    now, best = opened.copy(), opened.copy()
    there, counts = np.zeros(m, np.bool_), np.zeros(len(ground.least), np.int64)
    for j in now:
        there[j] = True
        counts[ground.township[j]] += 1
    first, second, nearest = np.empty(n), np.empty(n), np.empty(n, np.int64)
    for i in range(n):
        _rank(parts, now, i, first, second, nearest)
    sums, change = np.zeros(groups.max() + 1), np.zeros(groups.max() + 1)
    for i in range(n):
        sums[groups[i]] += first[i]
    dearest = sums.max()
    scale, energy = max(dearest, 1e-300), _energy(sums, change, max(dearest, 1e-300))
    for step in range(steps):
        heat = hottest * (coldest / hottest) ** (step / steps)
        r = _draw(chance, p)
        leaving = now[r]
        near = ground.similar.shape[1] > 0 and _draw(chance, FINE) < NEARBY * FINE
        j = ground.similar[leaving, _draw(chance, ground.similar.shape[1])] if near else _draw(chance, m)
        if there[j] or not _fits(ground, now, counts, leaving, j):
            continue
        change[:] = 0.0
        for i in range(n):
            paid = parts[j, i]
            if nearest[i] == r:
                change[groups[i]] += min(paid, second[i]) - first[i]
            elif paid < first[i]:
                change[groups[i]] += paid - first[i]
        after = _energy(sums, change, scale)
        if after > energy and _draw(chance, FINE) >= FINE * np.exp((energy - after) / heat):
            continue
        there[leaving], there[j], now[r], energy = False, True, j, after
        counts[ground.township[leaving]] -= 1
        counts[ground.township[j]] += 1
        sums += change
        for i in range(n):
            if nearest[i] == r or parts[leaving, i] <= second[i]:
                _rank(parts, now, i, first, second, nearest)
            elif parts[j, i] < first[i]:
                second[i], first[i], nearest[i] = first[i], parts[j, i], r
            else:
                second[i] = min(second[i], parts[j, i])
        if sums.max() < dearest:
            dearest = sums.max()
            best[:] = now
    return np.sort(now), np.sort(best)


@compiled
def _draw(chance: NDArray[np.uint64], most: int) -> int:
    """Return a whole number from 0 to `most` − 1, by xorshift64* (Vigna 2016); `chance` holds its state."""
    x = chance[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    chance[0] = x
    return int((x * np.uint64(0x2545F4914F6CDD1D)) >> np.uint64(33)) % most


@compiled
def _rank(parts: Floats, opened: Ints, i: int, first: Floats, second: Floats, nearest: Ints) -> None:
    first[i], second[i] = np.inf, np.inf
    for r in range(len(opened)):
        paid = parts[opened[r], i]
        if paid < first[i]:
            second[i], first[i], nearest[i] = first[i], paid, r
        elif paid < second[i]:
            second[i] = paid


@compiled
def _energy(sums: Floats, change: Floats, scale: float) -> float:
    total = 0.0
    for t in range(len(sums)):
        total += ((sums[t] + change[t]) / scale) ** NORM
    return float(np.log(total + 1e-300) / NORM)


@compiled
def _fits(ground: Ground, opened: Ints, counts: Ints, leaving: int, entering: int) -> bool:
    """Whether the rules allow an exchange."""
    if ground.stays[leaving] or ground.barred[entering]:
        return False
    one, other = ground.township[leaving], ground.township[entering]
    if one != other and (counts[one] <= ground.least[one] or counts[other] >= ground.most[other]):
        return False
    if len(ground.clashes) > 0:
        for j in opened:
            if j != leaving and ground.clashes[j, entering]:
                return False
    return True
