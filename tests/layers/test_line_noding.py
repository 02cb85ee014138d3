"""Lines without common vertices: joined on request, exactly; bridges kept apart; nothing dragged."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas import GeoDataFrame
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree
from toy_county import CRS, ORIGIN_M

from layers.county_spec import LayerSpec
from layers.sources.lines.roads import roads_from_lines
from layers.sources.ways import node_ways

XY = list[tuple[float, float]]


@cache
def transformer_to_degrees() -> Transformer:
    return Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)


def degrees(lines: list[XY]) -> np.ndarray:
    """Lines given in metres east and north of the toy county's corner."""
    to_degrees = transformer_to_degrees()
    made = np.array([shapely.LineString(line) for line in lines], dtype=object)
    return shapely.transform(
        made, lambda xy: np.column_stack(to_degrees.transform(xy[:, 0] + ORIGIN_M[0], xy[:, 1] + ORIGIN_M[1]))
    )


def build(
    lines: list[XY], *, noding: bool = True, tolerance_m: float = 0.5, crs: str = CRS, **columns: list[object]
) -> tuple[GeoDataFrame, dict[str, dict[str, object]]]:
    """Pieces of the joined lines in metres from the corner, and the params of the faults by code."""
    spec = LayerSpec("roads", None, noding=noding, tolerance_m=tolerance_m)
    attributes = pd.DataFrame({"way": [str(k) for k in range(len(lines))], **columns})
    rows = np.arange(1, len(lines) + 1)
    ways, faults = roads_from_lines(degrees(lines), attributes, rows, spec=spec, crs=crs)
    roads = node_ways(ways, projected=CRS, geographic="EPSG:4490").to_crs(CRS)
    roads["geometry"] = roads.geometry.translate(-ORIGIN_M[0], -ORIGIN_M[1])
    return roads, {fault.code: dict(fault.params) for fault in faults}


def parts(roads: GeoDataFrame) -> int:
    u, v = roads["u"].to_numpy(), roads["v"].to_numpy()
    n = int(max(u.max(), v.max())) + 1
    return int(connected_components(coo_array((np.ones(u.size), (u, v)), shape=(n, n)), directed=False)[0])


def distances(roads: GeoDataFrame, places: np.ndarray, *, within_m: float) -> np.ndarray:
    """Metres by road between the nodes at some places."""
    u, v = roads["u"].to_numpy(), roads["v"].to_numpy()
    n = int(max(u.max(), v.max())) + 1
    xy = np.zeros((n, 2))
    lines = roads.geometry.to_numpy()
    xy[u], xy[v] = (shapely.get_coordinates(shapely.get_point(lines, k)) for k in (0, -1))
    away, node = cKDTree(xy).query(places)
    assert away.max() <= within_m
    edges = pd.DataFrame({"u": np.minimum(u, v), "v": np.maximum(u, v), "m": roads["length_m"].to_numpy()})
    edges = edges[edges["u"] != edges["v"]].groupby(["u", "v"], as_index=False)["m"].min()
    graph = coo_array((edges["m"], (edges["u"], edges["v"])), shape=(n, n)).tocsr()
    return dijkstra(graph, directed=False, indices=node)[:, node]


@st.composite
def grids(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, float]:
    gaps = st.lists(st.integers(20, 700), min_size=1, max_size=5)
    xs, ys = (np.concatenate([[0], np.cumsum(draw(gaps))]).astype(float) for _ in range(2))
    return xs, ys, draw(st.floats(0, 6.28))


def turned(points: np.ndarray, angle: float) -> np.ndarray:
    return points @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])


def crossings_of(grid: tuple[np.ndarray, np.ndarray, float]) -> tuple[np.ndarray, np.ndarray]:
    """Crossings where they stand, and the distances by road between them: along the streets."""
    xs, ys, angle = grid
    flat = np.array([(x, y) for x in xs for y in ys])
    return turned(flat, angle), np.abs(flat[:, None] - flat[None]).sum(axis=2)


def streets(grid: tuple[np.ndarray, np.ndarray, float], overhang: float) -> list[np.ndarray]:
    xs, ys, angle = grid
    rows = [np.array([(xs[0] - overhang, y), (xs[-1] + overhang, y)]) for y in ys]
    columns = [np.array([(x, ys[0] - overhang), (x, ys[-1] + overhang)]) for x in xs]
    return [turned(line, angle) for line in (*rows, *columns)]


@settings(max_examples=15, deadline=None)
@given(grids(), st.sampled_from([-0.3, 0.0, 0.3, 15.0]))
def test_grid_drawn_as_long_lines_has_the_distances_of_the_streets(
    grid: tuple[np.ndarray, np.ndarray, float], overhang: float
) -> None:
    roads, faults = build([line.tolist() for line in streets(grid, overhang)])
    places, wanted = crossings_of(grid)
    np.testing.assert_allclose(distances(roads, places, within_m=0.5), wanted, atol=2.5)
    assert parts(roads) == 1
    if overhang == 15.0:
        assert faults["lines-joined"] == {"crossings": len(places), "ends": 0, "gaps": 0, "metres": 0.5}
        assert len(roads) == 2 * len(grid[0]) * len(grid[1]) + len(grid[0]) + len(grid[1])


@settings(max_examples=15, deadline=None)
@given(grids(), st.data())
def test_random_cuts_and_gaps_do_not_change_distances(
    grid: tuple[np.ndarray, np.ndarray, float], data: st.DataObject
) -> None:
    features: list[XY] = []
    for line in streets(grid, 15.0):
        length = float(np.hypot(*(line[1] - line[0])))
        cuts = sorted(data.draw(st.lists(st.floats(6.0, length - 6.0), max_size=3)))
        cuts = [cut for k, cut in enumerate(cuts) if k == 0 or cut - cuts[k - 1] > 3.0]
        gap = data.draw(st.sampled_from([0.0, 0.005, 0.1, 0.45]))
        step = (line[1] - line[0]) / length
        bounds = [0.0, *cuts, length]
        features += [
            [tuple(line[0] + step * a), tuple(line[0] + step * (b - (gap if b < length else 0.0)))]
            for a, b in pairwise(bounds)
        ]
    roads, _ = build(features)
    places, wanted = crossings_of(grid)
    np.testing.assert_allclose(distances(roads, places, within_m=0.51), wanted, atol=6.0)


@settings(max_examples=10, deadline=None)
@given(grids(), st.floats(-0.4, 0.4))
def test_joining_what_is_joined_changes_nothing(grid: tuple[np.ndarray, np.ndarray, float], overhang: float) -> None:
    once, _ = build([line.tolist() for line in streets(grid, overhang)])
    lines = [list(map(tuple, shapely.get_coordinates(line))) for line in once.geometry]
    twice, faults = build(lines)
    assert faults["lines-joined"] == {"crossings": 0, "ends": 0, "gaps": 0, "metres": 0.5}
    assert len(twice) == len(once)
    np.testing.assert_allclose(twice["length_m"], once["length_m"], atol=1e-3)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.lists(st.tuples(st.floats(0, 300), st.floats(0, 300)), min_size=2, max_size=6), max_size=8))
def test_any_drawing_is_joined_without_leaving_its_lines(drawing: list[XY]) -> None:
    drawing = [line for line in drawing if shapely.LineString(line).length > 5.0]
    if not drawing:
        drawing = [[(0.0, 0.0), (100.0, 0.0)]]
    roads, faults = build(drawing)
    for k, line in enumerate(drawing):
        made = shapely.union_all(roads.geometry[roads["way"] == str(k)].to_numpy())
        drawn = shapely.LineString(line)
        assert drawn.buffer(0.52).covers(made)
        assert made.buffer(0.52).covers(drawn)
    again, _ = build(drawing)
    assert again.equals(roads)
    lines = roads.geometry.to_numpy()
    a, b = shapely.STRtree(lines).query(lines, predicate="crosses")
    shared_m = shapely.length(shapely.intersection(lines[a], shapely.buffer(lines[b], 0.02)))
    a, b = a[shared_m < 0.5], b[shared_m < 0.5]  # lines on top of each other cross by rounding everywhere
    if a.size:  # whatever still crosses is within rounding of a node
        spots = shapely.intersection(lines[a], lines[b])
        ends = shapely.union_all(shapely.boundary(lines))
        assert shapely.distance(spots, ends).max() < 0.02
    assert set(faults) <= {"lines-joined", "ends-still-apart", "lines-twice"}


ROAD: XY = [(0, 0), (1000, 0)]
OVER: XY = [(500, -300), (500, 300)]


@pytest.mark.parametrize(
    ("columns", "joined", "apart"),
    [
        ({}, 1, 0),
        ({"bridge": [False, True]}, 0, 1),
        ({"tunnel": [True, False]}, 0, 1),
        ({"bridge": [True, True]}, 0, 1),
        ({"level": ["0", "1"]}, 0, 1),
        ({"level": ["1", "1"]}, 1, 0),
        ({"level": ["", "0"]}, 1, 0),
        ({"bridge": [False, False], "tunnel": [False, False]}, 1, 0),
    ],
)
def test_bridges_tunnels_and_levels_cross_without_joining(
    columns: dict[str, list[object]], joined: int, apart: int
) -> None:
    roads, faults = build([ROAD, OVER], **columns)
    assert faults["lines-joined"]["crossings"] == joined
    assert faults.get("crossings-apart", {"count": 0})["count"] == apart
    assert parts(roads) == 2 - joined
    unasked, faults = build([ROAD, OVER], noding=False, **columns)
    assert faults.get("crossings-without-node", {"count": 0})["count"] == joined
    assert len(unasked) == 2


def test_a_bridge_joins_at_its_ends_only() -> None:
    lines: list[XY] = [ROAD, [(500, -300), (500, 0.2)], [(500, 0.2), (500, 200)], [(500, 200.3), (500, 300)]]
    lines += [[(490, 100), (800, 100)], [(0, 250), (1000, 250)]]
    is_bridge = [False, False, True, False, False, False]
    roads, faults = build(lines, bridge=is_bridge)
    assert parts(roads) == 2  # the road below the bridge is another network
    assert faults["crossings-apart"]["count"] == 1
    assert faults["lines-joined"] == {"crossings": 1, "ends": 1, "gaps": 1, "metres": 0.5}


def test_a_bridge_cut_above_the_road_below_is_still_a_bridge() -> None:
    lines: list[XY] = [ROAD, [(500, -300), (500, -50)], [(500, -50), (500, 0)], [(500, 0), (500, 50)]]
    lines += [[(500, 50), (500, 300)]]
    roads, faults = build(lines, bridge=[False, False, True, True, False])
    assert parts(roads) == 2
    assert faults["lines-joined"]["ends"] == 0


@pytest.mark.parametrize("offset", [0.0, 0.02, 0.4, -0.4])
def test_an_end_near_the_middle_of_a_line_moves_onto_it(offset: float) -> None:
    side: XY = [(400, 200), (400, offset)]
    roads, faults = build([ROAD, side])
    assert faults["lines-joined"]["ends"] == 1
    assert "crossings" not in faults or faults["lines-joined"]["crossings"] == 0
    assert sorted(roads["length_m"].round(1)) == [200.0, 400.0, 600.0]
    main = shapely.union_all(roads.geometry[roads["way"] == "0"].to_numpy())
    assert shapely.hausdorff_distance(main, shapely.LineString(ROAD)) < 1e-3


@pytest.mark.parametrize(("gap", "told"), [(0.3, 1), (0.9, 1), (1.5, 0)])
def test_gaps_are_told_of_where_joining_was_not_asked_for(gap: float, told: int) -> None:
    lines: list[XY] = [[(0, 0), (500, 0)], [(500 + gap, 0), (900, 0)], [(200, gap), (200, 400)]]
    roads, faults = build(lines, noding=False)
    assert faults.get("gaps-between-ends", {"count": 0})["count"] == told
    assert faults.get("ends-without-node", {"count": 0})["count"] == told
    assert parts(roads) == 3


def test_a_row_of_gaps_is_joined_without_dragging_the_road() -> None:
    lines: list[XY] = [[(0.4 * k, 0), (0.4 * k, 60.0 + k)] for k in range(40)]
    roads, faults = build(lines)
    assert parts(roads) == 1
    for k, line in enumerate(lines):
        made = shapely.union_all(roads.geometry[roads["way"] == str(k)].to_numpy())
        assert shapely.hausdorff_distance(made, shapely.LineString(line)) <= 0.5 + 1e-6
    assert "lines-without-length" not in faults


def test_an_end_does_not_follow_its_neighbour_farther_than_the_tolerance() -> None:
    lines: list[XY] = [ROAD, [(400, 0.4), (300, 60)], [(400, 0.8), (500, 60)]]
    roads, _ = build(lines)
    assert parts(roads) == 1
    for k, line in enumerate(lines):
        made = shapely.union_all(roads.geometry[roads["way"] == str(k)].to_numpy())
        assert shapely.hausdorff_distance(made, shapely.LineString(line)) <= 0.5 + 1e-6


def test_a_road_in_very_short_features_keeps_its_length() -> None:
    lines: list[XY] = [[(0.2 * k, 0), (0.2 * (k + 1), 0)] for k in range(500)]
    roads, faults = build(lines)
    assert faults["lines-joined"]["gaps"] == 0
    assert roads["length_m"].sum() == pytest.approx(100.0, abs=0.01)
    _, faults = build(lines, noding=False)
    assert faults == {}


@pytest.mark.parametrize("crs", ["EPSG:4326", CRS, "EPSG:3857"])
def test_ends_on_a_line_of_twenty_kilometres_meet_it_in_the_plane_it_was_drawn_in(crs: str) -> None:
    drawn = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    back = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    x, y = drawn.transform([116.8, 117.02], [37.2, 37.23])
    middle = (np.mean(x), np.mean(y))
    north = drawn.transform(116.91, 37.3)
    lines = np.array([shapely.LineString(np.column_stack([x, y])), shapely.LineString([middle, north])], dtype=object)
    lines = shapely.transform(lines, lambda xy: np.column_stack(back.transform(*xy.T)))
    spec = LayerSpec("roads", None, noding=True, tolerance_m=0.05)
    attributes = pd.DataFrame({"way": ["0", "1"]})
    ways, faults = roads_from_lines(lines, attributes, np.array([1, 2]), spec=spec, crs=crs)
    assert next(f for f in faults if f.code == "lines-joined").params["ends"] == 1
    assert len(node_ways(ways, projected=CRS, geographic="EPSG:4490")) == 3


def test_real_shapes_simplified_to_a_metre_lose_nothing_once_joined() -> None:
    rng = np.random.default_rng(5)
    bends = np.cumsum(rng.normal(0, 3, 300))
    main = np.column_stack([np.arange(300) * 10.0, bends])
    sides = [np.array([main[k], main[k] + [rng.normal(0, 30), 150.0]]) for k in range(5, 295, 10)]
    lines = [shapely.simplify(shapely.LineString(line), 1.0) for line in (main, *sides)]
    drawing = [list(map(tuple, shapely.get_coordinates(line))) for line in lines]
    apart, faults = build(drawing, noding=False)
    lost = faults["ends-without-node"]["count"] + faults.get("crossings-without-node", {"count": 0})["count"]
    assert parts(apart) - 1 <= lost
    assert parts(apart) >= 10
    joined, _ = build(drawing, tolerance_m=1.0)
    assert parts(joined) == 1
