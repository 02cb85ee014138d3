"""Places beside the road: where they meet the network and how long the walk there takes."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.faults import Fault, FaultsError
from gis.network import RoadNetwork, arc_lines

WALK_KMH = 4.8
"""Walking speed of the field, where none is said."""

CORE_SHARE = 0.02
"""A strongly connected part of the network holding less than this share of the nodes is not snapped to."""


@dataclass(frozen=True, eq=False)
class Snapped:
    """Places attached to arcs.

    Parameters
    ----------
    arc : (k,) int32
        Arc that the place lies beside; passable in its own direction.
    fraction : (k,) float64
        Share of the arc's length that lies behind the place, 0…1.
    access_s : (k,) int32
        Walk between place and road, seconds.
    distance_m : (k,) float64
        The same walk, metres in a straight line.
    """

    arc: NDArray[np.int32]
    fraction: NDArray[np.float64]
    access_s: NDArray[np.int32]
    distance_m: NDArray[np.float64]

    def __len__(self) -> int:
        return int(self.arc.size)

    def take(self, rows: NDArray[np.intp]) -> Snapped:
        """Return the places at the given positions."""
        return Snapped(self.arc[rows], self.fraction[rows], self.access_s[rows], self.distance_m[rows])


class ArcIndex:
    """Spatial index of the arcs that places may be attached to.

    Parameters
    ----------
    network
        Only arcs that are passable and whose ends lie in a core of the network take part:
        nobody is stranded on the scrap of a clipped map.

    Raises
    ------
    FaultsError
        ``no-passable-road`` if nobody can drive or walk there and back on any road.
    """

    def __init__(self, network: RoadNetwork) -> None:
        core = core_nodes(network)
        usable = network.passable & core[network.tail] & core[network.head]
        is_second = (network.twin >= 0) & (network.twin < np.arange(network.twin.size))
        self.arcs = np.flatnonzero(usable & ~(is_second & usable[network.twin]))
        if not self.arcs.size:
            raise FaultsError([Fault("no-passable-road", layer="roads")])
        self.lines = arc_lines(network, self.arcs)
        self.tree = shapely.STRtree(self.lines)

    def nearest(self, xy: NDArray[np.float64]) -> tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.float64]]:
        """Return for each point the nearest arc, the fraction along it and the distance in metres."""
        points = shapely.points(xy)
        found = self.tree.query_nearest(points, all_matches=False)[1]
        lines = self.lines[found]
        fraction = shapely.line_locate_point(lines, points, normalized=True)
        fraction = np.where(np.isfinite(fraction), fraction, 0.0)
        return self.arcs[found].astype(np.int32), fraction, shapely.distance(lines, points)


def snap(network: RoadNetwork | ArcIndex, xy: NDArray[np.float64], *, access_kmh: float = WALK_KMH) -> Snapped:
    """Attach places to the nearest road that the mode may use.

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
        The straight walk to the road counts as access, rounded to whole seconds.
    """
    if isinstance(network, RoadNetwork):
        if network not in _INDEXES:
            _INDEXES[network] = ArcIndex(network)
        network = _INDEXES[network]
    arc, fraction, distance_m = network.nearest(np.asarray(xy, dtype=np.float64).reshape(-1, 2))
    access_s = np.rint(distance_m * 3.6 / access_kmh).astype(np.int32)
    return Snapped(arc, fraction, access_s, distance_m)


_INDEXES: WeakKeyDictionary[RoadNetwork, ArcIndex] = WeakKeyDictionary()


def core_nodes(network: RoadNetwork) -> NDArray[np.bool_]:
    """Tell the nodes from which one gets everywhere in a sizeable part of the network and back.

    Parameters
    ----------
    network

    Returns
    -------
    (n,) bool
        True in the largest strongly connected component and in every other that holds at
        least ``CORE_SHARE`` of the nodes.
    """
    n = network.x.size
    open_arcs = network.passable
    tail, head = network.tail[open_arcs], network.head[open_arcs]
    graph = coo_array((np.ones(tail.size, dtype=np.int8), (tail, head)), shape=(n, n))
    count, label = connected_components(graph, directed=True, connection="strong")
    sizes = np.bincount(label, minlength=count)
    is_core = sizes >= max(2, CORE_SHARE * n)
    is_core[np.argmax(sizes)] = True
    return is_core[label]
