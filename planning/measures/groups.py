"""The same minutes for parts of the people: township by township, age band by age band."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from planning.groups import COLUMNS, Base
from planning.measures.travel_times import measures
from planning.population import demand_weights


def measure_townships(
    townships: NDArray[Any], weights: ArrayLike, seconds: ArrayLike, *, limit_s: int | None
) -> list[dict[str, Any]]:
    """Measure each township, in the order of their names.

    Parameters
    ----------
    townships : (n,)
        Name of each demand point's township, empty where it has none.
    weights, seconds, limit_s
        As for :func:`planning.measures.travel_times.measures`.

    Returns
    -------
    list of dict
        ``township`` (``None`` for places without one) and its measures; empty where no place has a township.
    """
    names, people, times = townships.astype(str), np.asarray(weights), np.asarray(seconds)
    if not (names != "").any():
        return []
    return [
        {"township": name or None, **measures(people[names == name], times[names == name], limit_s=limit_s).as_dict()}
        for name in np.unique(names).tolist()
    ]


def find_worst_township(measured: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the township where people travel longest on average.

    Parameters
    ----------
    measured
        From :func:`measure_townships`.

    Returns
    -------
    dict or None
        ``township``, ``mean_s``, ``unreachable_people`` (left out of its mean). Where nobody of a township is served
        there is no mean, and that is worse than any; ``None`` where no township has people.
    """
    lived_in = [one for one in measured if one["people_total"]]
    if not lived_in:
        return None
    worst = max(lived_in, key=lambda one: float("inf") if one["mean_s"] is None else one["mean_s"])
    return {name: worst[name] for name in ("township", "mean_s", "unreachable_people")}


def measure_ages(units: pd.DataFrame, seconds: ArrayLike, *, base: Base, limit_s: int | None) -> list[dict[str, Any]]:
    """Measure each age band that the county counts.

    Parameters
    ----------
    units : (n,) frame
        As for :func:`planning.population.demand_weights`.
    seconds : (n,) int
        Travel times; negative or ``UNREACHABLE`` where nothing serves them.
    base
        Population base; of the registered one the bands are estimates.
    limit_s
        Seconds that count as covered, or ``None``.

    Returns
    -------
    list of dict
        ``group``, ``basis`` (see :class:`planning.population.Weights`), ``estimated``, and its measures.
    """
    bands = []
    for group in (group for group, column in COLUMNS.items() if column in units):
        counted = demand_weights(units, base=base, group=group)
        found = measures(counted.values, seconds, limit_s=limit_s)
        told = {"group": group, "basis": counted.basis, "estimated": counted.estimated}
        bands.append({**told, **found.as_dict()})
    return bands
