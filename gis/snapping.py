"""Places beside the road: where they join the network and how long the walk there takes."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.arc_columns import given_positions
from gis.cost_matrix import CLOSED_MS, LONGEST_S, whole_seconds
from gis.faults import Fault, FaultsError
from gis.network import RoadNetwork, arc_lines
from gis.whole_numbers import whole_numbers

WALK_KMH = 4.8
"""Walking speed of the field, where none is said."""

CORE_SHARE = 0.02
"""A strongly connected part of the network with less than this share of its metres is not joined."""

AT_NODE_M = 0.01
"""A place whose nearest point lies this close to the end of a road joins there: the resolution of positions."""


@dataclass(frozen=True, eq=False)
class Snapped:
    """Places that have joined the network.

    Parameters
    ----------
    arc : (k,) int32
        Arc that the place lies beside; passable in its own direction.
    fraction : (k,) float64
        Share of the arc's length that lies behind the place. Between 0 and 1 the place is left and reached along
        the arc and its twin; at 0 or 1 it stands at the arc's tail or head, with all roads of that node.
    access_s : (k,) int32
        Walk between place and road, seconds.
    distance_m : (k,) float64
        The same walk, metres in a straight line.
    access_ms : (k,) int32, optional
        The same in milliseconds, from which all times are made; the seconds times 1,000 if not given.
    xy : (k, 2) float64, optional
        Where the places stand, metres: those beside the same road may also walk straight to each other.
    walk_kmh
        How fast they do; NaN if nobody does.

    Raises
    ------
    ValueError
        If there is not one of each a place, a fraction or walk is none, or the walks in seconds and in milliseconds
        are at odds.
    """

    arc: NDArray[np.int32]
    fraction: NDArray[np.float64]
    access_s: NDArray[np.int32]
    distance_m: NDArray[np.float64]
    access_ms: NDArray[np.int32] | None = None
    xy: NDArray[np.float64] | None = None
    walk_kmh: float = float("nan")

    def __post_init__(self) -> None:
        fraction, count = np.asarray(self.fraction, dtype=np.float64), np.size(self.arc)
        given = (self.fraction, self.access_s, self.distance_m, self.access_ms, self.xy)
        sizes = [len(column) for column in given if column is not None]
        if any(size != count for size in sizes):
            raise ValueError(f"{count} arcs and {sizes} fractions, walks, distances: one each is needed")
        wrong = np.flatnonzero(~((fraction >= 0) & (fraction <= 1)))
        if wrong.size:
            raise ValueError(f"fractions must lie in 0…1; found {fraction[wrong[0]]} at place {wrong[0]}")
        walks = self.access_ms if self.access_ms is not None else whole_numbers(self.access_s, name="access_s") * 1000
        walk_ms = whole_numbers(walks, name="access_ms")
        if ((walk_ms < 0) | (walk_ms >= CLOSED_MS)).any():
            raise ValueError(f"walks must lie in 0…{LONGEST_S} s; found {walk_ms.min()}…{walk_ms.max()} ms")
        if self.access_ms is None:
            object.__setattr__(self, "access_ms", walk_ms.astype(np.int32))
        elif (whole_seconds(self.access_ms) != self.access_s).any():
            raise ValueError("access_s and access_ms are at odds; replace both")

    def __len__(self) -> int:
        return int(self.arc.size)

    @property
    def walk_ms(self) -> NDArray[np.int64]:
        """(k,) walk between place and road, milliseconds."""
        return np.asarray(self.access_ms, dtype=np.int64)

    def take(self, rows: NDArray[np.intp]) -> Snapped:
        """Return the places at the given positions."""
        xy = None if self.xy is None else self.xy[rows]
        ms = self.walk_ms[rows].astype(np.int32)
        place = self.arc[rows], self.fraction[rows], self.access_s[rows], self.distance_m[rows]
        return Snapped(*place, access_ms=ms, xy=xy, walk_kmh=self.walk_kmh)


def one_after_other(first: Snapped, further: Snapped) -> Snapped:
    """Return the places of two lists, joined to one network for one mode, as one list."""
    if first.xy is None or further.xy is None:
        raise ValueError("both lists need to say where their places stand")
    pairs = ((getattr(first, name), getattr(further, name)) for name in ("arc", "fraction", "access_s", "distance_m"))
    arc, fraction, access_s, distance_m = (np.concatenate(pair) for pair in pairs)
    ms = np.concatenate([first.walk_ms, further.walk_ms]).astype(np.int32)
    xy = np.vstack([first.xy, further.xy])
    return Snapped(arc, fraction, access_s, distance_m, access_ms=ms, xy=xy, walk_kmh=first.walk_kmh)


class ArcIndex:
    """Spatial index of the arcs that places may join.

    Parameters
    ----------
    network
        Only arcs that are passable, may be joined between their ends and lie in a core of the network take part:
        nobody is stranded on the scrap of a clipped map, climbs over the fence of a motorway or off a bridge. At a
        dead end any road may be joined: the bridge has come to ground there.

    Raises
    ------
    FaultsError
        ``no-passable-road`` if nobody can drive or walk there and back on any road.
    """

    def __init__(self, network: RoadNetwork) -> None:
        core = core_of_nodes(network)
        in_core = network.passable & (core[network.tail] >= 0) & (core[network.tail] == core[network.head])
        usable = in_core & network.joinable
        is_second = (network.twin >= 0) & (network.twin < np.arange(network.twin.size))
        along = np.flatnonzero(usable & ~(is_second & usable[network.twin]))
        ends = np.flatnonzero(in_core & ~network.joinable & _begins_at_dead_end(network))
        self.arcs = np.concatenate([along, ends])
        if not self.arcs.size:
            raise FaultsError([Fault("no-passable-road", layer="roads")])
        nodes = np.column_stack([network.x, network.y])[np.repeat(network.tail[ends], 2)]
        at_ends = shapely.linestrings(nodes, indices=np.repeat(np.arange(ends.size), 2))  # no length: the node alone
        self.lines = np.concatenate([arc_lines(network, along), np.asarray(at_ends, dtype=object)])
        self.tree = shapely.STRtree(self.lines)

    def nearest(self, xy: NDArray[np.float64]) -> tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.float64]]:
        """Return for each point the nearest arc, the fraction along it and the distance in metres."""
        points = shapely.points(xy)
        found = self.tree.query_nearest(points, all_matches=False)[1]
        lines = self.lines[found]
        length_m = shapely.length(lines)
        along_m = np.nan_to_num(shapely.line_locate_point(lines, points))
        fraction = np.clip(along_m / np.where(length_m > 0, length_m, 1.0), 0.0, 1.0)
        fraction = np.where(along_m <= AT_NODE_M, 0.0, np.where(length_m - along_m <= AT_NODE_M, 1.0, fraction))
        return self.arcs[found].astype(np.int32), fraction, shapely.distance(lines, points)


def snap(network: RoadNetwork | ArcIndex, xy: NDArray[np.float64], *, access_kmh: float = WALK_KMH) -> Snapped:
    """Let places join the nearest road that the mode may use.

    Parameters
    ----------
    network
        A network, or the index of its arcs; a network's index is kept as long as the network.
    xy : (k, 2) float64
        Places, metres in the network's CRS.
    access_kmh
        Walking speed between place and road.

    Returns
    -------
    Snapped
        The straight walk to the road counts as access.

    Raises
    ------
    ValueError
        If a position is none or not finite, or the speed is not above 0.
    OverflowError
        If a walk takes longer than ``LONGEST_S``.
    """
    if not (np.isfinite(access_kmh) and access_kmh > 0):
        raise ValueError(f"the walking speed must be above 0 km/h, not {access_kmh}")
    xy = given_positions(xy)
    if isinstance(network, RoadNetwork):
        if network not in _INDEXES:
            _INDEXES[network] = ArcIndex(network)
        network = _INDEXES[network]
    arc, fraction, distance_m = network.nearest(xy)
    access_ms = np.rint(distance_m * 3600.0 / access_kmh)
    if (access_ms >= CLOSED_MS).any():
        raise OverflowError(f"{distance_m.max():.0f} m to the nearest road are too far to walk at {access_kmh} km/h")
    ms = access_ms.astype(np.int32)
    return Snapped(arc, fraction, whole_seconds(ms), distance_m, ms, xy, float(access_kmh))


def _begins_at_dead_end(network: RoadNetwork) -> NDArray[np.bool_]:
    """(m,) whether no other road that is open leads to the tail of each arc."""
    is_open, twin = network.passable, network.twin
    one_each = np.flatnonzero(is_open & ~((twin >= 0) & (twin < np.arange(twin.size)) & is_open[twin]))
    meeting = np.concatenate([network.tail[one_each], network.head[one_each]])
    return np.asarray(np.bincount(meeting, minlength=network.x.size)[network.tail] == 1)


_INDEXES: WeakKeyDictionary[RoadNetwork, ArcIndex] = WeakKeyDictionary()


def core_of_nodes(network: RoadNetwork) -> NDArray[np.int32]:
    """Say in which part of the network, where one gets everywhere and back, each node lies; scraps are left out.

    Parameters
    ----------
    network

    Returns
    -------
    (n,) int32
        Part of each node, −1 on scraps: the strongly connected component with most metres of open road, and every
        other that holds at least ``CORE_SHARE`` of all of them.
    """
    part = network.components.of_node
    is_open = network.passable
    tail, head = part[network.tail[is_open]], part[network.head[is_open]]
    length_m, inside = network.length_m[is_open], tail == head
    metres = np.bincount(tail[inside], weights=length_m[inside], minlength=int(part.max(initial=0)) + 1)
    is_core = (metres >= CORE_SHARE * length_m.sum()) & (np.bincount(part, minlength=metres.size) > 1)
    is_core[np.argmax(metres)] = True
    return np.where(is_core[part], part, -1).astype(np.int32)
