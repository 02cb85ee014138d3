"""How large a hub has to be, said for the checker: the rooms for those whom it serves, and never under 500 m²."""

from __future__ import annotations

from collections.abc import Iterable

MM2_PER_M2 = 10**6
LEAST_MM2 = 500 * MM2_PER_M2

RoomFigures = tuple[int, ...]
"""Base, per person, per child and minimum of a room in mm²."""


def hub_area_mm2(people: int, children: int, figures: Iterable[RoomFigures]) -> int:
    """Return the floor area of a hub: of each room the larger of what its people need and its minimum."""
    area = 0
    for base, person, child, least in figures:
        needed = base + people * person + children * child
        area += least if needed < least else needed
    return max(area, LEAST_MM2)
