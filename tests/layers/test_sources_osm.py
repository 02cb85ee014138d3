"""Roads from OpenStreetMap: pieces between junctions, classes, directions, gaps."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import osmium
import osmnx
import pytest
import shapely
from osmium.osm.mutable import Node, Way
from requests.exceptions import ConnectionError as NoConnection
from toy_county import COLUMNS, ROWS, lon_lat, write_grid_pbf

from gis.crs import Datum, to_wgs84
from gis.faults import FaultsError
from layers.county_spec import LayerSpec
from layers.sources.importing import import_layer, import_roads
from layers.sources.ways import node_ways

POSITIONS = {1: (0, 0), 2: (1, 0), 3: (2, 0), 4: (1, 1), 5: (3, 0), 6: (1, 1), 7: (1, 2)}


def roads_of(path: Path, ways: list[tuple[list[int], dict[str, str]]], *, nodes: dict[int, tuple[float, float]]):
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for id_, position in nodes.items():
            writer.add_node(Node(id=id_, location=lon_lat(*position)))
        for id_, (refs, tags) in enumerate(ways, start=1):
            writer.add_way(Way(id=id_, nodes=refs, tags=tags))
    found, faults = import_roads(LayerSpec("roads", path))
    return node_ways(found, projected="EPSG:4548", geographic="EPSG:4490"), faults


def test_ways_are_cut_where_they_meet(tmp_path: Path) -> None:
    ways = [([1, 2, 3], {"highway": "primary"}), ([2, 4], {"highway": "path"})]
    roads, _ = roads_of(tmp_path / "a.osm", ways, nodes=POSITIONS)
    assert roads.index.to_list() == ["w1-0", "w1-1", "w2-0"]
    assert roads["length_m"].to_list() == pytest.approx([1000] * 3, abs=0.02)
    assert roads["v"].iloc[0] == roads["u"].iloc[1] == roads["u"].iloc[2]


def test_node_between_junctions_bends_the_piece_only(tmp_path: Path) -> None:
    roads, _ = roads_of(tmp_path / "a.osm", [([1, 2, 4], {"highway": "primary"})], nodes=POSITIONS)
    assert len(roads) == 1
    assert roads["length_m"].iloc[0] == pytest.approx(2000, abs=0.02)
    assert len(roads.geometry.iloc[0].coords) == 3


def test_way_is_cut_where_a_node_is_missing_and_the_number_is_said(tmp_path: Path) -> None:
    ways = [([1, 2, 99, 3, 5], {"highway": "primary"}), ([98, 4], {"highway": "primary"})]
    roads, [note] = roads_of(tmp_path / "a.osm.pbf", ways, nodes=POSITIONS)
    assert roads.index.to_list() == ["w1-0", "w1-1"]
    assert roads["length_m"].to_list() == pytest.approx([1000, 1000], abs=0.02)
    assert (note.code, note.severity, dict(note.params)) == ("dangling-references", "note", {"count": 2, "total": 7})


def test_two_nodes_on_one_spot_are_one_junction(tmp_path: Path) -> None:
    ways = [([2, 4, 6, 7], {"highway": "primary"}), ([6, 3], {"highway": "primary"})]
    roads, _ = roads_of(tmp_path / "a.osm", ways, nodes=POSITIONS)
    assert len(roads) == 3
    assert roads["length_m"].min() > 900
    assert roads["v"].iloc[0] == roads["u"].iloc[1] == roads["u"].iloc[2]


def test_only_roads_that_exist_are_kept(tmp_path: Path) -> None:
    dropped = [{"highway": v} for v in ("construction", "proposed", "platform", "elevator")]
    dropped += [{"highway": "pedestrian", "area": "yes"}, {"highway": "service", "access": "no"}, {"building": "yes"}]
    kept = [{"highway": v} for v in ("motorway", "primary_link", "track", "steps")]
    kept += [{"highway": "service", "access": "private"}]
    roads, _ = roads_of(tmp_path / "a.osm", [([1, 2], tags) for tags in dropped + kept], nodes=POSITIONS)
    assert roads["road_class"].to_list() == ["motorway", "primary_link", "track", "steps", "service"]


@pytest.mark.parametrize(
    ("tags", "oneway", "is_turned"),
    [
        ({}, False, False),
        ({"oneway": "yes"}, True, False),
        ({"oneway": "1"}, True, False),
        ({"oneway": "-1"}, True, True),
        ({"oneway": "no"}, False, False),
        ({"junction": "roundabout"}, True, False),
        ({"junction": "roundabout", "oneway": "no"}, False, False),
        ({"highway": "motorway"}, True, False),
    ],
)
def test_one_way_roads_run_in_travel_direction(tags, oneway: bool, is_turned: bool, tmp_path: Path) -> None:
    roads, _ = roads_of(tmp_path / "a.osm", [([1, 2], {"highway": "primary"} | tags)], nodes=POSITIONS)
    assert roads["oneway"].to_list() == [oneway]
    west_first = roads.geometry.iloc[0].coords[0][0] < roads.geometry.iloc[0].coords[1][0]
    assert west_first is not is_turned


@pytest.mark.parametrize("ending", ["osm", "osm.gz", "osm.bz2", "osm.pbf"])
def test_grid_of_the_toy_county(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"roads.{ending}"
    write_grid_pbf(path, columns=COLUMNS, rows=ROWS, main_row=1, river_x_km=2.5)
    ways, _ = import_roads(LayerSpec("roads", path))
    roads = node_ways(ways, projected="EPSG:4548", geographic="EPSG:4490")
    assert len(roads) == 31
    assert roads["bridge"].sum() == ROWS
    assert roads["length_m"].to_numpy() == pytest.approx(1000.0, abs=0.02)
    rivers, _ = import_layer(LayerSpec("rivers", path))
    assert rivers.frame["name"].to_list() == ["徒骇河"]


@pytest.mark.parametrize("content", [b"", b"hello", b"<osm version='0.6'><node id='1'"])
@pytest.mark.parametrize("ending", ["osm", "osm.pbf", "osm.gz"])
def test_damaged_files_are_reported(content: bytes, ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"roads.{ending}"
    path.write_bytes(content)
    with pytest.raises(FaultsError) as raised:
        import_roads(LayerSpec("roads", path))
    assert raised.value.faults[0].code in ("damaged-file", "empty-file")


def test_graph_of_osmnx_gives_the_same_roads(tmp_path: Path) -> None:
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    for id_, (x, y) in POSITIONS.items():
        graph.add_node(id_, x=lon_lat(x, y)[0], y=lon_lat(x, y)[1], street_count=2)
    common = {"highway": "tertiary", "name": "东街", "length": 1000.0, "osmid": 10, "maxspeed": "40"}
    graph.add_edge(1, 2, oneway=False, reversed=False, **common)
    graph.add_edge(2, 1, oneway=False, reversed=True, **common)
    graph.add_edge(
        2, 3, oneway=True, reversed=False, **common | {"highway": ["residential", "service"], "osmid": [11, 12]}
    )
    path = tmp_path / "roads.graphml"
    osmnx.save_graphml(graph, path)
    ways, _ = import_roads(LayerSpec("roads", path))
    roads = node_ways(ways, projected="EPSG:4548", geographic="EPSG:4490")
    assert roads["oneway"].to_list() == [False, True]
    assert roads["road_class"].to_list() == ["tertiary", "service"]
    assert roads["way"].to_list() == ["w10", "w11+w12"]
    assert roads["speed_kmh"].to_list() == [40.0, 40.0]
    assert roads["length_m"].to_list() == pytest.approx([1000, 1000], abs=0.02)


def test_download_without_network_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise NoConnection("no route to host")

    monkeypatch.setattr(osmnx, "graph_from_place", refuse)
    with pytest.raises(FaultsError) as raised:
        import_roads(LayerSpec("roads", None, place="临邑县"))
    [fault] = raised.value.faults
    assert (fault.code, fault.field) == ("download-failed", "place")


@pytest.mark.parametrize("datum", ["GCJ02", "BD09"])
@pytest.mark.parametrize("layer", ["roads", "rivers"])
def test_ways_drawn_over_maps_of_a_shifted_datum_are_moved(datum: Datum, layer: str, tmp_path: Path) -> None:
    write_grid_pbf(tmp_path / "a.osm.pbf", columns=3, rows=2, main_row=1, river_x_km=0.5)
    plain, shifted = (LayerSpec(layer, tmp_path / "a.osm.pbf", datum=name) for name in ("WGS84", datum))
    if layer == "roads":
        at, moved = ((ways.lon, ways.lat) for ways, _ in map(import_roads, (plain, shifted)))
    else:
        frames = [import_layer(spec)[0].frame for spec in (plain, shifted)]
        at, moved = (tuple(shapely.get_coordinates(frame.geometry.to_numpy()).T) for frame in frames)
    np.testing.assert_allclose(moved, to_wgs84(*at, datum=datum), atol=1e-9)
    assert np.abs(np.array(moved) - np.array(at)).max() > 1e-3


@pytest.mark.parametrize("name", ["GBK", "GB18030", "klingon"])
def test_xml_in_an_encoding_that_is_none_of_xml_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.osm"
    path.write_bytes(f'<?xml version="1.0" encoding="{name}"?><osm><node id="1" lat="37" lon="116"/></osm>'.encode())
    with pytest.raises(FaultsError, match="damaged-file"):
        import_roads(LayerSpec("roads", path))
