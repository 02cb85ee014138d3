"""Linyi's roads and rivers, read back from the written pbf files."""

from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import osmium
import pandas as pd
import pytest
import shapely
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import KDTree

from gis.cost_matrix import UNREACHABLE
from gis.edits import close_roads
from gis.network import RoadNetwork
from gis.road_graph import to_networkx
from gis.travel_time import travel_times
from layers.reconstruction.write import write_linyi

METRES = "EPSG:4548"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    written = tmp_path_factory.getbasetemp() / "linyi"  # shared with the tests of places
    return written if (written / "county.toml").exists() else write_linyi(written).parent


def read_ways(path: Path) -> list[tuple[dict[str, str], list[int], list[tuple[float, float]]]]:
    ways = osmium.FileProcessor(str(path), osmium.osm.WAY | osmium.osm.NODE).with_locations()
    return [
        (dict(way.tags), [node.ref for node in way.nodes], [(node.lon, node.lat) for node in way.nodes])
        for way in ways
        if way.is_way()
    ]


@pytest.fixture(scope="session")
def roads(folder: Path) -> gpd.GeoDataFrame:
    rows = [
        {"refs": refs, "geometry": shapely.LineString(xy), "oneway": False, "bridge": False, **tags}
        for tags, refs, xy in read_ways(folder / "roads.osm.pbf")
    ]
    table = gpd.GeoDataFrame(rows, crs="EPSG:4490").to_crs(METRES)
    return table.assign(oneway=table["oneway"] == "yes", bridge=table["bridge"] == "yes", length_m=table.length)


@pytest.fixture(scope="session")
def rivers(folder: Path) -> gpd.GeoDataFrame:
    rows = [{"geometry": shapely.LineString(xy), **tags} for tags, _, xy in read_ways(folder / "rivers.osm.pbf")]
    return gpd.GeoDataFrame(rows, crs="EPSG:4490").to_crs(METRES)


@pytest.fixture(scope="session")
def villages(folder: Path) -> np.ndarray:
    table = pd.read_csv(folder / "villages.csv")
    return shapely.get_coordinates(gpd.points_from_xy(table["lon"], table["lat"], crs="EPSG:4490").to_crs(METRES))


@pytest.fixture(scope="session")
def segments(roads: gpd.GeoDataFrame) -> pd.DataFrame:
    """One row a segment between two consecutive nodes of a way."""
    parts = []
    for row in roads.itertuples():
        xy = shapely.get_coordinates(row.geometry)
        ends = {
            "u": row.refs[:-1],
            "v": row.refs[1:],
            "x0": xy[:-1, 0],
            "y0": xy[:-1, 1],
            "x1": xy[1:, 0],
            "y1": xy[1:, 1],
        }
        parts.append(pd.DataFrame({**ends, "highway": row.highway, "oneway": row.oneway, "bridge": row.bridge}))
    table = pd.concat(parts, ignore_index=True)
    return table.assign(length_m=np.hypot(table["x1"] - table["x0"], table["y1"] - table["y0"]))


@pytest.fixture(scope="session")
def cars(segments: pd.DataFrame) -> nx.DiGraph:
    graph = nx.DiGraph()
    graph.add_weighted_edges_from(segments[["u", "v", "length_m"]].itertuples(index=False), weight="length_m")
    both = segments[~segments["oneway"]]
    graph.add_weighted_edges_from(both[["v", "u", "length_m"]].itertuples(index=False), weight="length_m")
    return graph


def through(table: pd.DataFrame) -> pd.Series:
    return table["highway"] != "living_street"


def test_classes_run_from_national_road_to_village_street(roads):
    assert set(roads["highway"]) == {
        "primary", "secondary", "tertiary", "unclassified", "residential", "living_street",
    }  # fmt: skip
    km = roads.groupby("highway")["length_m"].sum() / 1000
    assert km["primary"] > 60
    assert km["residential"] > km["unclassified"] > km["tertiary"]


def test_through_roads_have_the_length_of_a_county(roads):
    assert 1500 <= roads.loc[through(roads), "length_m"].sum() / 1000 <= 2000


def test_village_links_have_no_corner_but_where_roads_meet(roads, cars):
    degree = {n: len(set(cars.successors(n)) | set(cars.predecessors(n))) for n in cars}
    turns = []
    for row in roads[roads["highway"].isin(["unclassified", "residential"])].itertuples():
        x, y = np.diff(shapely.get_coordinates(row.geometry), axis=0).T
        turn = np.degrees(np.abs((np.diff(np.arctan2(y, x)) + np.pi) % (2 * np.pi) - np.pi))
        turns += [t for t, node in zip(turn.tolist(), row.refs[1:-1], strict=True) if degree[node] == 2]
    assert len(turns) > 10_000
    assert np.mean(np.array(turns) > 12.5) < 0.01  # where a node near a crossing was moved into it
    assert max(turns) < 30


def test_every_village_has_one_to_three_kilometres_of_streets(segments, villages):
    streets = segments[~through(segments)]
    middle = (streets[["x0", "y0"]].to_numpy() + streets[["x1", "y1"]].to_numpy()) / 2
    far_m, nearest = KDTree(villages).query(middle)
    is_near = far_m < 480
    street_m = np.bincount(nearest[is_near], weights=streets["length_m"].to_numpy()[is_near], minlength=len(villages))
    assert street_m.min() >= 1000
    assert np.quantile(street_m, 0.99) <= 3000


def test_network_has_15_to_25_thousand_junctions_and_dead_ends(cars):
    degree = [len(set(cars.successors(n)) | set(cars.predecessors(n))) for n in cars]
    assert 15_000 <= sum(d != 2 for d in degree) <= 25_000


def test_network_is_one_piece_also_for_cars_and_without_streets(cars, segments):
    assert nx.is_strongly_connected(cars)
    assert nx.is_connected(nx.from_pandas_edgelist(segments[through(segments)], "u", "v"))


def test_oneway_streets_are_a_small_share(roads):
    share = roads.loc[roads["oneway"], "length_m"].sum() / roads["length_m"].sum()
    assert 0 < share < 0.01
    assert set(roads.loc[roads["oneway"], "highway"]) == {"living_street"}


def test_roads_cross_only_at_shared_nodes(segments):
    ends = segments[["u", "v"]].to_numpy()
    lines = shapely.linestrings(segments[["x0", "y0", "x1", "y1"]].to_numpy().reshape(-1, 2, 2))
    a, b = shapely.STRtree(lines).query(lines, predicate="intersects")
    a, b = a[a < b], b[a < b]
    shares = (ends[a][:, :, None] == ends[b][:, None, :]).any(axis=(1, 2))
    assert shares.all()
    assert shapely.length(shapely.intersection(lines[a], lines[b])).max() < 0.05


def test_roads_stay_inside_the_county(folder, roads):
    county = gpd.read_file(folder / "county.geojson").to_crs(METRES).geometry.iloc[0]
    assert shapely.covered_by(roads.geometry.to_numpy(), county).all()


def test_rivers_flow_north_east_from_border_to_border(folder, rivers):
    assert rivers["name"].tolist() == ["徒骇河", "德惠新河", "马颊河"]
    assert (rivers["waterway"] == "river").all()
    border = gpd.read_file(folder / "county.geojson").to_crs(METRES).geometry.iloc[0].exterior
    for river in rivers.geometry:
        start, end = (shapely.Point(river.coords[k]) for k in (0, -1))
        assert max(border.distance(start), border.distance(end)) < 1
        assert end.x > start.x
        assert end.y > start.y
        assert river.length < 1.15 * start.distance(end)


def test_roads_cross_rivers_only_on_bridges_with_dry_ends(roads, rivers):
    water = rivers.union_all()
    assert roads.geometry.intersects(water).equals(roads["bridge"])
    bridges = roads[roads["bridge"]]
    for line in bridges.geometry:
        assert water.distance(shapely.Point(line.coords[0])) > 20
        assert water.distance(shapely.Point(line.coords[-1])) > 20
        assert line.length < 400


def test_bridges_stand_every_few_kilometres(roads, rivers):
    bridges = roads.loc[roads["bridge"]].geometry
    for river in rivers.geometry:
        count = int(bridges.intersects(river).sum())
        assert 2000 < river.length / count < 4500


def test_villages_stand_on_their_streets_and_clear_of_rivers(villages, segments, rivers):
    points = shapely.points(villages)
    assert shapely.distance(points, rivers.union_all()).min() >= 150
    lines = shapely.linestrings(segments[["x0", "y0", "x1", "y1"]].to_numpy().reshape(-1, 2, 2))
    assert shapely.STRtree(lines).query_nearest(points, return_distance=True, all_matches=False)[1].max() < 1


def test_main_roads_bypass_most_villages(villages, roads):
    main = roads[roads["highway"].isin(["primary", "secondary"])].union_all()
    assert (shapely.distance(shapely.points(villages), main) > 150).mean() > 0.98


def test_detour_index_is_that_of_a_plain_with_few_bridges(cars, segments, villages):
    order = list(cars)
    number = {node: k for k, node in enumerate(order)}
    xy = np.zeros((len(order), 2))
    for u, x, y in ((segments["u"], segments["x0"], segments["y0"]), (segments["v"], segments["x1"], segments["y1"])):
        xy[[number[n] for n in u]] = np.column_stack([x, y])
    home = KDTree(xy).query(villages)[1]
    metres = dijkstra(nx.to_scipy_sparse_array(cars, nodelist=order, weight="length_m"), indices=home)[:, home]
    rng = np.random.default_rng(10_000)
    a, b = rng.integers(0, len(villages), (2, 13_000))
    straight_m = np.hypot(*(villages[a] - villages[b]).T)
    far = np.flatnonzero(straight_m >= 2000)[:10_000]
    assert len(far) == 10_000
    assert 1.2 <= np.median(metres[a[far], b[far]] / straight_m[far]) <= 1.4


def test_same_seed_writes_the_same_county(folder, tmp_path):
    again = write_linyi(tmp_path / "again").parent
    for name in ("county.toml", "county.geojson", "villages.csv", "neighbourhoods.csv"):
        assert (again / name).read_bytes() == (folder / name).read_bytes()
    for name in ("roads.osm.pbf", "rivers.osm.pbf"):
        assert read_ways(again / name) == read_ways(folder / name)
    for name in ("facilities.xlsx", "roster.xlsx"):
        one, two = (pd.read_excel(place / name, engine="openpyxl") for place in (folder, again))
        assert one.equals(two)
    first, second = (gpd.read_file(place / "townships.gpkg") for place in (folder, again))
    assert first.drop(columns="geometry").equals(second.drop(columns="geometry"))
    assert (first.geometry.to_wkb() == second.geometry.to_wkb()).all()


def test_travel_times_on_these_roads_equal_networkx_before_and_after_a_bridge_closes(roads: gpd.GeoDataFrame) -> None:
    network, bridge = as_network(roads)
    rng = np.random.default_rng(1)
    origins, destinations = rng.choice(network.x.size, 3), rng.choice(network.x.size, 200)
    for edited in (network, close_roads(network, [bridge])):
        graph = to_networkx(edited)
        matrix = travel_times(edited, origins, destinations)
        for row, origin in zip(matrix.values, origins.tolist(), strict=True):
            reached = nx.single_source_dijkstra_path_length(graph, origin, weight="seconds")
            assert row.tolist() == [reached.get(v, np.inf) for v in destinations.tolist()]


def as_network(roads: gpd.GeoDataFrame) -> tuple[RoadNetwork, int]:
    """Return every stretch between two points of a way as a road of 30 km/h, and an arc on a bridge."""
    refs, corners = roads["refs"].to_list(), shapely.get_coordinates(roads.geometry.to_numpy())
    number: dict[int, int] = {}
    flat = np.array([number.setdefault(ref, len(number)) for way in refs for ref in way])
    last = np.cumsum([len(way) for way in refs]) - 1
    tail = np.delete(np.arange(flat.size), last)
    xy = np.zeros((len(number), 2))
    xy[flat] = corners
    seconds = np.rint(np.hypot(*(corners[tail + 1] - corners[tail]).T) * 3.6 / 30).astype(np.int32)
    oneway = np.repeat(roads["oneway"].to_numpy(bool), [len(way) - 1 for way in refs])
    on_bridge = np.repeat(roads["bridge"].to_numpy(bool), [len(way) - 1 for way in refs])
    ends = np.column_stack([flat[tail], flat[tail + 1]])
    both = np.column_stack([seconds, np.where(oneway, UNREACHABLE, seconds)]).ravel()
    twin = (np.arange(2 * len(ends)) ^ 1).astype(np.int32)
    return RoadNetwork(ends.ravel(), ends[:, ::-1].ravel(), both, *xy.T, twin=twin), 2 * int(np.argmax(on_bridge))
