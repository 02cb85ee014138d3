"""Whom a scheme counts and how long they take, as its plan says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.cost_matrix import UNREACHABLE
from planning.comparison.scheme import Scheme
from planning.population import demand_weights
from planning.scenario.build import Built
from planning.scenario.resolve import Resolved


def counted_of(key: str, built: Built, plan: Mapping[str, Any]) -> Scheme:
    """Return the places of a scheme.

    Parameters
    ----------
    key
        What it is called beside others.
    built
        Its question with the minutes that it is measured by.
    plan
        As the API tells it.
    """
    resolved = built.resolved
    n, townships = len(resolved.people), resolved.candidates.townships
    return Scheme(
        key=key,
        ids=resolved.candidates.ids[:n],  # the places are the first candidates
        names=resolved.candidates.names[:n],
        townships=np.full(n, "", dtype=object) if townships is None else townships[:n],
        lon_lat=resolved.candidates.lon_lat[:n],
        people=resolved.weights.values,
        elders=_elders(resolved),
        seconds=_seconds(plan, n),
    )


def _elders(resolved: Resolved) -> NDArray[np.int64] | None:
    counted = demand_weights(resolved.people, base=resolved.question.base, group="60+")
    return None if counted.basis == "no-age-data" else counted.values


def _seconds(plan: Mapping[str, Any], n: int) -> NDArray[np.int32]:
    told = [one["seconds"] for one in plan["allocation"]]
    if not told:
        return np.full(n, UNREACHABLE, np.int32)
    return np.array([UNREACHABLE if one is None else one for one in told], np.int32)
