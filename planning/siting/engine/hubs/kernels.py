"""Compiled inner loops of the hubs: the best mix of every site, and villages that change hub."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled

Whole = NDArray[np.int64]

SWEEPS = 2
"""Times that one room after another is raised or lowered to its best; the value is concave, and the second time mends
what the first rooms could not know of the last."""


@compiled
def _site_value(
    mix: Whole,
    villages: Whole,
    people: Whole,
    children: Whole,
    figures: Whole,
    smallest: int,
    times: int,
    u: Whole,
    scale: int,
) -> int:
    """Return fixed part + Σ_i min(0, part of village i − u_i) of one site, times `scale`."""
    fixed = (scale - mix[0]) * smallest
    person, child = 0, 0
    for r in range(figures.shape[0]):
        theta = mix[r + 1]
        fixed += (mix[0] - theta) * figures[r, 3] + theta * figures[r, 0]
        person += theta * figures[r, 1]
        child += theta * figures[r, 2]
    value: int = fixed * times
    for i in villages:
        excess = times * (person * people[i] + child * children[i]) - u[i]
        if excess < 0:
            value += excess
    return value


@compiled
def best_mixes(
    starts: Whole,
    villages: Whole,
    people: Whole,
    children: Whole,
    figures: Whole,
    smallest: int,
    times: int,
    u: Whole,
    scale: int,
) -> tuple[Whole, Whole]:
    """Return a good mix of every site under the multipliers `u`, (m, 1 + r), and the site's value.

    The value is concave in the mix: one room after another is raised or lowered to its best.
    """
    count, rooms = starts.size - 1, figures.shape[0]
    mixes, values = np.zeros((count, rooms + 1), np.int64), np.zeros(count, np.int64)
    for j in range(count):
        own = villages[starts[j] : starts[j + 1]]
        best = mixes[j].copy()
        value = _site_value(best, own, people, children, figures, smallest, times, u, scale)
        for tau in (scale, scale // 2):
            mix = np.full(rooms + 1, tau, np.int64)
            for _ in range(SWEEPS):
                for r in range(rooms):
                    if figures[r, 3] > figures[r, 0]:
                        _best_share(mix, r + 1, own, people, children, figures, smallest, times, u, scale)
            found = _site_value(mix, own, people, children, figures, smallest, times, u, scale)
            if found > value:
                best, value = mix, found
        mixes[j] = best
        values[j] = value
    return mixes, values


@compiled
def _best_share(
    mix: Whole,
    at: int,
    villages: Whole,
    people: Whole,
    children: Whole,
    figures: Whole,
    smallest: int,
    times: int,
    u: Whole,
    scale: int,
) -> None:
    """Set one share of `mix` to its best between 0 and τ, by bisection on the slope."""
    low, high = 0, mix[0]
    while low < high:
        middle = (low + high) // 2
        mix[at] = middle
        here = _site_value(mix, villages, people, children, figures, smallest, times, u, scale)
        mix[at] = middle + 1
        if _site_value(mix, villages, people, children, figures, smallest, times, u, scale) > here:
            low = middle + 1
        else:
            high = middle
    mix[at] = low


@compiled
def _area(people: int, children: int, figures: Whole, smallest: int) -> int:
    total = 0
    for r in range(figures.shape[0]):
        linear = figures[r, 0] + figures[r, 1] * people + figures[r, 2] * children
        total += max(linear, figures[r, 3])
    return max(total, smallest)


@compiled
def relocate(
    hub_of: Whole,
    choices: Whole,
    ends: Whole,
    served: Whole,
    people: Whole,
    children: Whole,
    figures: Whole,
    smallest: int,
) -> int:
    """Move villages between open hubs while that saves floor area; return how many moves.

    `choices` lists the open hubs within reach village by village, `ends` where each list ends;
    `hub_of` and `served` (m, 2), people and children of each hub, are changed in place.
    """
    moves, moved = 0, True
    while moved:
        moved = False
        begin = 0
        for i in range(hub_of.size):
            home = hub_of[i]
            w, c = people[i], children[i]
            before = _area(served[home, 0], served[home, 1], figures, smallest)
            freed = before - _area(served[home, 0] - w, served[home, 1] - c, figures, smallest)
            best, target = 0, -1
            for k in range(begin, ends[i]):
                j = choices[k]
                if j == home:
                    continue
                added = _area(served[j, 0] + w, served[j, 1] + c, figures, smallest)
                saved = freed - added + _area(served[j, 0], served[j, 1], figures, smallest)
                if saved > best:
                    best, target = saved, j
            begin = ends[i]
            if target >= 0:
                served[home, 0] -= w
                served[home, 1] -= c
                served[target, 0] += w
                served[target, 1] += c
                hub_of[i] = target
                moves += 1
                moved = True
    return moves


def warm_hub_kernels() -> None:
    """Compile everything here, or load it from disk, on a case of one site."""
    one, figures = np.ones(1, np.int64), np.array([[1, 1, 1, 2]], np.int64)
    best_mixes(np.array([0, 1]), np.zeros(1, np.int64), one, one, figures, 5, 1, one, 4)
    relocate(np.zeros(1, np.int64), np.zeros(1, np.int64), one.copy(), np.ones((1, 2), np.int64), one, one, figures, 5)
