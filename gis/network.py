"""The road network as plain arrays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import cast

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from gis.cost_matrix import UNREACHABLE
from gis.hierarchy.customization import Hierarchy, hierarchy_of
from gis.hierarchy.topology import Topology, complete, topology_of
from gis.reach import Arcs


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
        The same piece of road in the other direction, −1 where there is none. If not given, straight arcs there
        and back between two nodes are one road; arcs with courses of their own are one-way.
    shapes : ArcShapes, optional
        Course of the arcs; straight lines if not given.

    Raises
    ------
    ValueError
        If lengths differ, a node number is out of range or a time is negative.
    OverflowError
        If a time is longer than ``UNREACHABLE``; the message names the arcs.
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
        _refuse_overflow(self.seconds)
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
        straight = self.shapes.start.size != m + 1
        if not self.twin.size:
            set_(self, "twin", _opposite(self.tail, self.head) if straight else np.full(m, -1, dtype=np.int32))
        if straight:
            set_(self, "shapes", _straight_shapes(self))
        if not self.length_m.size:
            dx, dy = self.x[self.head] - self.x[self.tail], self.y[self.head] - self.y[self.tail]
            set_(self, "length_m", np.hypot(dx, dy))

    @property
    def passable(self) -> NDArray[np.bool_]:
        """(m,) arcs that this mode may use."""
        return self.seconds < UNREACHABLE

    @cached_property
    def topology(self) -> Topology:
        """What all travel times on these roads share; computed once for equal roads."""
        return topology_of(self.tail, self.head, self.x, self.y)

    @cached_property
    def hierarchy(self) -> Hierarchy:
        """The contraction hierarchy that answers all questions about travel times."""
        return hierarchy_of(self.topology, self.seconds)

    @cached_property
    def arcs_out(self) -> Arcs:
        """The open arcs out of every node."""
        arcs = np.flatnonzero(self.passable)
        arcs = arcs[np.argsort(self.tail[arcs], kind="stable")]
        first = np.concatenate([[0], np.cumsum(np.bincount(self.tail[arcs], minlength=self.x.size))])
        return Arcs(first.astype(np.int32), self.head[arcs], self.seconds[arcs])

    @cached_property
    def blank_times(self) -> list[NDArray[np.int32]]:
        """Arrays of ``UNREACHABLE``, one entry a node, for searches that put back what they touch."""
        return []

    def with_seconds(self, seconds: NDArray[np.integer]) -> RoadNetwork:
        """Return the same topology under other travel times.

        Parameters
        ----------
        seconds : (m,) int
        """
        other = replace(self, seconds=cast("NDArray[np.int32]", seconds))  # the network itself narrows them
        if "topology" in self.__dict__:
            other.__dict__["topology"] = self.topology
        return other

    def edit(
        self,
        *,
        closed: ArrayLike = (),
        seconds: tuple[ArrayLike, ArrayLike] | None = None,
        added: Iterable[tuple[int, int, int]] = (),
    ) -> RoadNetwork:
        """Return a network with roads closed, changed and built; this one stays as it is.

        Parameters
        ----------
        closed
            Arcs that nobody may use any more; the other direction of a road is its ``twin``.
        seconds
            Arcs, and how long each takes from now on; one that is closed too stays closed.
        added
            New arcs: tail, head, seconds. They follow the arcs at hand, straight from node to node; two
            that lead there and back one after the other are twins.

        Returns
        -------
        RoadNetwork
            Arc and node numbers, and places snapped to them, hold there too. Nodes keep their order:
            new times need a new customization, new arcs a new elimination as well.

        Raises
        ------
        ValueError
            If an arc or node does not exist, or a time is negative; all of them are named.
        """
        changed = self.seconds.astype(np.int64)
        if seconds is not None:
            arcs = existing(seconds[0], self.tail.size, "arc")
            changed[arcs] = np.asarray(seconds[1], dtype=np.int64)
        changed[existing(closed, self.tail.size, "arc")] = UNREACHABLE
        new = np.array(list(added), dtype=np.int64).reshape(-1, 3)
        if not len(new):
            return self.with_seconds(changed)
        return self._build(changed, new)

    def _build(self, seconds: NDArray[np.int64], new: NDArray[np.int64]) -> RoadNetwork:
        """Return the network with new arcs: rows of tail, head, seconds."""
        m = self.tail.size
        tail, head = existing(new[:, 0], self.x.size, "node"), existing(new[:, 1], self.x.size, "node")
        back = np.flatnonzero((tail[1:] == head[:-1]) & (head[1:] == tail[:-1]))
        twin = np.full(len(new), -1, np.int32)
        for there in back.tolist():
            if twin[there] < 0:
                twin[there], twin[there + 1] = m + there + 1, m + there
        ends = np.stack([np.column_stack([self.x[v], self.y[v]]) for v in (tail, head)], axis=1)
        corners = self.shapes.start[-1] + 2 * np.arange(1, len(new) + 1)
        built = replace(
            self,
            tail=np.append(self.tail, tail),
            head=np.append(self.head, head),
            seconds=np.append(seconds, new[:, 2]),
            length_m=np.append(self.length_m, np.hypot(*(ends[:, 1] - ends[:, 0]).T)),
            twin=np.append(self.twin, twin),
            shapes=ArcShapes(np.append(self.shapes.start, corners), np.concatenate([self.shapes.xy, *ends])),
        )
        built.__dict__["topology"] = complete(self.topology.order, built.tail, built.head)
        return built


def existing(numbers: ArrayLike, size: int, kind: str) -> NDArray[np.int64]:
    """Return arc or node numbers as an array; raise ``ValueError`` with all that are out of range.

    Parameters
    ----------
    numbers : (k,) int
    size
        How many there are.
    kind
        ``arc`` or ``node``, for the message.
    """
    found = np.asarray(numbers, dtype=np.int64).reshape(-1)
    wrong = np.unique(found[(found < 0) | (found >= size)])
    if wrong.size:
        raise ValueError(f"{kind} numbers must lie in 0…{size - 1}; found {', '.join(map(str, wrong[:10]))}")
    return found


def _refuse_overflow(seconds: NDArray[np.integer]) -> None:
    long = np.flatnonzero(np.asarray(seconds) > UNREACHABLE)
    if long.size:
        named = ", ".join(map(str, long[:10]))
        raise OverflowError(f"{long.size} arcs take more than {UNREACHABLE} s (arcs {named}); check their lengths")


def _opposite(tail: NDArray[np.int32], head: NDArray[np.int32]) -> NDArray[np.int32]:
    """Pair the arcs there and back between the same two nodes, the first with the first and so on."""
    low, high = np.minimum(tail, head), np.maximum(tail, head)
    rises = tail < head
    order = np.lexsort((rises, high, low))
    same = np.append(False, (np.diff(low[order]) == 0) & (np.diff(high[order]) == 0) & (np.diff(rises[order]) == 0))
    begin = np.maximum.accumulate(np.where(same, 0, np.arange(order.size)))
    count = np.empty_like(order)
    count[order] = np.arange(order.size) - begin  # how many arcs of this kind came before
    order = np.lexsort((rises, count, high, low))
    one, other = order[:-1], order[1:]
    paired = (low[one] == low[other]) & (high[one] == high[other]) & (count[one] == count[other])
    paired &= rises[one] != rises[other]
    twin = np.full(tail.size, -1, dtype=np.int32)
    twin[one[paired]], twin[other[paired]] = other[paired], one[paired]
    return twin


def _straight_shapes(network: RoadNetwork) -> ArcShapes:
    m = network.tail.size
    xy = np.empty((2 * m, 2))
    xy[0::2] = np.column_stack([network.x[network.tail], network.y[network.tail]])
    xy[1::2] = np.column_stack([network.x[network.head], network.y[network.head]])
    return ArcShapes(start=np.arange(0, 2 * m + 1, 2, dtype=np.int64), xy=xy)


def arc_lines(network: RoadNetwork, arcs: NDArray[np.integer]) -> NDArray[np.object_]:
    """Return the course of arcs as LineStrings.

    Parameters
    ----------
    network
    arcs : (k,) int
    """
    start = network.shapes.start
    counts = start[arcs + 1] - start[arcs]
    offset = np.concatenate([[0], np.cumsum(counts)])[:-1]
    rows = np.arange(counts.sum()) - np.repeat(offset, counts) + np.repeat(start[arcs], counts)
    lines: NDArray[np.object_] = shapely.linestrings(
        network.shapes.xy[rows], indices=np.repeat(np.arange(arcs.size), counts)
    )
    return lines
