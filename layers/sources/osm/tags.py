"""From the tags of one way of OpenStreetMap to one row of the roads, whatever file the tags come from."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import isnan
from typing import Any

import pandas as pd

from gis.travel_modes import MODES, ROAD_CLASSES, Vehicle
from layers.schema import ROAD_CLASSES_AND_LINKS
from layers.sources.osm.access import (
    ACCESS_KEYS,
    CYCLEWAY_KEYS,
    ONEWAY_KEYS,
    OPEN_BY_CLASS,
    Direction,
    Tags,
    directions,
    oneway_course,
)
from layers.sources.osm.figures import parse_span, parse_speed

Row = Mapping[str, Any]

_ALL: frozenset[Vehicle] = frozenset(("foot", "bicycle", "motorcar"))
_WHEELS: frozenset[Vehicle] = frozenset(("bicycle", "motorcar"))
_CLASS_OF_TAG: dict[str, tuple[str, frozenset[Vehicle]]] = {
    **{name: (name, frozenset()) for name in ROAD_CLASSES_AND_LINKS if name != "ferry"},
    "road": ("unclassified", frozenset()),  # of unknown kind
    "bridleway": ("path", frozenset(("bicycle",))),
    "busway": ("service", _ALL),
    "bus_guideway": ("service", _ALL),
}
"""Class of a ``highway`` and who may not use it by default, beside those whose modes have no speed for
the class. What is planned, under construction or no way at all is not here."""

_STILL_OPEN_DURING_WORKS = ("", "no", "minor", "widening")
_GONE = ("disused", "abandoned", "demolished", "razed", "removed", "destroyed", "impassable")
_WORDS = {(True, True): "both", (True, False): "forward", (False, True): "backward", (False, False): "no"}
_SPEED_KEYS = ("maxspeed:motorcar", "maxspeed:motor_vehicle", "maxspeed")
_NO = ("", "no", "false", "0", "none")
_BUILT_OVER = ("building_passage", "covered", "arcade")  # people live and step out there: no tunnel

_DIRECTED = ("", ":forward", ":backward")
WAY_KEYS = (
    *("highway", "route", "ferry", "junction", "area", "name", "bridge", "tunnel", "motorroad", "smoothness"),
    *("construction", "proposed", "status", "duration", "interval", *_GONE),
    *(f"{key}{end}" for keys in ACCESS_KEYS.values() for key in (*keys, "access") for end in _DIRECTED),
    *(key for keys in ONEWAY_KEYS.values() for key in keys),
    *(f"{key}{end}" for key in CYCLEWAY_KEYS for end in ("", ":oneway")),
    *(f"{key}{end}" for key in _SPEED_KEYS for end in _DIRECTED),
)
"""Every key that is read."""
_READ = frozenset(WAY_KEYS) - {"name"}


def road_row(tags: Mapping[str, str]) -> Row | None:
    """Turn the tags of a way into attributes of a road.

    Parameters
    ----------
    tags
        ``highway`` may be a list (``residential;service``): the lowest class counts, and whoever one of
        them shuts out is shut out.

    Returns
    -------
    mapping or None
        ``road_class``, ``oneway`` (for motor traffic), flags ``bridge``, ``tunnel``,
        ``motorroad``, ``speed_kmh``, ``speed_back_kmh``; ``foot``, ``bicycle``, ``motorcar`` as
        ``gis.travel_modes.DIRECTIONS``, "" where class and one-way rule say it all; ``is_reversed``:
        the line is to be turned round, all else is said of it turned; ``crossing_s``, ``interval_s``
        of a ferry. None if it is no road, or open to nobody.
    """
    own = tuple(sorted((key, value) for key, value in tags.items() if key in _READ))
    return _row_of(own)


def attributes_of(ways: list[str], names: list[str], rows: list[Row]) -> pd.DataFrame:
    """Lay the rows of ways out as a table; their lines must run as their traffic does.

    Parameters
    ----------
    ways, names : (w,) str
    rows : (w,) mappings
        Of which many are one and the same.

    Returns
    -------
    DataFrame
    """
    distinct = list({id(row): row for row in rows}.values())
    number = {id(row): k for k, row in enumerate(distinct)}
    attributes = pd.DataFrame(distinct).take([number[id(row)] for row in rows])
    attributes = attributes.drop(columns="is_reversed", errors="ignore")
    return attributes.assign(way=ways, name=names).reset_index(drop=True)


@lru_cache(maxsize=4096)
def _row_of(own: tuple[tuple[str, str], ...]) -> Row | None:
    """Return the row of the tags that are read; thousands of ways have the same few."""
    tags = dict(own)
    found = _class_and_closed(tags)
    if found is None or _is_no_road_today(tags):
        return None
    road_class, closed = found
    of_vehicle = {vehicle: _directions(tags, vehicle, road_class, closed) for vehicle in OPEN_BY_CLASS}
    if not any(along or against for along, against in of_vehicle.values()):
        return None
    course = oneway_course(tags, "motorcar")
    speed_kmh, back_kmh = _speed(tags, ":forward"), _speed(tags, ":backward")
    if course == "backward":
        of_vehicle = {vehicle: (back, forth) for vehicle, (forth, back) in of_vehicle.items()}
        speed_kmh, back_kmh = back_kmh, speed_kmh
    if course == "both" and isnan(back_kmh) and not isnan(speed_kmh):  # a limit one way says nothing of the other
        back_kmh = MODES["car"].speeds_kmh.get(road_class.removesuffix("_link"), float("nan"))
    oneway = course != "both"
    return {
        "road_class": road_class,
        "oneway": oneway,
        "bridge": tags.get("bridge", "") not in _NO,
        "tunnel": tags.get("tunnel", "") not in (*_NO, *_BUILT_OVER),
        "motorroad": tags.get("motorroad", "") == "yes",
        "speed_kmh": speed_kmh,
        "speed_back_kmh": float("nan") if back_kmh == speed_kmh else back_kmh,
        **{vehicle: _word(both, _by_rule(vehicle, road_class, oneway=oneway)) for vehicle, both in of_vehicle.items()},
        "is_reversed": course == "backward",
        "crossing_s": parse_span(tags.get("duration", "")) if road_class == "ferry" else float("nan"),
        "interval_s": parse_span(tags.get("interval", "")) if road_class == "ferry" else float("nan"),
    }


def _class_and_closed(tags: Tags) -> tuple[str, frozenset[Vehicle]] | None:
    """Return the class of a way and whom it is closed to where no tag opens it; None if it is no road."""
    highway = tags.get("highway", "")
    if not highway:
        is_ferry = tags.get("route", "") == "ferry" or tags.get("ferry", "no") not in _NO
        return ("ferry", _WHEELS) if is_ferry else None
    found = [_CLASS_OF_TAG.get(part.strip()) for part in highway.split(";")]
    known = [one for one in found if one is not None]
    if len(known) < len(found):
        return None
    closed = {v for name, shut in known for v in OPEN_BY_CLASS if v in shut or not _is_open(v, name)}
    return max((name for name, _ in known), key=_rank), frozenset(closed)


def _is_no_road_today(tags: Tags) -> bool:
    return (
        tags.get("area", "") == "yes"
        or tags.get("construction", "") not in _STILL_OPEN_DURING_WORKS
        or tags.get("proposed", "") not in _NO
        or tags.get("status", "") == "impassable"
        or any(tags.get(key, "") == "yes" for key in _GONE)
    )


def _directions(tags: Tags, vehicle: Vehicle, road_class: str, closed: frozenset[Vehicle]) -> Direction:
    is_open = vehicle not in closed
    if vehicle != "motorcar" and tags.get("motorroad", "") == "yes":
        is_open = False
    if vehicle != "foot" and tags.get("smoothness", "") == "impassable":
        return False, False
    return directions(tags, vehicle, is_open=is_open, binds_feet=road_class == "ferry")


def _by_rule(vehicle: Vehicle, road_class: str, *, oneway: bool) -> Direction:
    """Directions that class and one-way rule give without a word in the vehicle's column."""
    is_open = _is_open(vehicle, road_class)
    return is_open, is_open and (vehicle == "foot" or not oneway)


def _word(said: Direction, by_rule: Direction) -> str:
    return "" if said == by_rule else _WORDS[said]


def _speed(tags: Tags, ending: str) -> float:
    """Return the speed limit of cars in one direction, NaN if none is stated."""
    texts = (tags.get(key + end, "") for key in _SPEED_KEYS for end in (ending, ""))
    found = (speed for text in texts if text and (speed := parse_speed(text)) > 0)
    return next(found, float("nan"))


def _is_open(vehicle: Vehicle, road_class: str) -> bool:
    return road_class.removesuffix("_link") in OPEN_BY_CLASS[vehicle]


def _rank(road_class: str) -> tuple[int, bool]:
    return ROAD_CLASSES.index(road_class.removesuffix("_link")), road_class.endswith("_link")
