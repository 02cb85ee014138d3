"""Files of OpenStreetMap in every state: edited, deleted, out of order, broken off, of another kind."""

from __future__ import annotations

import bz2
import gzip
import itertools
from pathlib import Path

import numpy as np
import osmium
import pytest
from osmium.osm.mutable import Node, Way
from toy_county import lon_lat

from gis.faults import FaultsError
from layers.county_spec import LayerSpec
from layers.sources.importing import import_layer, import_roads
from layers.sources.osm import xml_files
from layers.sources.ways import node_ways

PLACES = {1: (0.0, 0.0), 2: (1.0, 0.0), 3: (2.0, 0.0), 4: (0.0, 1.0)}
TAG = '<tag k="highway" v="tertiary"/>'


def node(number: int, *, place: int | None = None, extra: str = "", tags: str = "") -> str:
    lon, lat = lon_lat(*PLACES[place or abs(number)])
    return f'<node id="{number}" {extra} lon="{lon}" lat="{lat}">{tags}</node>'


def way(number: int, *nodes: int, extra: str = "", tags: str = TAG) -> str:
    return f'<way id="{number}" {extra}>{"".join(f"<nd ref={chr(34)}{n}{chr(34)}/>" for n in nodes)}{tags}</way>'


def osm(*parts: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><osm version="0.6">{"".join(parts)}</osm>'


def roads_in(path: Path):
    ways, faults = import_roads(LayerSpec("roads", path))
    roads = node_ways(ways, projected="EPSG:4548", geographic="EPSG:4490")
    return roads, [(fault.code, fault.severity) for fault in faults]


def written(folder: Path, text: str | bytes, name: str = "roads.osm") -> Path:
    (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return folder / name


def lengths_km(path: Path) -> list[float]:
    return roads_in(path)[0]["length_m"].div(1000).round(3).to_list()


NODES = [node(number) for number in PLACES]
TWO = [*NODES, way(1, 1, 2), way(2, 2, 3)]
KM = [
    # what the file holds, then the kilometres of its pieces
    ("as usual", TWO, [1, 1]),
    ("ways first", [way(1, 1, 2), way(2, 2, 3), *NODES], [1, 1]),
    ("ways between their nodes", [NODES[0], way(1, 1, 2, 3), *NODES[1:]], [2]),
    ("negative numbers", [node(-1), node(-2), node(-3), way(-1, -1, -2), way(-2, -2, -3)], [1, 1]),
    ("negative way first", [way(-1, -1, -2), node(-1), node(-2)], [1]),
    ("a new node in an old way", [node(1), node(3), node(-7, place=2), way(1, 1, -7, 3)], [2]),
    ("number 0", [node(0, place=1), node(2), way(0, 0, 2)], [1]),
    ("numbers beyond 2^33", [node(2**34, place=1), node(2**40, place=2), way(2**35, 2**34, 2**40)], [1]),
    ("deleted way", [*NODES, way(1, 1, 2), way(2, 2, 3, extra='action="delete"')], [1]),
    ("way no longer visible", [*NODES, way(1, 1, 2), way(2, 2, 3, extra='visible="false"')], [1]),
    ("changed way", [*NODES, way(1, 1, 2, extra='action="modify" visible="true"')], [1]),
    (
        "newest of several versions",
        [*NODES, way(1, 1, 2, extra='version="1"'), way(1, 1, 2, 3, extra='version="2"')],
        [2],
    ),
    (
        "newest first",
        [*NODES, way(1, 1, 2, 3, extra='version="10"'), way(1, 1, 2, extra='version="9"')],
        [2],
    ),
    (
        "newest version deleted",
        [*NODES, way(2, 2, 3), way(1, 1, 2, extra='version="1"'), '<way id="1" version="2" visible="false"/>'],
        [1],
    ),
    (
        "deleted and restored",
        [
            *NODES,
            way(1, 1, 2, extra='version="1"'),
            '<way id="1" version="2" visible="false"/>',
            way(1, 1, 2, 3, extra='version="3"'),
        ],
        [2],
    ),
    (
        "newest version is no road",
        [*NODES, way(2, 2, 3), way(1, 1, 2, extra='version="1"'), way(1, 1, 2, extra='version="2"', tags="")],
        [1],
    ),
    (
        "a node that moved",
        [node(1, extra='version="2"'), node(1, place=3, extra='version="1"'), node(2), way(1, 1, 2)],
        [1],
    ),
    ("the same thing twice", [*TWO, *TWO], [1, 1]),
    ("two parts of one way from two clips", [*NODES, way(1, 1, 2), way(1, 2, 3)], [1, 1]),
    ("repeated nodes", [*NODES, way(1, 1, 1, 2, 2)], [1]),
    ("bounds, notes and changesets", ['<bounds minlat="1"/>', "<note>ODbL</note>", "<meta/>", *TWO], [1, 1]),
]


@pytest.mark.parametrize(("parts", "km"), [case[1:] for case in KM], ids=[case[0] for case in KM])
def test_only_what_is_there_counts_wherever_it_stands(parts: list[str], km: list[float], tmp_path: Path) -> None:
    roads, faults = roads_in(written(tmp_path, osm(*parts)))
    assert roads["length_m"].div(1000).round(3).to_list() == km
    assert faults == []
    assert roads.index.is_unique


def test_the_order_of_a_file_changes_nothing(tmp_path: Path) -> None:
    parts = [node(1), node(-2), node(3), way(1, 1, -2), way(-2, -2, 3)]
    found = set()
    for number, order in enumerate(itertools.permutations(parts)):
        roads, faults = roads_in(written(tmp_path, osm(*order), f"{number}.osm"))
        found.add((tuple(sorted(roads["length_m"].round(3))), tuple(faults), int(roads[["u", "v"]].to_numpy().max())))
    assert found == {((1000.0, 1000.0), (), 2)}


def with_positions(*nodes: int, ref: str = 'ref="{}"') -> str:
    found = [(n, *lon_lat(*PLACES[n])) for n in nodes]
    return "".join(f'<nd {ref.format(n)} lon="{lon}" lat="{lat}"/>' for n, lon, lat in found)


@pytest.mark.parametrize("ref", ['ref="{}"', ""])
def test_positions_inside_ways_are_read(ref: str, tmp_path: Path) -> None:
    nodes = [with_positions(*pair, ref=ref) for pair in ((1, 2), (2, 3))]
    ways = [f'<way id="{k}"><bounds/>{own}{TAG}</way>' for k, own in enumerate(nodes, 1)]
    of_relation = f'<relation id="1"><member type="way" ref="1">{with_positions(1, 2, ref="")}</member></relation>'
    roads, faults = roads_in(written(tmp_path, osm(*ways, of_relation)))
    assert (roads["length_m"].round(0).to_list(), faults) == ([1000, 1000], [])
    assert roads["v"].iloc[0] == roads["u"].iloc[1]


def test_positions_outside_the_window_of_out_geom_end_the_road(tmp_path: Path) -> None:
    text = osm(f'<way id="1">{with_positions(1, 2)}<nd ref="3"/>{TAG}</way>')
    roads, faults = roads_in(written(tmp_path, text))
    assert roads["length_m"].round(0).to_list() == [1000]
    assert faults == [("dangling-references", "note")]


def test_new_nodes_that_are_missing_are_no_matter_of_course(tmp_path: Path) -> None:
    _, faults = roads_in(written(tmp_path, osm(*TWO, way(3, 3, -9, 4))))
    assert faults == [("osm-new-nodes-missing", "warning")]


REFUSED = [
    # what the file holds, then code and what the value shows
    ("empty", "", "empty-file", "0 B"),
    ("blank", " \n", "empty-file", "0 B"),
    ("words", "hello", "damaged-file", "line 1"),
    ("truncated", osm(*TWO)[:-30], "damaged-file", "line 1"),
    ("JSON of Overpass", '{"version": 0.6, "elements": []}', "not-osm", "JSON"),
    ("a page of the server", "<!DOCTYPE html><html><body>Too many</body></html>", "not-osm", "<html>"),
    ("changes only", '<osmChange version="0.6"><create/></osmChange>', "not-osm", "<osmChange>"),
    ("GPX", "<gpx/>", "not-osm", "<gpx>"),
    ("packed as ZIP", b"PK\x03\x04....", "not-osm", "ZIP"),
    ("o5m", b"\xff\xe0\x04o5m2", "not-osm", "o5m"),
    ("broken off", osm(*TWO, "<remark> runtime error:\n Query timed out </remark>"), "osm-broken-off", "Query timed"),
    ("broken off at once", osm("<remark>out of memory</remark>"), "osm-broken-off", "out of memory"),
    ("ways alone", osm(way(1, 1, 2), way(2, 2, 3)), "osm-without-nodes", "4 <nd> / 0 <node>"),
    ("out tags", osm(f'<way id="1">{TAG}</way>'), "osm-without-nodes", "1 <way> / 0 <nd>"),
    ("out center", osm(f'<way id="1"><center lat="37" lon="116"/>{TAG}</way>'), "osm-without-nodes", "0 <nd>"),
    ("no road", osm(*NODES, way(1, 1, 2, tags="")), "empty-layer", ""),
    ("every road deleted", osm(*NODES, way(1, 1, 2, extra='action="delete"')), "empty-layer", ""),
    ("a latitude in words", osm('<node id="5" lat="north" lon="1"/>', *TWO), "damaged-file", "node 5: lat = 'north'"),
    ("no number at all", osm('<node id="5" lat="nan" lon="1"/>', *TWO), "damaged-file", "node 5: lat = 'nan'"),
    ("half a position", osm('<node id="5" lat="37"/>', *TWO), "damaged-file", "node 5: lon = ''"),
    ("a node without number", osm('<node lat="37" lon="116"/>', *TWO), "damaged-file", "node: id = ''"),
    ("a number no computer has", osm(f'<node id="{10**30}" lat="37" lon="116"/>', *TWO), "damaged-file", str(10**30)),
    ("two nodes of one number", osm(node(0, place=1), node(0, place=2), way(1, 0, 0)), "damaged-file", "node 0:"),
]


@pytest.mark.parametrize(("content", "code", "value"), [c[1:] for c in REFUSED], ids=[c[0] for c in REFUSED])
def test_what_cannot_be_read_is_refused_by_its_name(
    content: str | bytes, code: str, value: str, tmp_path: Path
) -> None:
    with pytest.raises(FaultsError) as raised:
        import_roads(LayerSpec("roads", written(tmp_path, content)))
    [fault] = [fault for fault in raised.value.faults if fault.severity == "error"]
    assert fault.code == code
    assert value in fault.value


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, bytes])
@pytest.mark.parametrize("ending", ["osm", "osm.gz", "osm.bz2", "osm.pbf"])
def test_a_file_is_what_it_holds_not_what_it_is_called(pack, ending: str, tmp_path: Path) -> None:
    assert lengths_km(written(tmp_path, pack(osm(*TWO).encode()), f"roads.{ending}")) == [1, 1]


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
def test_a_packed_file_that_ends_too_early_is_damaged(pack, tmp_path: Path) -> None:
    path = written(tmp_path, pack(osm(*TWO).encode())[:-20], "roads.osm.gz")
    with pytest.raises(FaultsError) as raised:
        import_roads(LayerSpec("roads", path))
    assert raised.value.faults[0].code == "damaged-file"


def test_a_file_that_unpacks_without_end_is_not_read_to_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xml_files, "MAX_XML_BYTES", 3_000_000)
    path = written(tmp_path, gzip.compress(b"<osm>" + b" " * 5_000_000 + b"</osm>"), "roads.osm.gz")
    with pytest.raises(FaultsError) as raised:
        import_roads(LayerSpec("roads", path))
    assert "3000000" in raised.value.faults[0].value


def test_turn_restrictions_are_counted(tmp_path: Path) -> None:
    ban = '<tag k="type" v="restriction"/><tag k="restriction" v="no_left_turn"/>'
    relations = [f'<relation id="{k}">{ban}</relation>' for k in (1, 2)]
    relations += [
        f'<relation id="3" action="delete">{ban}</relation>',
        '<relation id="4"><tag k="type" v="route"/></relation>',
    ]
    [fault] = import_roads(LayerSpec("roads", written(tmp_path, osm(*TWO, *relations))))[1]
    assert (fault.code, fault.severity, dict(fault.params)) == ("turn-restrictions", "note", {"count": 2})


def test_ferries_say_what_is_assumed_of_them(tmp_path: Path) -> None:
    texts = [{"interval": "00:20", "motor_vehicle": "yes"}, {"motor_vehicle": "no"}, {}]
    ferry = [{"route": "ferry"} | text for text in texts]
    tags = ["".join(f'<tag k="{k}" v="{v}"/>' for k, v in each.items()) for each in ferry]
    ways = [way(k, 2, 3, tags=each) for k, each in enumerate(tags, 5)]
    [fault] = import_roads(LayerSpec("roads", written(tmp_path, osm(*TWO, *ways))))[1]
    assert (fault.code, fault.severity) == ("ferries", "note")
    assert dict(fault.params) == {"count": 3, "assumed": 2, "closed": 2, "wait_min": 15}


def test_rivers_are_read_alike(tmp_path: Path) -> None:
    river = '<tag k="waterway" v="river"/><tag k="name" v="徒骇河"/>'
    parts = [way(-1, -1, -2, tags=river), node(-1), node(-2), way(-2, -1, -2, tags=river, extra='action="delete"')]
    rivers, _ = import_layer(LayerSpec("rivers", written(tmp_path, osm(*parts))))
    assert rivers.frame["name"].to_list() == ["徒骇河"]


def write_pbf(path: Path, things: list[Node | Way], *, form: str = "") -> Path:
    with osmium.SimpleWriter(osmium.io.File(str(path), form), overwrite=True) as writer:
        for thing in things:
            (writer.add_node if isinstance(thing, Node) else writer.add_way)(thing)
    return path


def pbf_node(number: int, *, place: int | None = None, **rest) -> Node:
    return Node(id=number, location=lon_lat(*PLACES[place or abs(number)]), **rest)


ROAD = {"highway": "tertiary"}


@pytest.mark.parametrize(
    "things",
    [
        [*map(pbf_node, (1, 2, 3)), Way(id=1, nodes=[1, 2, 3], tags=ROAD)],
        [Way(id=1, nodes=[1, 2, 3], tags=ROAD), *map(pbf_node, (1, 2, 3))],
        [*map(pbf_node, (-1, -2, -3)), Way(id=-1, nodes=[-1, -2, -3], tags=ROAD)],
        [pbf_node(1), Way(id=1, nodes=[1, -7, 3], tags=ROAD), pbf_node(-7, place=2), pbf_node(3)],
        [*map(pbf_node, (1, 2, 3)), *[Way(id=1, version=1, nodes=[1, 2, 3], tags=ROAD)] * 2],
        [pbf_node(2**40, place=1), pbf_node(2**41, place=3), Way(id=1, nodes=[2**40, 2**41], tags=ROAD)],
    ],
    ids=["as usual", "ways first", "negative", "mixed", "twice", "big"],
)
def test_pbf_in_any_order_and_with_any_numbers(things: list[Node | Way], tmp_path: Path) -> None:
    roads, faults = roads_in(write_pbf(tmp_path / "roads.osm.pbf", things))
    assert roads["length_m"].round(0).to_list() == [2000]
    assert faults == []


@pytest.mark.parametrize("form", ["osh.pbf", "osm.pbf", "osm"])
def test_of_a_history_the_newest_versions_count(form: str, tmp_path: Path) -> None:
    things = [
        pbf_node(1, version=1),
        pbf_node(2, place=4, version=1),
        pbf_node(2, version=2),
        pbf_node(3, version=1),
        Way(id=1, version=1, nodes=[1, 2], tags=ROAD),
        Way(id=1, version=2, nodes=[1, 2, 3], tags=ROAD),
        Way(id=2, version=1, nodes=[2, 3], tags=ROAD),
        Way(id=2, version=2, visible=False),
    ]
    roads, faults = roads_in(write_pbf(tmp_path / "roads.osm.pbf", things, form=form))
    assert roads["length_m"].round(0).to_list() == [2000]
    assert faults == []


def test_xml_and_pbf_give_the_same_places_to_the_last_bit(tmp_path: Path) -> None:
    things = [*map(pbf_node, PLACES), Way(id=1, nodes=[1, 2, 3, 4], tags=ROAD)]
    in_pbf = import_roads(LayerSpec("roads", write_pbf(tmp_path / "a.osm.pbf", things)))[0]
    in_xml = import_roads(LayerSpec("roads", write_pbf(tmp_path / "a.osm", things)))[0]
    np.testing.assert_array_equal(in_pbf.lon, in_xml.lon)
    np.testing.assert_array_equal(in_pbf.lat, in_xml.lat)
