"""Where to split a part of the plans: by the number of sites in an area, by its halves, or by one site.

How many sites an area gets decides most when plans are mixed; then, in an area with one site, in
which half it stands; last, single sites. The climb says of each how sure it is.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.capped.dual import DualState
from planning.siting.engine.capped.node import NodeArithmetic, Part

Floats = NDArray[np.float64]

EVEN = 0.3
"""Share of the weights that is spread evenly: where one group has all, the others still tell sites apart."""
DOUBTFUL = 0.05
"""Areas whose number of sites is so near to a whole one are left for later."""


class Split(NamedTuple):
    """The two halves of a part; `subset` where it splits an area into halves, `site` or `area` otherwise."""

    inside: Part
    outside: Part
    site: int = -1
    area: int = -1
    number: int = 0
    subset: NDArray[np.int64] | None = None


def split(arithmetic: NodeArithmetic, part: Part, primal: Floats, dual: DualState) -> Split:
    """Split a part with free sites where the climb is least sure.

    Parameters
    ----------
    arithmetic
    part
    primal : (m,) float64
        How often the climb opened each site of late.
    dual
        Where the climb is: what groups weigh little is little worth splitting.
    """
    even = EVEN / max(1, len(dual.weights))
    dual = dual._replace(weights=(1.0 - EVEN) * dual.weights + even)
    return (
        _by_count(arithmetic, part, primal, DOUBTFUL)
        or _by_count(arithmetic, part, primal, -1.0)
        or _by_half(arithmetic, part, primal, dual.weights)
        or _by_site(arithmetic, part, primal, dual)
    )


def _by_count(arithmetic: NodeArithmetic, part: Part, primal: Floats, doubt: float) -> Split | None:
    """Split on the number of sites in the area where it is farthest from whole, if by more than `doubt`."""
    areas, size = arithmetic.areas, len(part.least)
    if size - len(arithmetic.question.rules.townships) < 2:
        return None
    there = np.bincount(areas[part.state == 1], minlength=size)
    room = there + np.bincount(areas[part.state == 0], minlength=size)
    number = np.bincount(areas, np.where(part.state == 1, 1.0, np.where(part.state == 0, primal, 0.0)), size)
    low, high = np.maximum(part.least, there), np.minimum(part.most, room)
    fraction = np.where(low < high, np.abs(number - np.rint(number)), -1.0)
    if doubt < 0:
        # Nothing is in doubt: fix the numbers one by one where sites are wanted at all.
        fraction = np.where((low < high) & (number >= 0.5), fraction, -1.0)
    area = int(np.argmax(fraction))
    if fraction[area] <= doubt or fraction[area] < 0:
        return None
    count = int(np.floor(number[area])) + 1 if doubt >= 0 else int(np.rint(number[area]))
    count = min(max(count, int(low[area]) + 1), int(high[area]))
    least, most = part.least.copy(), part.most.copy()
    least[area], most[area] = max(count, least[area]), min(count - 1, most[area])
    return Split(part._replace(least=least), part._replace(most=most), area=area, number=count)


def _by_half(arithmetic: NodeArithmetic, part: Part, primal: Floats, weights: Floats) -> Split | None:
    """Split the widest area that has one site, and that not yet chosen, into a near half and a far half."""
    areas, best = arithmetic.areas, None
    taken = np.bincount(areas[part.state == 1], minlength=len(part.least))
    for area in np.flatnonzero((part.least == 1) & (part.most == 1) & (taken == 0)):
        free = np.flatnonzero((areas == area) & (part.state == 0))
        if len(free) < 2:
            continue
        mass = primal[free] + 1e-6
        apart = arithmetic.apart(int(free[np.argmax(mass)]), free, weights)
        spread = float(apart @ mass / mass.sum())
        if best is None or spread > best[0]:
            best = (spread, free, mass, apart)
    if best is None:
        return None
    _, free, mass, apart = best
    order = np.argsort(apart, kind="stable")
    half = 1 + int(np.searchsorted(np.cumsum(mass[order]), 0.5 * mass.sum()))
    near = np.sort(free[order[: min(half, len(free) - 1)]])
    inside, outside = part.state.copy(), part.state.copy()
    inside[np.setdiff1d(free, near)], outside[near] = -1, -1
    return Split(part._replace(state=inside), part._replace(state=outside), subset=near)


def _by_site(arithmetic: NodeArithmetic, part: Part, primal: Floats, dual: DualState) -> Split:
    """Split on the most doubtful site; among doubtful ones, one that saves much."""
    free = np.flatnonzero(part.state == 0)
    doubt = 0.01 + primal[free] * (1.0 - primal[free])
    site = int(free[np.argmax(doubt * (1e-12 + arithmetic.savings(free, dual)))])
    inside, outside = part.state.copy(), part.state.copy()
    inside[site], outside[site] = 1, -1
    return Split(part._replace(state=inside), part._replace(state=outside), site=site)
