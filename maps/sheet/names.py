"""Names on a map, none upon another: each goes where it is free, the most important first."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from maps.svg import width_of

_AROUND = (
    (1, 0), (1, -1), (1, 1), (-1, 0), (-1, -1), (-1, 1), (0, -1), (0, 1),
)  # fmt: skip
"""Where a name may stand beside its symbol: right first, then left, then above and below."""


@dataclass(frozen=True)
class Box:
    """A part of the map, millimetres; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether two parts have any ground in common."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def is_within(self, other: Box) -> bool:
        """Whether it lies in another one."""
        across = other.left <= self.left and self.right <= other.right
        return across and other.top <= self.top and self.bottom <= other.bottom


@dataclass(frozen=True)
class Name:
    """A name that has its place: middle of its letters across, the line that they stand on, degrees clockwise."""

    text: str
    size: float
    x: float
    y: float
    box: Box
    turned: float = 0.0


class Names:
    """What is taken on a map.

    Parameters
    ----------
    frame
        Names stay in it.
    taken
        What no name may cover, such as symbols.
    """

    def __init__(self, frame: Box, taken: Iterable[Box] = ()) -> None:
        self._frame, self._taken = frame, list(taken)
        self.placed: list[Name] = []

    def beside(self, text: str, size: float, x: float, y: float, *, radius: float) -> Name | None:
        """Place a name beside a symbol; ``None`` if there is no room."""
        half, high = width_of(text, size) / 2, size / 2
        for distance in (0.5, 1.4, 2.6):
            away = radius + distance
            for across, down in _AROUND:
                middle = x + across * (away * (0.8 if down else 1.0) + half)
                line = y + down * (away * (0.8 if across else 1.0) + high)
                name = self._at(text, size, middle, line)
                if name is not None:
                    return name
        return None

    def within(self, text: str, size: float, spots: Sequence[tuple[float, float]]) -> Name | None:
        """Place a name at the first of some spots where it is free; ``None`` if there is none."""
        return next((name for x, y in spots if (name := self._at(text, size, x, y)) is not None), None)

    def along(self, text: str, size: float, spots: Iterable[tuple[float, float, float, float]]) -> Name | None:
        """Place a name along a line at the first spot where it is free and the line straight enough; else ``None``.

        Parameters
        ----------
        text, size
        spots
            Where, turned clockwise by so many degrees, if half the name is at most so many millimetres.
        """
        half = width_of(text, size) / 2
        fitting = (spot for spot in spots if half <= spot[3])
        placed = (self._at(text, size, x, y, turned=turned) for x, y, turned, _reach in fitting)
        return next((name for name in placed if name is not None), None)

    def _at(self, text: str, size: float, x: float, y: float, *, turned: float = 0.0) -> Name | None:
        across, up = abs(math.cos(math.radians(turned))), abs(math.sin(math.radians(turned)))
        long, high = width_of(text, size) / 2 + 0.2, 0.58 * size
        wide, tall = long * across + high * up, long * up + high * across
        box = Box(x - wide, y - tall, x + wide, y + tall)
        if not box.is_within(self._frame) or any(box.meets(other) for other in self._taken):
            return None
        self._taken.append(box)
        name = Name(text, size, x, y if turned else y + 0.36 * size, box, turned)
        self.placed.append(name)
        return name
