"""Groups of neighbouring sites to branch on: at least one of them opened, or none.

Where a relaxation mixes plans of different layouts, single sites decide little: a closed one is replaced
by its neighbour. Whether a neighbourhood gets a site at all decides between the layouts. Neighbours are
sites to which people travel about as far; a neighbourhood is worth a branch if the relaxation opens part
of a site in it, and if what it opens would have far to move, out of it as well as into it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Sites = NDArray[np.int64]

LANDMARKS = 64
"""Demand points whose distances tell which sites are near to each other: enough on a plane, where three would do."""
MOST_ACTIVE, LEAST_OPEN = 150, 0.004
"""Sites that groups are made of, those most often opened in the ascent; with a memory of 0.95 one that was not
opened in the last fifty steps is below this."""
CENTRES = 40
"""Sites that a neighbourhood is grown around: three neighbourhoods each, and ten are asked for."""
SHARES = (0.35, 0.5, 0.65)
"""How much of a site a neighbourhood should hold, about."""
LEAST, MOST = 0.15, 0.85  # of a site in a neighbourhood: beyond, one half of the branch says next to nothing
ALIKE = 0.6
"""Of two groups with a larger share of sites in common one is enough."""


class Neighbourhoods(NamedTuple):
    """How far people travel to each site, as seen from a few places.

    Parameters
    ----------
    views : (m, k) float64
        A row for each site.
    """

    views: Floats

    @classmethod
    def of(cls, distances: NDArray[Any]) -> Neighbourhoods:
        """Look from evenly chosen demand points; (n, m) distances, negative where not allowed."""
        n = len(distances)
        some = distances[np.linspace(0, n - 1, min(n, LANDMARKS)).astype(np.int64)].T.astype(np.float64)
        return cls(np.where(some < 0, some.max(initial=0.0) + 1.0, some))

    def apart(self, some: Sites, others: Sites) -> Floats:
        """(k, l) mean difference of the distances to sites."""
        return np.stack([np.abs(self.views[others] - self.views[one]).mean(axis=1) for one in some])

    def suggest(self, primal: Floats, free: Sites, area: NDArray[np.int64], count: int) -> list[Sites]:
        """Return up to `count` groups of free sites that promise most.

        Parameters
        ----------
        primal : (m,) float64
            How far each site is open in the relaxation, 0 to 1.
        free : (f,) int64
            At least two.
        area : (m,) int64
            The group in force that each site belongs to, −1 for none: suggestions lie within one.
        count
        """
        by_openness = free[np.argsort(-primal[free], kind="stable")[:MOST_ACTIVE]]
        active = by_openness[: max(2, np.count_nonzero(primal[by_openness] > LEAST_OPEN))]
        apart = self.apart(active, active)
        found = _neighbourhoods(apart, primal[active], area[active])
        nearest = active[self.apart(free, active).argmin(axis=1)]
        groups: list[Sites] = []
        for inside in found[np.argsort(-_promise(apart, primal[active], found), kind="stable")]:
            of = area[active[inside][0]]
            group = free[np.isin(nearest, active[inside]) & (area[free] == of)]
            whole = len(group) == np.count_nonzero(area[free] == of)
            if len(group) and not (whole and of >= 0) and not any(_alike(group, other) for other in groups):
                groups.append(group)
            if len(groups) == count:
                break
        return groups


def _neighbourhoods(apart: Floats, primal: Floats, area: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(k, a) active sites near to each other that together are about half open, a row each."""
    order = np.argsort(apart[:CENTRES], axis=1, kind="stable")
    same = np.logical_and.accumulate(area[order] == area[: len(order), None], axis=1)
    held = np.where(same, primal[order].cumsum(axis=1), np.inf)
    rank = np.argsort(order, axis=1, kind="stable")
    ends = np.stack([np.abs(held - share).argmin(axis=1) for share in SHARES], axis=1)
    share = np.take_along_axis(held, ends, axis=1)
    centre, which = np.nonzero((share > LEAST) & (share < MOST))
    return np.unique(rank[centre] <= ends[centre, which][:, None], axis=0)


def _promise(apart: Floats, primal: Floats, found: NDArray[np.bool_]) -> Floats:
    """(k,) how far what is open has to move: out of each neighbourhood, or into it, whichever is less."""
    promise = np.zeros(len(found))
    for at, inside in enumerate(found):
        if inside.all():
            continue
        between = apart[np.ix_(inside, ~inside)]
        out = float(primal[inside] @ between.min(axis=1))
        near = between.min(axis=0)
        order = np.argsort(near, kind="stable")
        moved = np.minimum(primal[~inside][order].cumsum(), max(0.0, 1.0 - float(primal[inside].sum())))
        into = float(np.diff(moved, prepend=0.0) @ near[order])
        promise[at] = min(out, into)
    return promise


def _alike(one: Sites, other: Sites) -> bool:
    common = len(np.intersect1d(one, other))
    return common > ALIKE * (len(one) + len(other) - common)
