"""Roads from village to village: a thinned Gabriel graph that crosses rivers only at chosen bridges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Delaunay, KDTree
from shapely import Polygon

from layers.reconstruction.streets import VillagePlan

Points = NDArray[np.float64]

_KEEP_EXTRA = 0.12
_SQUARENESS = 0.62
_BRIDGE_GAP_M = 2300.0
_RIVER_CLEAR_M = 70.0


@dataclass(frozen=True)
class Links:
    """Roads between pairs of villages.

    Parameters
    ----------
    pairs : (k, 2) int
        Numbers of the villages.
    gates : (k, 2) int
        Gate of each village at which the road arrives.
    lines : (k,) LineString
        From gate to gate.
    """

    pairs: NDArray[np.int64]
    gates: NDArray[np.int64]
    lines: NDArray[np.object_]


def draw_links(
    plans: list[VillagePlan],
    *,
    outline: Polygon,
    rivers: NDArray[np.object_],
    main_roads: NDArray[np.object_],
    rng: np.random.Generator,
) -> Links:
    """Join every village to its neighbours.

    Parameters
    ----------
    plans
        Villages with their gates.
    outline
        Roads stay inside it.
    rivers, main_roads
        Lines in metres.
    rng
        Source of chance.

    Returns
    -------
    Links
        All pairs of the relative neighbourhood graph, part of the other Gabriel pairs, and as
        many over each river as fit between its bridges; one connected whole together with the
        main roads.
    """
    xy = np.array([plan.middle for plan in plans])
    pairs = _delaunay_pairs(xy)
    gates = np.array([(plans[a].gate_towards(xy[b]), plans[b].gate_towards(xy[a])) for a, b in pairs])
    lines = np.array(
        [_bent_line(plans[a].gate(g), plans[b].gate(h), rng) for (a, b), (g, h) in zip(pairs, gates, strict=True)]
    )
    inside = shapely.covered_by(lines, outline.buffer(-15.0))
    dry = inside & ~shapely.dwithin(lines, shapely.union_all(rivers), _RIVER_CLEAR_M)
    gabriel, relative = _neighbour_graphs(xy, pairs)
    slanted = _slanted(lines, main_roads)
    keep = dry & (relative | (gabriel & ~slanted & (rng.random(len(pairs)) < _KEEP_EXTRA)))
    for river in rivers:
        chosen = _choose_bridges(river, lines, inside & gabriel & ~slanted, rivers, main_roads)
        keep[list(chosen)] = True
        for number, line in chosen.items():
            lines[number] = line
    on_main = shapely.intersects(lines, shapely.union_all(main_roads))
    touched = np.column_stack([pairs, np.where(on_main, len(xy), pairs[:, 0])])
    nearest_first = np.argsort(shapely.length(lines), kind="stable")
    keep |= _joining(touched, keep, nearest_first[dry[nearest_first]])
    return Links(pairs[keep], gates[keep], lines[keep])


def _delaunay_pairs(xy: Points) -> NDArray[np.int64]:
    corners = Delaunay(xy).simplices
    pairs = np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])
    return np.asarray(np.unique(np.sort(pairs, axis=1), axis=0), dtype=np.int64)


def _neighbour_graphs(xy: Points, pairs: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Gabriel: nobody in the circle over the pair; relative: nobody nearer to both than they are."""
    a, b = xy[pairs[:, 0]], xy[pairs[:, 1]]
    apart = np.hypot(*(a - b).T)
    tree = KDTree(xy)
    gabriel = tree.query((a + b) / 2)[0] > apart / 2 - 1e-6
    near = tree.query_ball_point((a + b) / 2, apart)
    relative = np.array(
        [
            not (np.maximum(np.hypot(*(xy[k] - a[i]).T), np.hypot(*(xy[k] - b[i]).T)) < apart[i] - 1e-6).any()
            for i, k in enumerate(near)
        ]
    )
    return gabriel, relative


def _bent_line(start: Points, end: Points, rng: np.random.Generator) -> shapely.LineString:
    """Draw a road that follows the field pattern in part: along, across, along."""
    along = end - start
    longer = int(abs(along[1]) > abs(along[0]))
    share = rng.uniform(0.3, 0.7)
    square = np.array([start, end])
    square[:, longer] = start[longer] + share * along[longer]
    straight = np.array([start + share * along, start + share * along])
    corners = straight + _SQUARENESS * (square - straight)
    return shapely.LineString([start, *corners, end])


def _slanted(lines: NDArray[np.object_], main_roads: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Tell links that run along a main road or meet it at less than about 25 degrees."""
    beside = shapely.union_all(shapely.buffer(main_roads, 35.0, quad_segs=2))
    return shapely.length(shapely.intersection(lines, beside)) > 170.0


def _choose_bridges(
    river: shapely.LineString,
    lines: NDArray[np.object_],
    allowed: NDArray[np.bool_],
    rivers: NDArray[np.object_],
    main_roads: NDArray[np.object_],
) -> dict[int, shapely.LineString]:
    """Walk down the river and bridge it wherever the last bridge is far enough behind."""
    roads = shapely.union_all(main_roads)
    taken = list(shapely.line_locate_point(river, shapely.get_parts(roads.intersection(river))))
    crossing = np.flatnonzero(allowed & shapely.intersects(lines, river))
    found = []
    for number in crossing.tolist():
        line = lines[number]
        at = shapely.get_parts(line.intersection(river))
        if len(at) == 1 and shapely.intersects(rivers, line).sum() == 1 and roads.distance(at[0]) > 250.0:
            found.append((float(river.line_locate_point(at[0])), number))
    chosen: dict[int, shapely.LineString] = {}
    for where, number in sorted(found):
        if all(abs(where - other) >= _BRIDGE_GAP_M for other in taken):
            line = _straight_over(lines[number], river, where)
            if line.intersection(river).geom_type == "Point":
                taken.append(where)
                chosen[number] = line
    return chosen


def _straight_over(line: shapely.LineString, river: shapely.LineString, where: float) -> shapely.LineString:
    """Lead a road over the river at a right angle."""
    ends = shapely.get_coordinates(line)[[0, -1]]
    point, behind, ahead = (np.array(river.interpolate(where + d).coords[0]) for d in (0.0, -40.0, 40.0))
    along = (ahead - behind) / np.hypot(*(ahead - behind))
    across = np.array([-along[1], along[0]])
    if (ends[1] - ends[0]) @ across < 0:
        across = -across
    return shapely.LineString([ends[0], point - 80.0 * across, point + 80.0 * across, ends[1]])


def _joining(
    touched: NDArray[np.int64], keep: NDArray[np.bool_], nearest_first: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Mark the shortest further links that make one whole of villages and main roads.

    A row of ``touched`` names what a link joins: two villages, and the number after the last
    village if it meets a main road.
    """
    n = int(touched.max()) + 1
    ends = np.vstack([touched[keep][:, [0, 1]], touched[keep][:, [0, 2]]])
    graph = coo_array((np.ones(len(ends)), ends.T), shape=(n, n))
    member = connected_components(graph, directed=False)[1]
    extra = np.zeros(len(touched), dtype=bool)
    for number in nearest_first:
        joined = np.unique(member[touched[number]])
        if len(joined) > 1:
            extra[number] = True
            member[np.isin(member, joined)] = joined[0]
    return extra
