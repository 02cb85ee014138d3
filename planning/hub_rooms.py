"""Floor area of a community hub: rooms sized from the people served, by a table anyone may edit."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

SMALLEST_HUB_M2 = 500
"""The source document's least floor area of a hub."""

SHARED_PERCENT = 20
"""Corridors, stairs and shared space on top of the rooms: an assumption."""

ATTENDANCE_PERCENT = 15
"""Children of 5–14 who come to the after-school room: an assumption."""

CHILDREN_PERCENT = 12
"""People who are 5–14 where the county gives no ages: an assumption."""


MM2_PER_M2 = 10**6


@dataclass(frozen=True, slots=True)
class Room:
    """One line of the table.

    Parameters
    ----------
    name
        Code (``planning.room.<name>``), or any word for a room that a planner adds.
    base_m2
        Area however few are served.
    per_1000_people_m2, per_child_m2
        Area on top of it, for people served and for children who come.
    minimum_m2
        Never less than this.
    """

    name: str
    base_m2: float = 0
    per_1000_people_m2: float = 0
    per_child_m2: float = 0
    minimum_m2: float = 0


DEFAULT_ROOMS: tuple[Room, ...] = (
    Room("hall", base_m2=120, per_1000_people_m2=10),
    Room("day-care", per_1000_people_m2=75, minimum_m2=150),
    Room("after-school", base_m2=100, per_child_m2=1.2),
    Room("clinic", minimum_m2=80),
)

ROOM_BASES: Mapping[str, str] = {
    "hall": "rooms-around-sources",
    "day-care": "rooms-around-sources",
    "after-school": "rooms-around-sources",
    "clinic": "clinic-shandong",
    "circulation": "assumption",
}
"""Room -> code of the sentence that says where its figures come from (``planning.basis.<code>``)."""


@dataclass(frozen=True, slots=True)
class HubProgram:
    """How large a hub is to be.

    Parameters
    ----------
    floor_area_m2
        Whole square metres: max(500, all rooms with circulation).
    rooms
        (room, whole square metres), ``circulation`` last.
    children
        Children who come to the after-school room.
    """

    floor_area_m2: int
    rooms: tuple[tuple[str, int], ...]
    children: int


RoomFigures = tuple[int, int, int, int]
"""Base, per person, per child and minimum of a room in mm², corridors and attendance included."""


def whole_figures(
    rooms: Sequence[Room] = DEFAULT_ROOMS, *, ages_known: bool, attendance_percent: int = ATTENDANCE_PERCENT
) -> tuple[RoomFigures, ...]:
    """Return the table in whole mm²: the one place where figures of the table are rounded.

    Parameters
    ----------
    rooms
    ages_known
        Whether children are counted; otherwise 12 % of the people are taken for children.
    attendance_percent
        How many of the children come.

    Notes
    -----
    Decimal figures are taken as written, not as binary floats; halves are rounded up.
    """
    coming = Fraction(attendance_percent, 100)
    figures = []
    for room in rooms:
        person, child = _decimal(room.per_1000_people_m2) / 1000, _decimal(room.per_child_m2) * coming
        if not ages_known:
            person, child = person + child * Fraction(CHILDREN_PERCENT, 100), Fraction(0)
        base, least = _decimal(room.base_m2), _decimal(room.minimum_m2)
        figures.append((_gross_mm2(base), _gross_mm2(person), _gross_mm2(child), _gross_mm2(least)))
    return tuple(figures)


def room_areas_mm2(people: int, children: int, figures: Sequence[RoomFigures]) -> list[int]:
    """Return the area of each room with its share of the corridors."""
    return [max(least, base + person * people + child * children) for base, person, child, least in figures]


def hub_area_mm2(people: int, children: int, figures: Sequence[RoomFigures]) -> int:
    """Return the floor area of a hub, never under 500 m²."""
    return max(SMALLEST_HUB_M2 * MM2_PER_M2, sum(room_areas_mm2(people, children, figures)))


def hub_program(
    people: int,
    *,
    children: int | None = None,
    attendance_percent: int = ATTENDANCE_PERCENT,
    rooms: Sequence[Room] = DEFAULT_ROOMS,
) -> HubProgram:
    """Size a hub from the people it serves, in whole square metres: the total is rounded up.

    Rooms are rounded so that they add up to the total, corridors and stairs last.

    Parameters
    ----------
    people
        Everyone served.
    children
        Those of them aged 5–14; ``None`` without age data, then 12 % of `people` are assumed.
    attendance_percent
        How many of these children come.
    rooms
        The table.
    """
    figures = whole_figures(rooms, ages_known=children is not None, attendance_percent=attendance_percent)
    gross = room_areas_mm2(people, children or 0, figures)
    areas, net, given = [], 0, 0
    for room, area in zip(rooms, gross, strict=True):
        net += area
        upto = _rounded_up(Fraction(net * 100, 100 + SHARED_PERCENT))
        areas.append((room.name, upto - given))
        given = upto
    areas.append(("circulation", _rounded_up(Fraction(net)) - given))
    aged = Fraction(people * CHILDREN_PERCENT, 100) if children is None else Fraction(children)
    coming = math.ceil(aged * attendance_percent / 100)
    return HubProgram(max(SMALLEST_HUB_M2, _rounded_up(Fraction(net))), tuple(areas), coming)


def _rounded_up(area_mm2: Fraction) -> int:
    return math.ceil(area_mm2 / MM2_PER_M2)


def _gross_mm2(area_m2: Fraction) -> int:
    return math.floor(area_m2 * MM2_PER_M2 * (100 + SHARED_PERCENT) / 100 + Fraction(1, 2))


def _decimal(figure: float) -> Fraction:
    return Fraction(str(figure))
