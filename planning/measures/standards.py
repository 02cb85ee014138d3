"""Facilities as they stand against the standard of their service."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from planning.scenario.places import Facility
from planning.services import Service

Verdict = Literal["met", "short", "unknown"]
"""``unknown`` where the county does not give a figure that it takes to tell."""


@dataclass(frozen=True, slots=True)
class Standard:
    """What a facility must have at least; ``None`` asks nothing.

    Parameters
    ----------
    least_floor_area_m2
    least_capacity
        Places: beds, people.
    least_m2_per_place
        Floor area for each place.
    """

    least_floor_area_m2: float | None = None
    least_capacity: int | None = None
    least_m2_per_place: float | None = None


NO_STANDARD = Standard()


@dataclass(frozen=True, slots=True)
class Checked:
    """A facility against its standard, point by point; ``None`` where the standard asks nothing.

    Parameters
    ----------
    floor_area, capacity, area_per_place
    """

    floor_area: Verdict | None
    capacity: Verdict | None
    area_per_place: Verdict | None


def check_facility(floor_area_m2: float | None, capacity: int | None, standard: Standard) -> Checked:
    """Hold a facility against its standard.

    Parameters
    ----------
    floor_area_m2, capacity
        ``None`` where the county does not say.
    standard
    """
    per_place = standard.least_m2_per_place
    needed = None if per_place is None or capacity is None else per_place * capacity
    area = None if per_place is None else "unknown" if needed is None else _verdict(floor_area_m2, needed)
    return Checked(
        _verdict(floor_area_m2, standard.least_floor_area_m2), _verdict(capacity, standard.least_capacity), area
    )


def standard_of(service: Service) -> Standard:
    """Return the standard of a service; 0 in its table asks nothing."""
    return Standard(
        service.least_floor_area_m2 or None, service.least_capacity or None, service.least_m2_per_place or None
    )


def check_facilities(facilities: Iterable[Facility], standard: Standard) -> dict[str, Any] | None:
    """Hold each facility that stands against a standard.

    Parameters
    ----------
    facilities
        Of one service.
    standard

    Returns
    -------
    dict or None
        How many are ``met`` in every point, ``short`` in some, and else ``unknown``; ``facilities``: each with ``id``,
        ``name``, ``floor_area_m2``, ``capacity`` (``None`` where not given) and ``points``, what the standard asks for
        with its verdict. ``None`` where nothing stands or nothing is asked.
    """
    counts, told = dict.fromkeys(get_args(Verdict), 0), []
    for one in facilities if standard != NO_STANDARD else ():
        points = asdict(check_facility(one.floor_area_m2, one.capacity, standard))
        points = {point: verdict for point, verdict in points.items() if verdict is not None}
        worst = next(verdict for verdict in ("short", "unknown", "met") if verdict in points.values())
        counts[worst] += 1
        figures = {name: getattr(one, name) for name in ("id", "name", "floor_area_m2", "capacity")}
        told.append({**figures, "points": points})
    return {**counts, "facilities": told} if told else None


def _verdict(figure: float | None, least: float | None) -> Verdict | None:
    if least is None:
        return None
    if figure is None:
        return "unknown"
    return "met" if figure >= least else "short"
