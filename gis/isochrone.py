"""Pictures of what is near: reached pieces of road, and a polygon round them.

They are pictures only. Who is within a limit is read from travel times: a polygon holds ground that
cannot be reached.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.ops import substring

from gis.cost_matrix import LONGEST_S, UNREACHABLE
from gis.network import RoadNetwork, arc_lines
from gis.places import Places
from gis.snapping import Snapped
from gis.travel_time import within
from gis.whole_numbers import whole_number


def reached_roads(network: RoadNetwork, sources: Places, *, cutoff_s: int) -> NDArray[np.object_]:
    """Return the pieces of road that the nearest source reaches within a cut-off, cut where the time is up.

    Parameters
    ----------
    network
    sources : Snapped or (k,) node numbers
    cutoff_s
        Seconds.

    Returns
    -------
    (r,) array of LineString
        Metres; a road reached from both ends stands for both.
    """
    cutoff_s = whole_number(cutoff_s, name="the cut-off in seconds", least=0, most=LONGEST_S)
    node, at = within(network, sources, cutoff_s=cutoff_s)
    time = np.full(network.x.size, UNREACHABLE, np.int32)
    time[node] = at
    arcs = np.flatnonzero(network.passable & (time[network.tail] < cutoff_s))
    left_ms = 1000.0 * (cutoff_s - time[network.tail[arcs]])
    share = np.minimum(1.0, left_ms / np.maximum(network.milliseconds[arcs], 1))
    begin = np.zeros(arcs.size)
    if isinstance(sources, Snapped):
        own, own_begin, own_share = _from_places(network, sources, cutoff_s)
        arcs, begin, share = np.append(arcs, own), np.append(begin, own_begin), np.append(share, own_share)
    return _cut(arc_lines(network, arcs), begin, share)


def isochrone(network: RoadNetwork, sources: Places, *, cutoff_s: int, width_m: float = 150.0) -> shapely.Geometry:
    """Draw a polygon round the roads reached within a cut-off.

    Parameters
    ----------
    network
    sources
    cutoff_s
        Seconds.
    width_m
        How far the ground beside a road is coloured, metres.
    """
    lines = reached_roads(network, sources, cutoff_s=cutoff_s)
    return shapely.MultiLineString(list(lines)).buffer(width_m, quad_segs=2)


def _from_places(
    network: RoadNetwork, places: Snapped, cutoff_s: int
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Return what is reached of each place's own piece of road, both ways: arc, begin, end."""
    left = np.maximum(1000 * cutoff_s - places.walk_ms, 0)
    twin = network.twin[places.arc]
    arcs = np.concatenate([places.arc, twin]).astype(np.int64)
    begin, left = np.concatenate([places.fraction, 1.0 - places.fraction]), np.concatenate([left, left])
    kept = (arcs >= 0) & network.passable[arcs] & (left > 0)
    arcs, begin, left = arcs[kept], begin[kept], left[kept]
    return arcs, begin, np.minimum(1.0, begin + left / np.maximum(network.milliseconds[arcs], 1))


def _cut(lines: NDArray[np.object_], begin: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.object_]:
    cut = lines.copy()
    for i in np.flatnonzero((begin > 0) | (end < 1)).tolist():
        cut[i] = substring(lines[i], begin[i], end[i], normalized=True)
    drawn: NDArray[np.object_] = cut[
        (shapely.get_type_id(cut) == shapely.GeometryType.LINESTRING) & (shapely.length(cut) > 0)
    ]
    return drawn
