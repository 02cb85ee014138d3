"""Graphs of osmnx and networkx give the same network as the OpenStreetMap file of the same streets."""

from __future__ import annotations

import itertools
from pathlib import Path

import networkx as nx
import numpy as np
import osmnx
import pytest
from pyproj import Transformer
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from toy_county import lon_lat

from gis.faults import FaultsError
from gis.road_network import network_from_roads
from gis.travel_modes import MODES
from layers.county_spec import LayerSpec
from layers.sources.importing import import_roads
from layers.sources.osm.graph_streets import tags_of
from layers.sources.osm.objects import NODE_KEYS
from layers.sources.osm.tags import WAY_KEYS
from layers.sources.ways import node_ways

PLACES = {
    1: (0, 0),
    2: (1, 0),
    3: (2, 0),
    4: (0, 1),
    5: (2, 1),
    6: (1, 1),
    7: (3, 0),
    8: (3, 1),
    9: (1.5, 0),
    11: (0, -1),
    12: (1, -1),
    13: (2, -1),
}
TERTIARY = {"highway": "tertiary"}
RING = [([1, 4, 6], TERTIARY), ([6, 5, 3], TERTIARY), ([1, 2], TERTIARY), *(([n, n + 10], TERTIARY) for n in (1, 2, 3))]
STREETS = {
    "two-way": [([2, 9, 3], TERTIARY)],
    "one-way": [([2, 9, 3], TERTIARY | {"oneway": "yes"})],
    "one-way against the line": [([2, 9, 3], TERTIARY | {"oneway": "-1"})],
    "said to be two-way": [([2, 9, 3], TERTIARY | {"oneway": "no"})],
    "one-way but for bicycles": [([2, 9, 3], TERTIARY | {"oneway": "yes", "oneway:bicycle": "no"})],
    "contraflow": [([2, 9, 3], TERTIARY | {"oneway": "-1", "cycleway": "opposite"})],
    "closed to cars": [([2, 9, 3], TERTIARY | {"motor_vehicle": "no"})],
    "closed": [([2, 9, 3], TERTIARY | {"access": "no"})],
    "closed but to feet": [([2, 9, 3], TERTIARY | {"access": "no", "foot": "yes"})],
    "footway": [([2, 9, 3], {"highway": "footway"})],
    "cycleway open to cars": [([2, 9, 3], {"highway": "cycleway", "motor_vehicle": "yes"})],
    "speed limit": [([2, 9, 3], TERTIARY | {"maxspeed": "20"})],
    "speeds by direction": [([2, 9, 3], TERTIARY | {"maxspeed": "50", "maxspeed:backward": "20"})],
    "closed one way to cars": [([3, 9, 2], TERTIARY | {"motor_vehicle:forward": "no"})],
    "two streets side by side": [([2, 3], TERTIARY), ([2, 9, 3], {"highway": "residential"})],
    "roundabout": [([3, 7, 8, 5, 3], TERTIARY | {"junction": "roundabout"}), ([2, 3], TERTIARY)],
}
OSMNX = [{"simplify": True}, {"simplify": False}, {"simplify": False, "all_oneway": True}]


@pytest.fixture(autouse=True)
def settings_of_osmnx():
    settings = osmnx.settings
    before = settings.useful_tags_way, settings.useful_tags_node, settings.all_oneway
    settings.useful_tags_way, settings.useful_tags_node = sorted(WAY_KEYS), sorted(NODE_KEYS)
    yield
    settings.useful_tags_way, settings.useful_tags_node, settings.all_oneway = before


def write_osm(path: Path, ways, nodes: dict[int, dict[str, str]] | None = None) -> Path:
    def xml(tags: dict[str, str]) -> str:
        return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())

    used = {n for refs, _ in ways for n in refs}
    text = ""
    for n in sorted(used):
        lon, lat = lon_lat(*PLACES[n])
        text += f'<node id="{n}" lon="{lon}" lat="{lat}">{xml((nodes or {}).get(n, {}))}</node>'
    for number, (refs, tags) in enumerate(ways, 1):
        text += f'<way id="{number}">{"".join(f"<nd ref={chr(34)}{n}{chr(34)}/>" for n in refs)}{xml(tags)}</way>'
    path.write_text(f'<osm version="0.6">{text}</osm>', encoding="utf-8")
    return path


def save_graphml(graph: nx.MultiDiGraph, path: Path) -> Path:
    osmnx.save_graphml(graph, path)
    return path


def minutes(path: Path, *, places: tuple[int, ...] = (1, 2, 3)) -> dict[str, np.ndarray]:
    """Minutes between places by mode, to a tenth."""
    ways, _ = import_roads(LayerSpec("roads", path))
    roads = node_ways(ways, projected="EPSG:4548", geographic="EPSG:4490").to_crs("EPSG:4548")
    to_metres = Transformer.from_crs("EPSG:4490", "EPSG:4548", always_xy=True)
    found = {}
    for name, mode in MODES.items():
        network = network_from_roads(roads, mode=mode)
        n = network.x.size
        best: dict[tuple[int, int], int] = {}
        for arc in np.flatnonzero(network.passable):
            pair = int(network.tail[arc]), int(network.head[arc])
            best[pair] = min(best.get(pair, 2**30), max(int(network.seconds[arc]), 1))
        graph = coo_array((list(best.values()), tuple(np.array(list(best)).T)), shape=(n, n)) if best else None
        at = [to_metres.transform(*lon_lat(*PLACES[p])) for p in places]
        nodes = [int(np.argmin(np.hypot(network.x - x, network.y - y))) for x, y in at]
        s = dijkstra(graph.tocsr(), indices=nodes)[:, nodes] if graph is not None else np.full((3, 3), np.inf)
        found[name] = np.round(s / 60, 1)
    return found


@pytest.mark.parametrize("options", OSMNX, ids=lambda options: "+".join(k for k, v in options.items() if v) or "as is")
@pytest.mark.parametrize("street", STREETS)
def test_a_graph_gives_the_times_of_its_osm_file(street: str, options: dict[str, bool], tmp_path: Path) -> None:
    path = write_osm(tmp_path / "roads.osm", [*RING, *STREETS[street]])
    osmnx.settings.all_oneway = options.get("all_oneway", False)
    graph = osmnx.graph_from_xml(path, simplify=options["simplify"], retain_all=True)
    of_graph, of_file = minutes(save_graphml(graph, tmp_path / "roads.graphml")), minutes(path)
    for mode in MODES:
        np.testing.assert_allclose(of_graph[mode], of_file[mode], atol=0.11, err_msg=mode)


def test_barriers_on_the_nodes_of_a_graph(tmp_path: Path) -> None:
    path = write_osm(tmp_path / "a.osm", [*RING, ([2, 3], TERTIARY)], {2: {"barrier": "bollard"}})
    graph = osmnx.graph_from_xml(path, simplify=False)
    found, expected = minutes(save_graphml(graph, tmp_path / "a.graphml")), minutes(path)
    assert np.isinf(found["car"][0, 1])
    np.testing.assert_array_equal(found["walk"], expected["walk"])


def test_a_projected_graph_is_read_in_degrees(tmp_path: Path) -> None:
    path = write_osm(tmp_path / "a.osm", [*RING, *STREETS["one-way"]], {2: {"barrier": "bollard"}})
    graph = osmnx.project_graph(osmnx.graph_from_xml(path, simplify=False))
    found, expected = minutes(save_graphml(graph, tmp_path / "a.graphml")), minutes(path)
    for mode in MODES:
        np.testing.assert_allclose(found[mode], expected[mode], atol=0.11)


def plain(graph: nx.Graph, edges: list[tuple[int, int]], folder: Path, **rest: object) -> Path:
    for number, place in PLACES.items():
        x, y = lon_lat(*place)
        graph.add_node(number, x=x, y=y)
    for tail, head in itertools.pairwise((1, 4, 6, 5, 3)):
        graph.add_edge(tail, head, highway="tertiary")
        if graph.is_directed():
            graph.add_edge(head, tail, highway="tertiary")
    for tail, head in edges:
        own = rest if {tail, head} == {2, 3} else {}
        graph.add_edge(tail, head, **{"highway": "tertiary"} | own)
    nx.write_graphml(graph, folder / "plain.graphml")
    return folder / "plain.graphml"


@pytest.mark.parametrize("kind", [nx.DiGraph, nx.MultiDiGraph])
@pytest.mark.parametrize(
    "rest", [{}, {"oneway": False}, {"oneway": True}, {"oneway": "-1"}, {"oneway": "[True, False]"}, {"oneway": "no"}]
)
def test_a_street_with_one_edge_is_one_way_whatever_it_says(kind, rest: dict[str, object], tmp_path: Path) -> None:
    found = minutes(plain(kind(), [(1, 2), (2, 1), (3, 2)], tmp_path, **rest))
    assert found["car"][2, 1] == pytest.approx(1.5, abs=0.1)
    assert found["car"][1, 2] > 5
    assert found["walk"][1, 2] == found["walk"][2, 1]


@pytest.mark.parametrize("rest", [{}, {"oneway": False}, {"oneway": True}, {"oneway": "yes"}])
def test_a_street_with_an_edge_each_way_is_two_way(rest: dict[str, object], tmp_path: Path) -> None:
    found = minutes(plain(nx.MultiDiGraph(), [(1, 2), (2, 1), (3, 2), (2, 3)], tmp_path, **rest))
    assert found["car"][2, 1] == found["car"][1, 2] == pytest.approx(1.5, abs=0.1)


@pytest.mark.parametrize("kind", [nx.Graph, nx.MultiGraph])
def test_an_undirected_graph_is_two_way(kind, tmp_path: Path) -> None:
    found = minutes(plain(kind(), [(1, 2), (3, 2)], tmp_path))
    assert found["car"][2, 1] == found["car"][1, 2] == pytest.approx(1.5, abs=0.1)


def test_a_line_drawn_against_its_edge_is_turned(tmp_path: Path) -> None:
    west, east = lon_lat(*PLACES[2]), lon_lat(*PLACES[3])
    wkt = f"LINESTRING ({west[0]} {west[1]}, {east[0]} {east[1]})"
    found = minutes(plain(nx.DiGraph(), [(1, 2), (2, 1), (3, 2)], tmp_path, geometry=wkt))["car"]
    assert found[2, 1] == pytest.approx(1.5, abs=0.1)
    assert found[1, 2] > 5


def test_one_edge_a_street_is_read_by_its_flag(tmp_path: Path) -> None:
    graph = nx.DiGraph()
    for number in (1, 2, 3):
        graph.add_node(number, x=lon_lat(*PLACES[number])[0], y=lon_lat(*PLACES[number])[1])
    graph.add_edge(1, 2, highway="tertiary", oneway=False)
    graph.add_edge(2, 3, highway="tertiary", oneway=True)
    nx.write_graphml(graph, tmp_path / "a.graphml")
    car = minutes(tmp_path / "a.graphml")["car"]
    assert np.isfinite(car[[0, 1, 1], [1, 0, 2]]).all()
    assert np.isinf(car[2, 1])


@pytest.mark.parametrize(
    ("value", "tag"),
    [
        ({"highway": "['residential', 'service']"}, {"highway": "service;residential"}),
        ({"maxspeed": "['60', '40']"}, {"maxspeed": "40;60"}),
        ({"access": "['yes', 'no']"}, {"access": "no"}),
        ({"access": "['yes', 'private']"}, {"access": "yes;private"}),
        ({"motor_vehicle:forward": "['no', 'yes']"}, {"motor_vehicle:forward": "no"}),
        ({"motor_vehicle": "['agricultural;forestry', 'yes']"}, {"motor_vehicle": "agricultural;forestry"}),
        ({"cycleway": "['opposite', 'lane']"}, {"cycleway": "lane"}),
        ({"bridge": "['no', 'yes']"}, {"bridge": "yes"}),
        ({"bridge": True, "tunnel": False}, {"bridge": "yes", "tunnel": "no"}),
        ({"name": "['b', 'a']"}, {"name": "a"}),
        ({"name": "[broken"}, {"name": "[broken"}),
        ({"access": "None", "foot": "nan", "bicycle": ""}, {}),
        ({"length": 5.0, "osmid": 7}, {}),
    ],
)
def test_of_several_values_the_strictest_counts(value: dict[str, object], tag: dict[str, str]) -> None:
    assert tags_of(value, WAY_KEYS) == tag


@pytest.mark.parametrize("classes", [["tertiary", "footway"], ["footway", "tertiary"]])
def test_the_lowest_of_several_classes_shuts_cars_out(classes: list[str], tmp_path: Path) -> None:
    found = minutes(plain(nx.MultiDiGraph(), [(1, 2), (2, 1), (3, 2), (2, 3)], tmp_path, highway=str(classes)))
    assert found["car"][1, 2] > 5
    assert found["walk"][1, 2] == pytest.approx(12.5, abs=0.1)


def test_what_is_no_road_in_part_is_no_road(tmp_path: Path) -> None:
    path = plain(nx.DiGraph(), [(1, 2), (2, 1), (2, 3), (3, 2)], tmp_path, highway="['tertiary', 'construction']")
    ways, _ = import_roads(LayerSpec("roads", path))
    assert len(ways.attributes) == 5


def test_a_download_keeps_the_tags_that_are_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    osmnx.settings.useful_tags_way, osmnx.settings.useful_tags_node = ["name"], ["ref"]
    path = write_osm(tmp_path / "a.osm", [*RING, *STREETS["closed but to feet"]])
    monkeypatch.setattr(
        osmnx, "graph_from_place", lambda place, network_type, simplify: osmnx.graph_from_xml(path, simplify=simplify)
    )
    ways, _ = import_roads(LayerSpec("roads", None, place="临邑县"))
    assert set(ways.attributes["motorcar"]) == {"", "no"}
    assert set(ways.attributes["foot"]) == {""}
    assert osmnx.settings.useful_tags_way == ["name"]
    assert osmnx.settings.useful_tags_node == ["ref"]


@pytest.mark.parametrize(("crs", "is_refused"), [("EPSG:4214", True), ("EPSG:4610", True), ("EPSG:4490", False)])
def test_a_graph_in_degrees_of_another_datum_is_not_taken_for_wgs84(crs: str, is_refused: bool, tmp_path: Path) -> None:
    graph = nx.MultiDiGraph(crs=crs)
    for node, place in enumerate([(0, 0), (1, 0)]):
        graph.add_node(node, x=lon_lat(*place)[0], y=lon_lat(*place)[1])
    graph.add_edge(0, 1, highway="tertiary")
    nx.write_graphml(graph, tmp_path / "a.graphml")
    spec = LayerSpec("roads", tmp_path / "a.graphml")
    if is_refused:
        with pytest.raises(FaultsError, match="no-transformation"):
            import_roads(spec)
    else:
        assert import_roads(spec)[0].lon[0] == pytest.approx(lon_lat(0, 0)[0])
