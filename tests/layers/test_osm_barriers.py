"""Barriers on nodes and ferries between shores: ordinary pieces of road that some pass and others do not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_county import lon_lat

from gis.road_network import network_from_roads
from gis.road_speeds import may_be_joined
from gis.travel_modes import MODES, VEHICLES
from layers.county_spec import LayerSpec
from layers.sources.importing import import_roads
from layers.sources.osm.access import blocked_at
from layers.sources.osm.ferries import SAILING_KMH, WAIT_S
from layers.sources.ways import node_ways

PLACES = {1: (0.0, 0.0), 2: (1.0, 0.0), 3: (2.0, 0.0), 4: (1.0, 1.0), 5: (1.0, 0.0), 6: (3.0, 0.0)}
MODE_OF = {"foot": "walk", "bicycle": "e-bike", "motorcar": "car"}
Tagged = dict[int, str]


def as_tags(text: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in text.split())


def xml_tags(text: str) -> str:
    return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in as_tags(text).items())


def roads_of(folder: Path, ways: list[tuple[list[int], str]], nodes: Tagged | None = None, places=None):
    parts = []
    for number, (x, y) in (places or PLACES).items():
        lon, lat = lon_lat(x, y)
        tags = xml_tags((nodes or {}).get(number, ""))
        parts.append(f'<node id="{number}" lon="{lon}" lat="{lat}">{tags}</node>')
    for number, (refs, tags) in enumerate(ways, 1):
        nds = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        parts.append(f'<way id="{number}">{nds}{xml_tags(tags)}</way>')
    (folder / "roads.osm").write_text(f'<osm version="0.6">{"".join(parts)}</osm>', encoding="utf-8")
    ways_read, _ = import_roads(LayerSpec("roads", folder / "roads.osm"))
    return node_ways(ways_read, projected="EPSG:4548", geographic="EPSG:4490").to_crs("EPSG:4548")


def connected(roads, mode: str) -> set[tuple[int, int]]:
    """Pairs of whole-kilometre places that the mode gets from and to, places as 10 x + y."""
    network = network_from_roads(roads, mode=MODES[mode])
    n = network.x.size
    reach = np.eye(n, dtype=bool)
    reach[network.tail[network.passable], network.head[network.passable]] = True
    for _ in range(n):
        reach |= (reach.astype(np.int64) @ reach.astype(np.int64)) > 0
    west, south = network.x.min(), network.y.min()
    place = {}
    for node in range(n):
        km = (network.x[node] - west) / 1000, (network.y[node] - south) / 1000
        if np.abs(np.subtract(km, np.round(km))).max() < 1e-6 * 2:
            place[node] = round(km[0]) * 10 + round(km[1])
    return {(place[a], place[b]) for a in place for b in place if place[a] != place[b] and reach[a, b]}


ROAD = "highway=tertiary"


@pytest.mark.parametrize("node", [2, 1, 3])
@pytest.mark.parametrize("ways", [[([1, 2, 3], ROAD)], [([1, 2], ROAD), ([2, 3], ROAD)]])
def test_a_bollard_stops_cars_wherever_on_the_way_it_stands(node: int, ways, tmp_path: Path) -> None:
    roads = roads_of(tmp_path, ways, {node: "barrier=bollard"})
    at = int(PLACES[node][0]) * 10
    assert not any(at in pair for pair in connected(roads, "car"))
    everywhere = {(a, b) for a in (0, 10, 20) for b in (0, 10, 20) if a != b}
    free = {pair for pair in everywhere if at not in pair}
    assert {(0, 20), (20, 0)} & connected(roads, "car") == (set() if node == 2 else {(0, 20), (20, 0)} & free)
    assert roads.index.is_unique
    assert roads["length_m"].sum() == pytest.approx(2000, abs=0.05)
    assert roads["length_m"].min() == pytest.approx(0.01, rel=0.01)
    for mode in ("walk", "e-bike"):
        assert {(0, 20), (20, 0)} <= connected(roads, mode)


def test_a_barrier_at_a_junction_stops_every_arm(tmp_path: Path) -> None:
    ways = [([1, 2, 3], ROAD), ([2, 4], ROAD)]
    assert connected(roads_of(tmp_path, ways, {2: "barrier=block"}), "car") == set()
    assert len(connected(roads_of(tmp_path, ways), "car")) == 12


def test_two_barriers_a_step_apart(tmp_path: Path) -> None:
    places = PLACES | {2: (1.0, 0.0), 5: (1.000_01, 0.0)}  # a centimetre
    roads = roads_of(tmp_path, [([1, 2, 5, 3], ROAD)], {2: "barrier=block", 5: "barrier=block"}, places)
    assert (0, 20) not in connected(roads, "car")
    assert (0, 20) in connected(roads, "walk")
    assert roads["length_m"].min() > 0


def test_a_barrier_drawn_twice_on_one_spot(tmp_path: Path) -> None:
    roads = roads_of(tmp_path, [([1, 2, 5, 3], ROAD), ([2, 4], ROAD)], {5: "barrier=bollard"})
    assert connected(roads, "car") == set()
    assert len(connected(roads, "walk")) == 12


def test_a_road_that_is_closed_anyway_is_not_cut(tmp_path: Path) -> None:
    roads = roads_of(tmp_path, [([1, 2, 3], "highway=footway")], {2: "barrier=bollard"})
    assert len(roads) == 1


def test_attributes_stay_on_all_pieces(tmp_path: Path) -> None:
    way = "highway=primary oneway=yes maxspeed=50 oneway:bicycle=no"
    roads = roads_of(tmp_path, [([1, 2, 3], way)], {2: "barrier=bollard"})
    assert roads.index.to_list() == ["w1-0", "w1-1", "w1-2", "w1-3"]
    assert roads["motorcar"].to_list() == ["", "no", "no", ""]
    assert roads["bicycle"].to_list() == ["both"] * 4
    assert roads["speed_kmh"].to_list() == [50] * 4
    assert roads["oneway"].all()


@pytest.mark.parametrize(
    ("text", "stopped"),
    [
        ("barrier=bollard", "motorcar"),
        ("barrier=block", "motorcar"),
        ("barrier=jersey_barrier", "motorcar"),
        ("barrier=cycle_barrier", "motorcar"),
        ("barrier=something_new", "motorcar"),
        ("barrier=bollard bollard=rising", ""),
        ("barrier=bollard motor_vehicle=yes", ""),
        ("barrier=bollard bicycle=no", "bicycle motorcar"),
        ("barrier=bollard access=yes", ""),
        ("barrier=gate", ""),
        ("barrier=gate access=private", ""),  # people live behind it
        ("barrier=gate access=no", "foot bicycle motorcar"),
        ("barrier=gate access=no foot=yes", "bicycle motorcar"),
        ("barrier=gate motor_vehicle=no", "motorcar"),
        ("barrier=gate vehicle=no", "bicycle motorcar"),
        ("barrier=gate locked=yes", "foot bicycle motorcar"),
        ("barrier=gate locked=yes foot=yes bicycle=yes", "motorcar"),  # GraphHopper 2538: what is said goes first
        ("barrier=lift_gate", ""),
        ("barrier=swing_gate motorcar=agricultural", "motorcar"),
        ("barrier=stile", "bicycle motorcar"),
        ("barrier=turnstile", "bicycle motorcar"),
        ("barrier=kissing_gate bicycle=yes", "motorcar"),
        ("barrier=wall", "foot bicycle motorcar"),
        ("barrier=fence foot=yes", "bicycle motorcar"),
        ("barrier=toll_booth", ""),
        ("barrier=cattle_grid", ""),
        ("barrier=height_restrictor", ""),
        ("barrier=kerb", "motorcar"),
        ("barrier=kerb kerb=lowered", ""),
        ("barrier=kerb highway=crossing", ""),
        ("barrier=entrance", ""),
        ("barrier=no", ""),
        ("access=no", "foot bicycle motorcar"),
        ("highway=gate motor_vehicle=no", "motorcar"),
        ("highway=crossing bicycle=no", ""),  # who may cross, not who may pass along
        ("highway=traffic_signals", ""),
        ("foot=no", "foot"),
    ],
)
def test_whom_a_node_stops(text: str, stopped: str) -> None:
    assert blocked_at(as_tags(text)) == set(stopped.split())


@given(
    refs=st.lists(st.integers(1, 6), min_size=2, max_size=7),
    barriers=st.sets(st.integers(1, 6)),
    kind=st.sampled_from(["bollard", "stile", "wall"]),
)
def test_a_barrier_takes_nothing_from_whom_it_lets_pass(tmp_path_factory, refs, barriers, kind) -> None:
    folder = tmp_path_factory.mktemp("barriers")
    ways = [(refs, ROAD), *(([a, b], ROAD) for a, b in ((1, 3), (3, 6), (6, 4), (4, 2)))]
    with_barriers = roads_of(folder, ways, dict.fromkeys(barriers, f"barrier={kind}"))
    without = roads_of(folder, ways)
    stopped = blocked_at({"barrier": kind})
    for vehicle in VEHICLES:
        mode = MODE_OF[vehicle]
        if vehicle not in stopped:
            assert connected(with_barriers, mode) == connected(without, mode)
        else:
            assert connected(with_barriers, mode) <= connected(without, mode)
    assert with_barriers["length_m"].sum() == pytest.approx(without["length_m"].sum(), abs=0.01)
    assert with_barriers.index.is_unique
    assert (with_barriers["length_m"] > 0).all()


def ferry_minutes(roads, mode: str = "walk") -> list[float | None]:
    of_ferry = roads[roads["road_class"] == "ferry"]
    network = network_from_roads(of_ferry.assign(u=0, v=1), mode=MODES[mode])
    hours = of_ferry["length_m"].to_numpy() / 1000 / of_ferry["speed_kmh"].to_numpy()
    is_open = network.passable[::2]
    return [round(60 * h, 2) if o else None for h, o in zip(hours, is_open, strict=True)]


SHORES = [([1, 2], ROAD), ([3, 6], ROAD)]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("route=ferry", 60 / SAILING_KMH + WAIT_S / 60),
        ("route=ferry duration=00:10", 10 + WAIT_S / 60),
        ("route=ferry duration=00:10 interval=00:20", 20),
        ("route=ferry duration=PT10M interval=PT1H", 40),
        ("route=ferry interval=20", 6 + 10),
        ("route=ferry duration=02:00 interval=04:00", 240),  # 0.25 km/h and still not dropped
    ],
)
def test_a_ferry_takes_its_crossing_and_half_its_interval(text: str, minutes: float, tmp_path: Path) -> None:
    roads = roads_of(tmp_path, [*SHORES, ([2, 3], text)])
    assert ferry_minutes(roads) == pytest.approx([minutes], abs=0.02)
    assert ferry_minutes(roads, "car") == [None]
    assert (0, 30) in connected(roads, "walk")
    assert (0, 30) not in connected(roads, "car")


def test_every_mode_crosses_in_the_same_time(tmp_path: Path) -> None:
    roads = roads_of(tmp_path, [*SHORES, ([2, 3], "route=ferry duration=00:10 motor_vehicle=yes bicycle=yes")])
    only = roads[roads["road_class"] == "ferry"].assign(u=0, v=1)
    seconds = {int(network_from_roads(only, mode=MODES[m]).seconds[0]) for m in ("walk", "e-bike", "car", "elder-walk")}
    assert len(seconds) == 1


def test_a_crossing_drawn_in_parts_is_waited_for_once(tmp_path: Path) -> None:
    whole = roads_of(tmp_path, [*SHORES, ([2, 4, 3], "route=ferry")])
    parts = roads_of(tmp_path, [*SHORES, ([2, 4], "route=ferry"), ([4, 3], "route=ferry")])
    assert sum(ferry_minutes(parts)) == pytest.approx(sum(ferry_minutes(whole)), abs=0.02)
    landing = [*SHORES, ([2, 4], "route=ferry"), ([4, 3], "route=ferry"), ([4, 1], ROAD)]
    assert sum(ferry_minutes(roads_of(tmp_path, landing))) > sum(ferry_minutes(whole)) + 14


def test_nobody_boards_in_the_middle_of_the_river(tmp_path: Path) -> None:
    roads = roads_of(tmp_path, [*SHORES, ([2, 3], "route=ferry")])
    assert dict(zip(roads["road_class"], may_be_joined(roads), strict=True)) == {"tertiary": True, "ferry": False}
