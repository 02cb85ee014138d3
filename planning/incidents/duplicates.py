"""Which open cases may be the same as another: of one kind, near it, reported about the same time."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from planning.incidents.case import Case
from planning.incidents.subcategories import Subcategory

_METRES_A_DEGREE = 111_195.0
"""Of latitude, on a sphere of 6,371 km; over a few kilometres the error is below half a per cent."""


@dataclass(frozen=True, slots=True)
class Likely:
    """A case that may be the same.

    Parameters
    ----------
    case
    metres
        As the crow flies.
    apart
        Between the two reports.
    """

    case: Case
    metres: float
    apart: timedelta


def reach_of(case: Case, kinds: Mapping[str, Subcategory]) -> tuple[float, timedelta] | None:
    """Return how near, in metres, and how soon a case like another may be the same; ``None`` for never.

    Parameters
    ----------
    case
        One without a small kind goes by the narrowest of its category.
    kinds
        Small kinds by code.
    """
    own = kinds.get(case.subcategory or "")
    if own is not None:
        return (float(own.radius_m), own.window) if own.radius_m else None
    looked_for = [one for one in kinds.values() if one.category == case.category and one.radius_m]
    if not looked_for:
        return None
    return float(min(one.radius_m for one in looked_for)), min(one.window for one in looked_for)


def likely_same(case: Case, others: Iterable[Case], *, kinds: Mapping[str, Subcategory]) -> list[Likely]:
    """Return the cases that may be the same as one, the nearest first.

    Parameters
    ----------
    case
    others
        Itself, ended ones, and those of another kind are passed over; one without a small kind may be of any of its
        category.
    kinds
        Small kinds by code.
    """
    reach = reach_of(case, kinds)
    if reach is None:
        return []
    radius_m, window = reach
    found = [
        Likely(other, metres_between(case, other), abs(other.reported_at - case.reported_at))
        for other in others
        if other.id != case.id and not other.has_ended and other.flow == case.flow and _is_alike(case, other)
    ]
    near = [one for one in found if one.metres <= radius_m and one.apart <= window]
    return sorted(near, key=lambda one: (one.metres, one.apart, one.case.id))


def metres_between(one: Case, other: Case) -> float:
    """Return the distance of two cases in metres, as the crow flies."""
    north = (other.lat - one.lat) * _METRES_A_DEGREE
    east = (other.lon - one.lon) * _METRES_A_DEGREE * math.cos(math.radians((one.lat + other.lat) / 2))
    return math.hypot(north, east)


def box_around(case: Case, radius_m: float) -> tuple[float, float, float, float]:
    """Return west, south, east and north, degrees, of what holds every place within a distance."""
    high = radius_m / _METRES_A_DEGREE
    wide = high / max(math.cos(math.radians(min(abs(case.lat) + high, 89.0))), 1e-9)
    return case.lon - wide, case.lat - high, case.lon + wide, case.lat + high


def _is_alike(one: Case, other: Case) -> bool:
    kinds = {one.subcategory, other.subcategory} - {None}
    return one.category == other.category and len(kinds) < 2
