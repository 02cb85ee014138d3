"""The road network as plain arrays."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from gis.cost_matrix import UNREACHABLE


@dataclass(frozen=True, eq=False)
class ArcShapes:
    """Course of every arc, from tail to head.

    Parameters
    ----------
    start : (m + 1,) int64
        The points of arc ``a`` are ``xy[start[a]:start[a + 1]]``.
    xy : (k, 2) float64
        Metres in the network's projected CRS.
    """

    start: NDArray[np.int64]
    xy: NDArray[np.float64]


def _no_shapes() -> ArcShapes:
    return ArcShapes(start=np.zeros(1, dtype=np.int64), xy=np.empty((0, 2)))


@dataclass(frozen=True, eq=False)
class RoadNetwork:
    """Directed road network with one weight array; travel modes share everything else.

    Parameters
    ----------
    tail, head : (m,) int32
        Node numbers of each arc.
    seconds : (m,) int32
        Travel time of each arc; ``UNREACHABLE`` where this mode may not pass.
    x, y : (n,) float64
        Node positions, metres in a projected CRS.
    length_m : (m,) float64, optional
        Length of each arc; straight lines if not given.
    twin : (m,) int32, optional
        The same piece of road in the other direction, −1 where there is none.
    shapes : ArcShapes, optional
        Course of the arcs; straight lines if not given.

    Raises
    ------
    ValueError
        If lengths differ, a node number is out of range or a time is negative.
    """

    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    seconds: NDArray[np.int32]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    length_m: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    twin: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, dtype=np.int32))
    shapes: ArcShapes = field(default_factory=_no_shapes)

    def __post_init__(self) -> None:
        set_ = object.__setattr__
        for name in ("tail", "head", "seconds"):
            set_(self, name, np.ascontiguousarray(getattr(self, name), dtype=np.int32))
        for name in ("x", "y"):
            set_(self, name, np.ascontiguousarray(getattr(self, name), dtype=np.float64))
        m, n = self.tail.size, self.x.size
        if not (self.head.size == self.seconds.size == m and self.y.size == n):
            raise ValueError("tail, head and seconds need one length; x and y another")
        if m and (min(self.tail.min(), self.head.min()) < 0 or max(self.tail.max(), self.head.max()) >= n):
            raise ValueError(f"node numbers must lie in 0…{n - 1}")
        if m and self.seconds.min() < 0:
            raise ValueError("seconds must not be negative")
        if not self.twin.size:
            set_(self, "twin", np.full(m, -1, dtype=np.int32))
        if self.shapes.start.size != m + 1:
            set_(self, "shapes", _straight_shapes(self))
        if not self.length_m.size:
            dx, dy = self.x[self.head] - self.x[self.tail], self.y[self.head] - self.y[self.tail]
            set_(self, "length_m", np.hypot(dx, dy))

    @property
    def passable(self) -> NDArray[np.bool_]:
        """(m,) arcs that this mode may use."""
        return self.seconds < UNREACHABLE

    def with_seconds(self, seconds: NDArray[np.int32]) -> RoadNetwork:
        """Return the same topology under other travel times.

        Parameters
        ----------
        seconds : (m,) int32
        """
        return replace(self, seconds=seconds)


def _straight_shapes(network: RoadNetwork) -> ArcShapes:
    m = network.tail.size
    xy = np.empty((2 * m, 2))
    xy[0::2] = np.column_stack([network.x[network.tail], network.y[network.tail]])
    xy[1::2] = np.column_stack([network.x[network.head], network.y[network.head]])
    return ArcShapes(start=np.arange(0, 2 * m + 1, 2, dtype=np.int64), xy=xy)
