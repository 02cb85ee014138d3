"""The cheapest sites within the limits of areas, and the sites that no cheap plan can do without or with.

Sets of so many sites that keep to the limits of disjoint areas are the bases of a matroid: the cheapest
one is found greedily, and the cheapest one with (without) a site differs from it by a single exchange
(Schrijver 2003, ch. 40). Prices are whole numbers, of 64 bits or Python's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.rules import Rules

Whole = NDArray[Any]
Bools = NDArray[np.bool_]


class Quota(NamedTuple):
    """How many sites each area must and may have.

    Parameters
    ----------
    of : (m,) int64
        The area of each site; the last of all areas is the one without limits.
    least, most : (g,) int64
    """

    of: NDArray[np.int64]
    least: NDArray[np.int64]
    most: NDArray[np.int64]

    @classmethod
    def of_rules(cls, rules: Rules) -> Quota:
        """Return the limits of townships."""
        limited, m = len(rules.townships), len(rules.township)
        of = np.where(rules.township < 0, limited, rules.township).astype(np.int64)
        return cls(of, np.append(rules.least, 0), np.append(rules.most, m))

    @classmethod
    def of_groups(cls, groups: Iterable[frozenset[int]], count: int) -> Quota:
        """Return the demand that each of some groups of `count` sites, none of which overlap, has one at least."""
        listed = [np.array(sorted(group), np.int64) for group in groups]
        of = np.full(count, len(listed), np.int64)
        for area, sites in enumerate(listed):
            of[sites] = area
        return cls(of, np.append(np.ones(len(listed), np.int64), 0), np.full(len(listed) + 1, count))

    def there(self, sites: NDArray[Any]) -> NDArray[np.int64]:
        """Return how many of some sites, given as a mask or by position, each area has."""
        return np.bincount(self.of[sites], minlength=len(self.least))


def choose(free: NDArray[np.int64], there: NDArray[np.int64], quota: Quota, wanted: int) -> Bools | None:
    """Mark the cheapest sites to add: first what areas lack, then whatever still fits, up to `wanted` in all.

    Parameters
    ----------
    free : (f,) int64
        Sites to choose from, cheapest first.
    there : (g,) int64
        How many each area has already.
    quota
    wanted

    Returns
    -------
    (f,) bool, or None
        Fewer than `wanted` where no more fit; ``None`` where areas have too many or cannot have enough.
    """
    lacking = np.maximum(quota.least - there, 0)
    if wanted < lacking.sum() or (there > quota.most).any():
        return None
    of, chosen, there = quota.of[free], np.zeros(len(free), bool), there + lacking
    for area in np.flatnonzero(lacking).tolist():
        chosen[np.flatnonzero(of == area)[: lacking[area]]] = True
    if np.count_nonzero(chosen) < lacking.sum():
        return None
    for at in np.flatnonzero(~chosen).tolist():
        if np.count_nonzero(chosen) == wanted:
            break
        if there[of[at]] < quota.most[of[at]]:
            chosen[at] = True
            there[of[at]] += 1
    return chosen


def fix_by_reduced_cost(
    price: Whole, of: NDArray[np.int64], chosen: Bools, there: NDArray[np.int64], quota: Quota, *, slack: int
) -> tuple[Bools, Bools]:
    """Mark the free sites without which, and those with which, every choice costs over `slack` more than the cheapest.

    Parameters
    ----------
    price : (f,)
        Of the free sites, cheapest first.
    of : (f,) int64
        Their areas.
    chosen : (f,) bool
        The cheapest choice, as many sites as are wanted.
    there : (g,) int64
        How many sites each area has with that choice.
    quota
    slack

    Returns
    -------
    (fixed_open, fixed_closed)
        Two arrays (f,) bool.
    """
    fixed_open, fixed_closed = np.zeros(len(price), bool), np.zeros(len(price), bool)
    areas = np.unique(of).tolist()
    inside, outside = ({area: np.flatnonzero((of == area) & side) for area in areas} for side in (chosen, ~chosen))
    dearest = {area: int(price[inside[area][-1]]) for area in areas if len(inside[area])}
    cheapest = {area: int(price[outside[area][0]]) for area in areas if len(outside[area])}
    spare = {area for area in areas if there[area] > quota.least[area]}
    room = {area for area in areas if there[area] < quota.most[area]}
    leaving = [dearest[area] for area in spare & dearest.keys()]
    entering = [cheapest[area] for area in room & cheapest.keys()]
    for area in areas:
        replaced = [*([dearest[area]] if area in dearest else []), *(leaving if area in room else [])]
        replacing = [*([cheapest[area]] if area in cheapest else []), *(entering if area in spare else [])]
        fixed_closed[outside[area]] = not replaced or price[outside[area]] > max(replaced) + slack
        fixed_open[inside[area]] = not replacing or price[inside[area]] < min(replacing) - slack
    return fixed_open, fixed_closed
