"""Which demand points and candidates decide a covering problem (Toregas & ReVelle 1973)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.rules import Rules

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


class Turn(NamedTuple):
    """What is left out at once, each for the sake of another: candidates, or demand points.

    Parameters
    ----------
    sites
        Whether these are candidates.
    gone, instead : (k,) int64
    """

    sites: bool
    gone: Ints
    instead: Ints


class Reduced(NamedTuple):
    """The demand points and candidates that are left, and how the others went."""

    rows: Ints
    columns: Ints
    turns: list[Turn]

    def stand_ins(self, sites: Ints) -> Ints:
        """Return for each candidate the one that is left and stands in for it."""
        now = sites.copy()
        for turn in self.turns:
            if turn.sites:
                gone, where = (now[:, None] == turn.gone[None, :]).nonzero()
                now[gone] = turn.instead[where]
        return now


def essential_rows(covers: Bools) -> Ints:
    """Return the demand points without which all others imply the rest.

    A demand point goes when another is covered by a subset of its candidates; of equals the first stays.
    """
    return np.setdiff1d(np.arange(len(covers)), _beaten(covers, contains=True)[0])


def reduce_cover(covers: Bools, rows: Ints, columns: Ints, rules: Rules, *, rounds: int = 9) -> Reduced:
    """Leave out candidates and demand points in turn until neither finds any more.

    A candidate goes when another covers all that it covers; of equals the first stays. The other must be
    able to stand in for it: in the same township, of which nobody asks a number, and with nobody too near.

    Parameters
    ----------
    covers : (n, m) bool
    rows, columns : (a,), (b,) int64
        What to begin with.
    rules
    rounds
        When to leave off.
    """
    turns: list[Turn] = []
    asked = np.append(rules.least > 0, False)[rules.township]
    minded = np.zeros(covers.shape[1], bool)
    minded[rules.apart] = True
    for _ in range(rounds):
        sites = columns
        alike = rules.township[sites, None] == rules.township[None, sites]
        alike &= ~asked[sites, None] & ~minded[None, sites]
        gone, instead = _beaten(covers[np.ix_(rows, sites)].T, contains=False, alike=alike)
        columns = np.delete(sites, gone)
        if len(gone):
            turns.append(Turn(True, sites[gone], sites[instead]))
        elif turns:
            break
        places = rows
        gone, instead = _beaten(covers[np.ix_(places, columns)], contains=True)
        rows = np.delete(places, gone)
        if len(gone) == 0:
            break
        turns.append(Turn(False, places[gone], places[instead]))
    return Reduced(rows, columns, turns)


def _beaten(sets: Bools, *, contains: bool, alike: Bools | None = None) -> tuple[Ints, Ints]:
    """Return the sets (rows) that contain another, or are contained in another, and which; the first of equals stays.

    Only those `alike` are compared. The other is never one that is beaten itself.
    """
    numbers = sets.astype(np.float32)  # counts below 2²⁴ are exact
    shared, sizes = numbers @ numbers.T, numbers.sum(axis=1)
    worse = shared == (sizes[None, :] if contains else sizes[:, None])
    earlier = np.arange(len(sizes))[:, None] > np.arange(len(sizes))[None, :]
    worse &= (sizes[:, None] != sizes[None, :]) | earlier
    if alike is not None:
        worse &= alike
    beaten = worse.any(axis=1)
    gone = np.flatnonzero(beaten)
    return gone, np.argmax(worse[gone] & ~beaten, axis=1) if len(gone) else gone
