"""Roads from village to village: a thinned Gabriel graph that crosses rivers only at chosen bridges."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Delaunay, KDTree
from shapely import Polygon

from layers.reconstruction.bends import Surroundings, bend_courses
from layers.reconstruction.courses import Course
from layers.reconstruction.streets import VillagePlan

Points = NDArray[np.float64]

_KEEP_EXTRA = 0.12
_BRIDGE_GAP_M = 2300.0
_RIVER_CLEAR_M = 70.0
_BORDER_CLEAR_M = 15.0
_BESIDE_M = 35.0
_BESIDE_MOST_M = 170.0
"""On the 70 m across a main road, a road that meets it at less than about 25 degrees stays longer than this."""
_VILLAGE_GROUND = 0.97
"""Radius of a village's ground beside half its main street: its gates lie just outside."""
_LANDING_M = 45.0
"""Straight road at either end of a bridge, counted from the water: as far as a usual bridge reaches."""
_LANDING_BEND_M = (15.0, 80.0)
"""Before the landing the road turns to face the river, in a wider bend where the village is far enough away."""


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
    order = rng.random(len(pairs))
    courses = [_course(plans[a], plans[b], g, h) for (a, b), (g, h) in zip(pairs, gates, strict=True)]
    around = _surroundings(plans, outline, rivers, main_roads)
    keep, bridged = _choose_links(courses, xy, pairs, around, rivers=rivers, main_roads=main_roads, rng=rng)
    kept = np.flatnonzero(keep)
    lines = bend_courses(
        _with_leads([bridged.get(k, courses[k]) for k in kept.tolist()], pairs[kept], gates[kept]),
        order=np.argsort(order[kept]),
        fixed=np.isin(kept, list(bridged)),
        around=around,
        rng=rng.spawn(1)[0],
    )
    return Links(pairs[kept], gates[kept], lines)


def _course(one: VillagePlan, other: VillagePlan, gate: int, other_gate: int) -> Course:
    """Plan a straight road between two gates."""
    gates = np.array([one.gate(gate), other.gate(other_gate)])
    heads = gates - np.array([one.middle, other.middle])
    return Course(gates, heads / np.hypot(*heads.T)[:, None])


def _surroundings(
    plans: list[VillagePlan], outline: Polygon, rivers: NDArray[np.object_], main_roads: NDArray[np.object_]
) -> Surroundings:
    middles = shapely.points([plan.middle for plan in plans])
    return Surroundings(
        land=outline.buffer(-_BORDER_CLEAR_M),
        water=shapely.union_all(rivers).buffer(_RIVER_CLEAR_M),
        beside=shapely.union_all(shapely.buffer(main_roads, _BESIDE_M, quad_segs=2)),
        beside_m=_BESIDE_MOST_M,
        villages=shapely.buffer(middles, [_VILLAGE_GROUND * plan.half_m for plan in plans]),
    )


def _choose_links(
    courses: list[Course],
    xy: Points,
    pairs: NDArray[np.int64],
    around: Surroundings,
    *,
    rivers: NDArray[np.object_],
    main_roads: NDArray[np.object_],
    rng: np.random.Generator,
) -> tuple[NDArray[np.bool_], dict[int, Course]]:
    """Tell which of the straight roads are built, and the courses of those that lead over a river."""
    lines = np.array([course.line for course in courses])
    inside = shapely.covered_by(lines, around.land)
    dry = inside & ~shapely.intersects(lines, around.water)
    gabriel, relative = _neighbour_graphs(xy, pairs)
    slanted = around.runs_beside(lines)
    keep = dry & (relative | (gabriel & ~slanted & (rng.random(len(pairs)) < _KEEP_EXTRA)))
    bridged: dict[int, Course] = {}
    for river in rivers:
        bridged |= _choose_bridges(river, courses, inside & gabriel & ~slanted, rivers, main_roads)
    keep[list(bridged)] = True
    lines[list(bridged)] = [course.line for course in bridged.values()]
    on_main = shapely.intersects(lines, shapely.union_all(main_roads))
    touched = np.column_stack([pairs, np.where(on_main, len(xy), pairs[:, 0])])
    nearest_first = np.argsort(shapely.length(lines), kind="stable")
    return keep | _joining(touched, keep, nearest_first[dry[nearest_first]]), bridged


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


def _with_leads(courses: list[Course], pairs: NDArray[np.int64], gates: NDArray[np.int64]) -> list[Course]:
    """Let the road that turns least continue the street at each gate; the others branch off there."""
    best: dict[tuple[int, int], tuple[float, int]] = {}
    ends = [list(zip(pair, gate, strict=True)) for pair, gate in zip(pairs.tolist(), gates.tolist(), strict=True)]
    for number, course in enumerate(courses):
        for end, onwards in zip(ends[number], course.facing, strict=True):
            best[end] = max(best.get(end, (-np.inf, -1)), (onwards, number))
    return [
        replace(course, leads=(best[a][1] == number, best[b][1] == number))
        for number, (course, (a, b)) in enumerate(zip(courses, ends, strict=True))
    ]


def _choose_bridges(
    river: shapely.LineString,
    courses: list[Course],
    allowed: NDArray[np.bool_],
    rivers: NDArray[np.object_],
    main_roads: NDArray[np.object_],
) -> dict[int, Course]:
    """Walk down the river and bridge it wherever the last bridge is far enough behind."""
    roads = shapely.union_all(main_roads)
    taken = list(shapely.line_locate_point(river, shapely.get_parts(roads.intersection(river))))
    lines = np.array([course.line for course in courses])
    crossing = np.flatnonzero(allowed & shapely.intersects(lines, river))
    found = []
    for number in crossing.tolist():
        line = lines[number]
        at = shapely.get_parts(line.intersection(river))
        if len(at) == 1 and shapely.intersects(rivers, line).sum() == 1 and roads.distance(at[0]) > 250.0:
            found.append((float(river.line_locate_point(at[0])), number))
    chosen: dict[int, Course] = {}
    for where, number in sorted(found):
        if all(abs(where - other) >= _BRIDGE_GAP_M for other in taken):
            course = _straight_over(courses[number], river, where)
            if course.line.intersection(river).geom_type == "Point":
                taken.append(where)
                chosen[number] = course
    return chosen


def _straight_over(course: Course, river: shapely.LineString, where: float) -> Course:
    """Lead a road over the river at a right angle."""
    point, behind, ahead = (np.array(river.interpolate(where + d).coords[0]) for d in (0.0, -40.0, 40.0))
    along = (ahead - behind) / np.hypot(*(ahead - behind))
    across = np.array([-along[1], along[0]])
    if (course.gates[1] - course.gates[0]) @ across < 0:
        across = -across
    far_m = np.abs((course.gates - point) @ across)
    bend_m = ((far_m - _LANDING_M) / 2).clip(*_LANDING_BEND_M)
    over = point + ((_LANDING_M + bend_m) * [-1.0, 1.0])[:, None] * across
    return replace(course, over=over, tangents_m=bend_m)


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
