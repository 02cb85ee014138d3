"""Datums that were declared wrongly: named where the roads or the townships tell, and never suspected without cause."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import shapely
from broken_county import edit_cell, edit_text
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from pyproj import Transformer
from toy_county import VILLAGES, lon_lat, write_toy_county

from gis.crs import Datum, from_wgs84, to_wgs84
from gis.faults import Fault, FaultsError
from layers.build import build_county, check_county
from layers.checks.positions import check_datum
from layers.county_spec import CountySpec, LayerSpec
from layers.imported_county import ImportedCounty
from layers.imported_layer import ImportedLayer

CRS, EAST, NORTH, SIDE_M = "EPSG:4548", 490_000.0, 4_117_000.0, 20_000.0
DATUMS: tuple[Datum, ...] = ("WGS84", "GCJ02", "BD09")
Floats = NDArray[np.float64]


def winding_roads(rng: np.random.Generator, count: int = 60) -> list[shapely.LineString]:
    """Roads across a county of 20 km, each a random walk of 300 m steps."""
    roads = []
    for _ in range(count):
        start, heading = rng.uniform(0, SIDE_M, 2), rng.uniform(0, 2 * np.pi)
        turns = heading + np.cumsum(rng.normal(0, 0.25, 40))
        steps = 300.0 * np.column_stack([np.cos(turns), np.sin(turns)])
        roads.append(shapely.LineString(start + np.cumsum(steps, axis=0) + (EAST, NORTH)))
    return roads


def beside(
    roads: list[shapely.LineString], rng: np.random.Generator, *, count: int, off_m: float
) -> tuple[Floats, Floats]:
    """Longitudes and latitudes of places along the roads, up to so many metres off."""
    points = [
        shapely.line_interpolate_point(roads[rng.integers(len(roads))], rng.uniform(), normalized=True)
        for _ in range(count)
    ]
    xy = shapely.get_coordinates(points)
    turn, radius = rng.uniform(0, 2 * np.pi, count), rng.uniform(0, off_m, count)
    lon, lat = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True).transform(
        xy[:, 0] + radius * np.cos(turn), xy[:, 1] + radius * np.sin(turn)
    )
    return lon, lat


def layer(name: str, geometry: object, *, declared: Datum, really: Datum) -> ImportedLayer:
    """A layer whose file is really in one datum but was read as if in another."""
    moved = shapely.transform(
        geometry,
        lambda xy: np.column_stack(to_wgs84(*from_wgs84(xy[:, 0], xy[:, 1], datum=really), datum=declared)),
    )
    frame = GeoDataFrame({"name": ["某"] * len(moved)}, geometry=moved, crs="EPSG:4490")
    frame.index = frame.index.astype(str)
    return ImportedLayer(LayerSpec(name, Path(f"{name}.csv"), datum=declared), frame, np.arange(len(frame)) + 2)


def county(*layers: ImportedLayer) -> ImportedCounty:
    named = {one.spec.name: one for one in layers}
    spec = CountySpec(Path("county.toml"), "某县", "371499", CRS, "", {k: v.spec for k, v in named.items()}, {})
    return ImportedCounty(spec, CRS, named)


def degrees(roads: list[shapely.LineString]) -> NDArray[np.object_]:
    to_degrees = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
    return np.asarray(shapely.transform(np.array(roads), lambda xy: np.column_stack(to_degrees.transform(*xy.T))))


def said(
    name: str, *, declared: Datum, really: Datum, count: int = 60, off_m: float = 60, seed: int = 1, **roads: Datum
) -> list[Fault]:
    rng = np.random.default_rng(seed)
    lines = winding_roads(rng)
    points = shapely.points(*beside(lines, rng, count=count, off_m=off_m))
    road_layer = layer(
        "roads", degrees(lines), declared=roads.get("of_roads", "WGS84"), really=roads.get("roads_really", "WGS84")
    )
    return check_datum(county(road_layer, layer(name, points, declared=declared, really=really)))


@pytest.mark.parametrize("name", ["villages", "neighbourhoods", "facilities"])
@pytest.mark.parametrize(("declared", "really"), [pair for pair in product(DATUMS, repeat=2) if pair[0] != pair[1]])
def test_every_wrong_datum_of_every_layer_is_named(name: str, declared: Datum, really: Datum) -> None:
    [fault] = said(name, declared=declared, really=really)
    assert (fault.code, fault.layer, fault.severity) == (f"suspected-{really.lower()}", name, "warning")
    assert fault.value == declared
    assert fault.params["unshifted_m"] < fault.params["declared_m"] / 2


@pytest.mark.parametrize(
    ("declared", "really"), [("WGS84", "GCJ02"), ("WGS84", "BD09"), ("GCJ02", "WGS84"), ("BD09", "GCJ02")]
)
def test_roads_in_another_datum_are_named(declared: Datum, really: Datum) -> None:
    faults = said("villages", declared="WGS84", really="WGS84", of_roads=declared, roads_really=really)
    assert [(f.code, f.layer, f.params["datum"]) for f in faults] == [("suspected-road-datum", "roads", really)]


@pytest.mark.parametrize("off_m", [0, 50, 200, 400, 800, 3000])
@pytest.mark.parametrize("count", [5, 8, 30, 200])
def test_right_datums_are_not_suspected(off_m: float, count: int) -> None:
    for seed, datum in product(range(2), DATUMS):
        assert said("villages", declared=datum, really=datum, count=count, off_m=off_m, seed=seed) == []


@pytest.mark.parametrize(
    ("count", "off_m", "seed"), [(5, 400, 24), (5, 800, 17), (6, 3000, 11), (8, 3000, 4), (12, 3000, 15)]
)
def test_what_few_places_show_by_luck_is_not_believed(count: int, off_m: float, seed: int) -> None:
    assert said("villages", declared="WGS84", really="WGS84", count=count, off_m=off_m, seed=seed) == []


@pytest.mark.parametrize("apart_m", [160.0, 180.0, 200.0])
def test_where_streets_repeat_every_other_shift_fits_as_well(apart_m: float) -> None:
    rng = np.random.default_rng(3)
    ticks = np.arange(0, 6000, apart_m)
    streets = [shapely.LineString([(EAST + t, NORTH), (EAST + t, NORTH + 6000)]) for t in ticks]
    lon, lat = beside(streets, rng, count=60, off_m=25)
    points = shapely.points(*from_wgs84(lon, lat, datum="GCJ02"))
    roads = layer("roads", degrees(streets), declared="WGS84", really="WGS84")
    assert check_datum(county(roads, layer("villages", points, declared="WGS84", really="WGS84"))) == []


def test_cgcs2000_is_taken_as_wgs84() -> None:
    assert said("villages", declared="CGCS2000", really="WGS84") == []
    assert [fault.code for fault in said("villages", declared="CGCS2000", really="BD09")] == ["suspected-bd09"]


def move_villages(folder: Path, datum: Datum, spread_km: float) -> None:
    """Write the toy villages in another datum, each so far apart from the middle of its township's border."""
    for row, unit in enumerate(VILLAGES.values(), start=2):
        x = 2.0 - spread_km if unit[1] == "T1" else 2.0 + spread_km
        lon, lat = from_wgs84(*np.array([lon_lat(x, unit[3])]).T, datum=datum)
        edit_cell(row, "lon", f"{lon[0]:.9f}")(folder)
        edit_cell(row, "lat", f"{lat[0]:.9f}")(folder)


def test_places_outside_their_townships_get_one_leading_fault(tmp_path: Path) -> None:
    folder = write_toy_county(tmp_path / "source").parent
    edit_text("\n[county.totals]\nresident = 3900\n", "")(folder)
    document = json.loads((folder / "townships.geojson").read_text(encoding="utf-8"))
    for feature, x in zip(document["features"], (1.0, 3.0), strict=True):  # two narrow townships around their villages
        corners = [(x - 0.2, -1), (x + 0.2, -1), (x + 0.2, 4), (x - 0.2, 4), (x - 0.2, -1)]
        feature["geometry"]["coordinates"] = [[lon_lat(*corner) for corner in corners]]
    (folder / "townships.geojson").write_text(json.dumps(document), encoding="utf-8")
    edit_text('[layers.county]\nsource = "county.geojson"\n', "")(folder)
    edit_text('[layers.neighbourhoods]\nsource = "neighbourhoods.csv"\n', "")(folder)
    edit_text('[layers.roster]\nsource = "roster.xlsx"\n', "")(folder)
    edit_text('[layers.facilities]\nsource = "facilities.xlsx"\n', "")(folder)
    move_villages(folder, "BD09", 1.0)
    faults = check_county(folder / "county.toml")
    assert (faults[0].code, faults[0].severity, faults[0].layer) == ("suspected-bd09", "error", "villages")
    assert sum(fault.code == "outside-township" for fault in faults) >= 5
    edit_text("[layers.villages]\n", '[layers.villages]\ndatum = "BD09"\n')(folder)
    assert not [fault for fault in check_county(folder / "county.toml") if fault.severity == "error"]


@pytest.mark.parametrize(("written", "id_"), [("1", "00001"), ("t1", "T1")])
def test_references_that_lost_zeros_or_case_are_read_and_told(written: str, id_: str, tmp_path: Path) -> None:
    folder = write_toy_county(tmp_path / "source").parent
    if id_ == "T1":
        edit_cell(2, "township_id", written)(folder)
    else:
        (folder / "roster.csv").write_text("id,village_id,role,name\nP1,1,A,甲\nP2,2,A,乙\n", encoding="utf-8")
        edit_text('"roster.xlsx"', '"roster.csv"')(folder)
    faults = [fault for fault in check_county(folder / "county.toml") if fault.code == "id-read-as"]
    assert (faults[0].value, faults[0].params["read_as"], faults[0].severity) == (written, id_, "note")
    build_county(folder / "county.toml", data_dir=tmp_path / "data")


def test_references_that_could_mean_two_are_refused(tmp_path: Path) -> None:
    folder = write_toy_county(tmp_path / "source").parent
    edit_text('"id": "T1"', '"id": "Ab"', "townships.geojson")(folder)
    edit_text('"id": "T2"', '"id": "aB"', "townships.geojson")(folder)
    for file in ("villages.csv", "neighbourhoods.csv"):
        edit_text(",T1,", ",Ab,", file)(folder)
    edit_text(",T2,", ",aB,", "villages.csv")(folder)
    edit_text('[layers.facilities]\nsource = "facilities.xlsx"\n', "")(folder)
    build_county(folder / "county.toml", data_dir=tmp_path / "data")
    edit_cell(2, "township_id", "AB")(folder)
    with pytest.raises(FaultsError) as raised:
        build_county(folder / "county.toml", data_dir=tmp_path / "data")
    assert [fault.code for fault in raised.value.faults if fault.severity == "error"] == ["unknown-reference"]
