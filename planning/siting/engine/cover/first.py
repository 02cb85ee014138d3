"""A first cover, quickly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planning.siting.rules import Rules

Bools = NDArray[np.bool_]


def cover_greedily(covers: Bools, rules: Rules) -> NDArray[np.int64] | None:
    """Open what must be, then whatever covers most of what is left (Chvátal 1979); ``None`` if that leads nowhere.

    Parameters
    ----------
    covers : (n, m) bool
    rules
        Kept sites are opened first; what breaks a rule beside those opened is passed over.
    """
    opened = rules.kept.copy()
    left = ~covers[:, opened].any(axis=1)
    gains = covers[left].sum(axis=0).astype(np.int64)
    while left.any():
        gains[_shut(opened, rules)] = 0
        best = int(np.argmax(gains))
        if gains[best] == 0:
            return None
        opened[best] = True
        fresh = covers[:, best] & left
        left &= ~fresh
        gains -= covers[fresh].sum(axis=0)
    return _finish(covers, opened, rules)


def _shut(opened: Bools, rules: Rules) -> Bools:
    """(m,) whether a candidate may not join those opened."""
    shut = rules.barred | opened
    if len(rules.apart):
        one, other = rules.apart.T
        shut[other[opened[one]]] = True
        shut[one[opened[other]]] = True
    if len(rules.townships):
        of = rules.township
        there = np.bincount(of[opened & (of >= 0)], minlength=len(rules.townships))
        shut |= (of >= 0) & (there >= rules.most)[of]
    return shut


def _finish(covers: Bools, opened: Bools, rules: Rules) -> NDArray[np.int64] | None:
    """Fill up the townships that need more, then close what is not needed."""
    for town, low in enumerate(rules.least.tolist()):
        members = rules.township == town
        while (opened & members).sum() < low:
            free = members & ~_shut(opened, rules)
            if not free.any():
                return None
            opened[np.argmax(free)] = True
    times = covers[:, opened].sum(axis=1)
    there = np.bincount(rules.township[opened & (rules.township >= 0)], minlength=len(rules.townships))
    for site in np.flatnonzero(opened & ~rules.kept)[np.argsort(covers[:, opened & ~rules.kept].sum(axis=0))]:
        town = rules.township[site]
        if (times[covers[:, site]] > 1).all() and (town < 0 or there[town] > rules.least[town]):
            opened[site] = False
            times -= covers[:, site]
            if town >= 0:
                there[town] -= 1
    found = np.flatnonzero(opened)
    return None if rules.broken_by(found) else found
