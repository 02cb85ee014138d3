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


def hub_program(
    people: int,
    *,
    children: int | None = None,
    attendance_percent: int = ATTENDANCE_PERCENT,
    rooms: Sequence[Room] = DEFAULT_ROOMS,
) -> HubProgram:
    """Size a hub from the people it serves; every part is rounded up to whole square metres.

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
    aged = Fraction(people * CHILDREN_PERCENT, 100) if children is None else Fraction(children)
    coming = math.ceil(aged * attendance_percent / 100)
    areas = [(room.name, _room_m2(room, people, coming)) for room in rooms]
    circulation = math.ceil(Fraction(sum(area for _, area in areas) * SHARED_PERCENT, 100))
    areas.append(("circulation", circulation))
    return HubProgram(max(SMALLEST_HUB_M2, sum(area for _, area in areas)), tuple(areas), coming)


def _room_m2(room: Room, people: int, children: int) -> int:
    """Return one room's area; decimal figures are taken as written, not as binary floats."""
    area = _decimal(room.base_m2) + _decimal(room.per_1000_people_m2) * people / 1000
    area += _decimal(room.per_child_m2) * children
    return math.ceil(max(area, _decimal(room.minimum_m2)))


def _decimal(figure: float) -> Fraction:
    return Fraction(str(figure))
