"""The road network as plain arrays."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis.arc_columns import check_shapes, given_flags, given_lengths, given_positions, given_twins
from gis.arc_shapes import ArcShapes, no_shapes, pair_twins, straight_shapes
from gis.arc_times import as_milliseconds, changed_times, given_milliseconds
from gis.components import Components, components_of
from gis.cost_matrix import CLOSED_MS, whole_seconds
from gis.hierarchy.customization import Hierarchy, customize, hierarchy_of
from gis.hierarchy.topology import Topology, complete, topology_of
from gis.reach import Arcs
from gis.stretches import trace_stretches
from gis.whole_numbers import existing, whole_numbers


@dataclass(frozen=True, eq=False)
class RoadNetwork:
    """Directed road network with one weight array; travel modes share everything else.

    Parameters
    ----------
    tail, head : (m,) int32
        Node numbers of each arc.
    seconds : (m,) int32, optional
        Travel time of each arc, at most ``LONGEST_S``; ``UNREACHABLE`` where this mode may not pass. Where only
        `milliseconds` are given: those, rounded arc by arc, for people to read.
    x, y : (n,) float64
        Node positions, metres in a projected CRS.
    length_m : (m,) float64, optional
        Length of each arc; straight lines if not given.
    twin : (m,) int32, optional
        The same piece of road in the other direction, −1 where there is none. If not given, straight arcs there
        and back between two nodes are one road; arcs with courses of their own are one-way.
    shapes : ArcShapes, optional
        Course of the arcs; straight lines if not given.
    milliseconds : (m,) int32, optional
        The weight that all questions are answered from; ``CLOSED_MS`` where this mode may not pass. The seconds
        times 1,000 if not given.
    joinable : (m,) bool, optional
        Arcs that a place beside them may join between their ends; all of them if not given.

    Raises
    ------
    ValueError
        If lengths differ, a node number is out of range, a position or length is not finite, a time is negative or no
        whole number, twins are not each other's, or seconds and milliseconds are both given and at odds.
    OverflowError
        If a time is longer than ``LONGEST_S``; the message names the arcs.
    """

    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    seconds: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, dtype=np.int32))
    x: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    y: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    length_m: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    twin: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, dtype=np.int32))
    shapes: ArcShapes = field(default_factory=no_shapes)
    milliseconds: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, dtype=np.int32))
    joinable: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, dtype=np.bool_))

    def __post_init__(self) -> None:
        set_ = object.__setattr__
        for name in ("x", "y"):
            set_(self, name, np.ascontiguousarray(getattr(self, name), dtype=np.float64))
        for name in ("tail", "head"):
            set_(self, name, existing(getattr(self, name), self.x.size, "node").astype(np.int32))
        m, n = self.tail.size, self.x.size
        if not (self.head.size == m and self.y.size == n):
            raise ValueError("tail and head need one length; x and y another")
        given_positions(np.column_stack([self.x, self.y]), what="nodes")
        check_shapes(self.shapes, arcs=m)
        ms = given_milliseconds(self.seconds, self.milliseconds, arcs=m)
        set_(self, "milliseconds", ms)
        set_(self, "seconds", whole_seconds(ms))
        straight = self.shapes.start.size != m + 1
        if np.size(self.twin):
            set_(self, "twin", given_twins(self.twin, self.tail, self.head))
        else:
            set_(self, "twin", pair_twins(self.tail, self.head) if straight else np.full(m, -1, dtype=np.int32))
        if straight:
            set_(self, "shapes", straight_shapes(np.column_stack([self.x, self.y]), self.tail, self.head))
        if np.size(self.length_m):
            set_(self, "length_m", given_lengths(self.length_m, arcs=m))
        else:
            dx, dy = self.x[self.head] - self.x[self.tail], self.y[self.head] - self.y[self.tail]
            set_(self, "length_m", np.hypot(dx, dy))
        given = given_flags(self.joinable, arcs=m) if np.size(self.joinable) else np.ones(m, dtype=np.bool_)
        set_(self, "joinable", given)

    @property
    def passable(self) -> NDArray[np.bool_]:
        """(m,) arcs that this mode may use."""
        return self.milliseconds < CLOSED_MS

    @cached_property
    def topology(self) -> Topology:
        """What all travel times on these roads share; computed once for equal roads."""
        return topology_of(self.tail, self.head, self.x, self.y)

    @cached_property
    def hierarchy(self) -> Hierarchy:
        """The contraction hierarchy that answers all questions about travel times."""
        return hierarchy_of(self.topology, self.milliseconds)

    @cached_property
    def stretch(self) -> NDArray[np.int32]:
        """(m,) which road from junction to junction each arc belongs to; an edit keeps those of its base."""
        piece = np.where(self.twin >= 0, np.minimum(np.arange(self.tail.size), self.twin), np.arange(self.tail.size))
        pieces, row = np.unique(piece, return_inverse=True)
        return trace_stretches(self.tail[pieces], self.head[pieces], self.x.size).of_piece[row]

    @cached_property
    def stretches_at(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Which stretches meet at each node: ``found[first[v]:first[v + 1]]`` of (first (n + 1,), found (k,))."""
        count = int(self.stretch.max(initial=0)) + 1
        meeting = np.concatenate([self.tail, self.head]).astype(np.int64) * count + np.tile(self.stretch, 2)
        node, found = np.divmod(np.unique(meeting), count)
        return np.searchsorted(node, np.arange(self.x.size + 1)), found.astype(np.int32)

    @cached_property
    def arcs_out(self) -> Arcs:
        """The open arcs out of every node."""
        arcs = np.flatnonzero(self.passable)
        arcs = arcs[np.argsort(self.tail[arcs], kind="stable")]
        first = np.concatenate([[0], np.cumsum(np.bincount(self.tail[arcs], minlength=self.x.size))])
        return Arcs(first.astype(np.int32), self.head[arcs], self.milliseconds[arcs])

    @cached_property
    def blank_times(self) -> list[NDArray[np.int32]]:
        """Arrays of ``CLOSED_MS``, one entry a node, for searches that put back what they touch."""
        return []

    @cached_property
    def components(self) -> Components:
        """Which parts of the network one gets everywhere in, and which of them lead to which."""
        return components_of(self.tail, self.head, self.milliseconds, self.x.size)

    def with_order(self, order: NDArray[np.int32]) -> RoadNetwork:
        """Return the same network with an elimination order found before, which spares looking for one.

        Parameters
        ----------
        order : (n,) int32
            ``topology.order`` of a network with the same arcs and nodes.

        Raises
        ------
        ValueError
            If it does not name every node once.
        """
        other = replace(self, seconds=np.empty(0, np.int32))
        other.__dict__["topology"] = topology_of(self.tail, self.head, self.x, self.y, order=order)
        return other

    def with_seconds(self, seconds: ArrayLike) -> RoadNetwork:
        """Return the same roads under other travel times.

        Parameters
        ----------
        seconds : (m,) int
            ``UNREACHABLE`` where a road is closed.
        """
        return self.with_milliseconds(as_milliseconds(seconds))

    def with_milliseconds(self, milliseconds: ArrayLike) -> RoadNetwork:
        """Return the same roads under other travel times.

        Parameters
        ----------
        milliseconds : (m,) int
            ``CLOSED_MS`` where a road is closed.
        """
        ms = cast("NDArray[np.int32]", milliseconds)  # the network itself narrows them
        other = replace(self, seconds=np.empty(0, np.int32), milliseconds=ms)
        self._hand_on(other, "topology", "stretch", "stretches_at")
        return other

    def in_passing(self, milliseconds: ArrayLike, *, few: bool = False) -> RoadNetwork:
        """Return as ``with_milliseconds`` under times that nobody asks for again, one draw of many.

        Only the times are checked, and the hierarchy goes when the network goes, instead of being kept for others.
        With `few`, for ways to a few places, it is ready sooner, and each way takes a little longer.
        """
        ms = given_milliseconds((), milliseconds, arcs=self.tail.size)
        other = copy(self)
        other.__dict__.update({"milliseconds": ms, "seconds": whole_seconds(ms)})
        for name in ("components", "arcs_out", "blank_times"):
            other.__dict__.pop(name, None)
        other.__dict__["hierarchy"] = customize(self.topology, ms, few=few)
        return other

    def edit(
        self,
        *,
        closed: ArrayLike = (),
        seconds: tuple[ArrayLike, ArrayLike] | None = None,
        milliseconds: tuple[ArrayLike, ArrayLike] | None = None,
        added: Iterable[tuple[int, int, int]] = (),
        added_ms: Iterable[tuple[int, int, int]] = (),
    ) -> RoadNetwork:
        """Return a network with roads closed, changed and built; this one stays as it is.

        Parameters
        ----------
        closed
            Arcs that nobody may use any more; the other direction of a road is its ``twin``.
        seconds, milliseconds
            Arcs, and how long each takes from now on, in one unit or the other; one that is closed too stays
            closed.
        added, added_ms
            New arcs: tail, head and seconds, or milliseconds. They follow the arcs at hand, those in seconds first,
            straight from node to node; two that lead there and back one after the other are twins.

        Returns
        -------
        RoadNetwork
            Arc and node numbers, and places snapped to them, hold there too. Nodes keep their order:
            new times need a new customization, new arcs a new elimination as well.

        Raises
        ------
        ValueError
            If an arc or node does not exist, an arc is changed in both units, or a time is negative; all are named.
        OverflowError
            If a time is longer than ``LONGEST_S``.
        """
        changed = self.milliseconds.astype(np.int64)
        arcs, new_ms = changed_times(seconds, milliseconds, arcs=self.tail.size)
        changed[arcs] = new_ms
        changed[existing(closed, self.tail.size, "arc")] = CLOSED_MS
        new = np.concatenate([_new_arcs(added, seconds=True), _new_arcs(added_ms, seconds=False)])
        if not len(new):
            return self.with_milliseconds(changed)
        return self._build(changed, new)

    def _build(self, milliseconds: NDArray[np.int64], new: NDArray[np.int64]) -> RoadNetwork:
        """Return the network with new arcs: rows of tail, head, milliseconds."""
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
            seconds=np.empty(0, np.int32),
            milliseconds=np.append(milliseconds, new[:, 2]),
            length_m=np.append(self.length_m, np.hypot(*(ends[:, 1] - ends[:, 0]).T)),
            twin=np.append(self.twin, twin),
            shapes=ArcShapes(np.append(self.shapes.start, corners), np.concatenate([self.shapes.xy, *ends])),
            joinable=np.append(self.joinable, np.ones(len(new), dtype=np.bool_)),
        )
        built.__dict__["topology"] = complete(self.topology.order, built.tail, built.head)
        own = np.where(twin >= 0, np.minimum(np.arange(len(new)), twin - m), np.arange(len(new)))
        beyond = int(self.stretch.max(initial=-1)) + 1
        built.__dict__["stretch"] = np.append(self.stretch, beyond + own).astype(np.int32)
        return built

    def _hand_on(self, other: RoadNetwork, *names: str) -> None:
        """Spare another network on the same roads what is computed already."""
        other.__dict__.update({name: self.__dict__[name] for name in names if name in self.__dict__})


def _new_arcs(rows: Iterable[tuple[int, int, int]], *, seconds: bool) -> NDArray[np.int64]:
    given = [tuple(row) for row in rows]
    if wrong := next((row for row in given if len(row) != 3), None):
        raise ValueError(f"added arcs need tail, head and time, three numbers each; found {wrong}")
    new = whole_numbers([number for row in given for number in row], name="added arcs").reshape(-1, 3)
    if seconds:
        new[:, 2] = as_milliseconds(new[:, 2])
    return new


def arc_lines(network: RoadNetwork, arcs: NDArray[np.integer]) -> NDArray[np.object_]:
    """Return the course of arcs as LineStrings.

    Parameters
    ----------
    network
    arcs : (k,) int
    """
    return network.shapes.lines(arcs)
