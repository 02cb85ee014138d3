"""How fast each mode of travel is on each class of road, and on foot between a place and the road."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence

from gis.travel_modes import MODES, ROAD_CLASSES, TravelMode
from planning.tables.definition import Column, Row, RowFault, TableKind

ACCESS = "access"
"""Stands for the way between a place and the road."""

_SLOWEST_KMH = 0.5
_FASTEST_KMH = 150


def _defaults() -> Iterator[Row]:
    for mode in MODES.values():
        for road_class, speed in mode.speeds_kmh.items():
            yield {"mode": mode.name, "road_class": road_class, "speed_kmh": _plain(speed), "basis": mode.basis}
        yield {"mode": mode.name, "road_class": ACCESS, "speed_kmh": _plain(mode.access_kmh), "basis": "assumption"}


def _plain(speed: float) -> int | float:
    return int(speed) if float(speed).is_integer() else float(speed)


def _check(rows: Sequence[Row]) -> Iterator[RowFault]:
    """Refuse speeds so low that a way takes weeks, walking ways that nobody can go, and modes without any road."""
    for number, row in enumerate(rows):
        least = {"minimum": _SLOWEST_KMH}
        if row["road_class"] == ACCESS and float(row["speed_kmh"]) < _SLOWEST_KMH:
            yield RowFault("table-access-closed", number, "speed_kmh", least)
        elif 0 < float(row["speed_kmh"]) < _SLOWEST_KMH:
            yield RowFault("table-speed-too-low", number, "speed_kmh", least)
    for mode in MODES:
        own = [number for number, row in enumerate(rows) if row["mode"] == mode]
        roads = [number for number in own if rows[number]["road_class"] not in (ACCESS, "ferry")]
        if roads and not any(float(rows[number]["speed_kmh"]) for number in roads):
            yield RowFault("table-no-open-road", roads[0], "speed_kmh")


TABLE = TableKind(
    "speeds",
    columns=(
        Column("mode", "choice", choices=tuple(MODES), words="page.mode"),
        Column("road_class", "choice", choices=(*ROAD_CLASSES, ACCESS), words="table.road"),
        Column("speed_kmh", "number", unit="km-h", maximum=_FASTEST_KMH, decimals=2),
        Column("basis", "text", words="table.speed-basis", is_optional=True),
    ),
    key=("mode", "road_class"),
    defaults=tuple(_defaults()),
    noun="planning-table",
    check=_check,
)


def modes_of(rows: Sequence[Row]) -> Mapping[str, TravelMode]:
    """Return the modes of travel with these speeds."""
    speeds = {(str(row["mode"]), str(row["road_class"])): float(row["speed_kmh"]) for row in rows}
    return {
        name: dataclasses.replace(
            mode,
            speeds_kmh={road_class: speeds[name, road_class] for road_class in mode.speeds_kmh},
            access_kmh=speeds[name, ACCESS],
        )
        for name, mode in MODES.items()
    }
