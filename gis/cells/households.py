"""How many households live at a place, and how many cells they make."""

from __future__ import annotations

import numpy as np
from geopandas import GeoDataFrame
from numpy.typing import NDArray

PEOPLE_A_HOUSEHOLD = 2.6
"""Where no households are given they are people divided by this: the mean of the census of 2020 (2.62)."""

MOST_HOUSEHOLDS = 300
"""Of one cell. A village of more is divided evenly, so that none of its cells has fewer than half as many."""

_AIM = 270  # streets cannot be shared out to the household: so much is left that a part does not exceed the most

_PEOPLE = ("resident", "registered")


def households_of(units: GeoDataFrame) -> NDArray[np.float64]:
    """Return the households of each unit; 0 where nothing is known.

    Parameters
    ----------
    units
        ``households`` where it is given; else ``resident``, else ``registered`` people, divided by
        ``PEOPLE_A_HOUSEHOLD``.
    """
    found = np.full(len(units), np.nan)
    for name, people in (("households", 1.0), *((name, PEOPLE_A_HOUSEHOLD) for name in _PEOPLE)):
        if name in units:
            given = units[name].to_numpy(np.float64, na_value=np.nan) / people
            found = np.where(np.isnan(found), given, found)
    return np.asarray(np.nan_to_num(found), dtype=np.float64)


def cells_needed(households: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return into how many cells each number of households is divided."""
    return np.where(households > MOST_HOUSEHOLDS, np.ceil(households / _AIM), 1).astype(np.int64)


def shared_out(total: float, shares: NDArray[np.float64]) -> NDArray[np.int64]:
    """Divide a number by shares into whole numbers that add up to it, rounded."""
    whole = round(total)
    exact = whole * shares / shares.sum() if shares.sum() > 0 else np.full(shares.size, whole / shares.size)
    found = np.floor(exact + 1e-9).astype(np.int64)
    order = np.argsort(found - exact, kind="stable")
    found[order[: whole - int(found.sum())]] += 1
    return found
