"""Which demand points and candidates decide a covering problem (Toregas & ReVelle 1973)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]


def essential_rows(covers: Bools) -> NDArray[np.int64]:
    """Return the demand points without which all others imply the rest.

    A demand point goes when another is covered by a subset of its candidates; of equals the first stays.
    """
    return np.flatnonzero(~_beaten(covers, contains=True))


def leading_columns(covers: Bools) -> NDArray[np.int64]:
    """Return the candidates that no other outdoes.

    A candidate goes when another covers all that it covers; of equals the first stays. Where rules
    tell candidates apart, those left are not enough for a plan, but always for a bound.
    """
    return np.flatnonzero(~_beaten(covers.T, contains=False))


def reduce_cover(covers: Bools) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows and columns left when neither kind of reduction finds any more."""
    rows, columns = np.arange(covers.shape[0]), np.arange(covers.shape[1])
    while True:
        kept = essential_rows(covers[np.ix_(rows, columns)])
        fewer = len(kept) < len(rows)
        rows = rows[kept]
        ahead = leading_columns(covers[np.ix_(rows, columns)])
        if len(ahead) == len(columns) and not (fewer and len(rows) == 0):
            return rows, columns
        columns = columns[ahead]
        if len(rows) == 0:
            return rows, columns


def _beaten(sets: Bools, *, contains: bool) -> Bools:
    """Whether each set (row) contains another, or is contained in another; of equal sets all but the first."""
    numbers = sets.astype(np.float32)  # counts below 2²⁴ are exact
    shared, sizes = numbers @ numbers.T, numbers.sum(axis=1)
    worse = shared == (sizes[None, :] if contains else sizes[:, None])
    earlier = np.arange(len(sizes))[:, None] > np.arange(len(sizes))[None, :]
    worse &= (sizes[:, None] != sizes[None, :]) | earlier
    return np.asarray(worse.any(axis=1))
