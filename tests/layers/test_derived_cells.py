"""A county without cells of its own: every place gets one or is named, and degrees do not move the borders."""

from __future__ import annotations

import csv
from pathlib import Path

from toy_county import lon_lat, write_geojson, write_grid_pbf

from gis.faults import Fault
from gis.grid import CellIndex
from layers.build import build_county
from layers.county import open_county

PLACES = {
    "371499001001": ("东庄", 0.5, 0.0),
    "371499001002": ("西庄", 1.5, 0.0),
    "371499001003": ("南庄", 3.5, 0.0),
}


def build(
    folder: Path, places: dict[str, tuple[str, float, float]], *, more: str = ""
) -> tuple[list[Fault], CellIndex]:
    write_grid_pbf(folder / "roads.osm.pbf", columns=5, rows=2, main_row=0)
    with (folder / "villages.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["id", "name", "lon", "lat", "resident"])
        table.writerows([id_, name, *lon_lat(x, y), 100] for id_, (name, x, y) in places.items())
    (folder / "county.toml").write_text(
        '[county]\nname = "试验县"\ncode = "371499"\n[layers.roads]\nsource = "roads.osm.pbf"\n'
        f'[layers.villages]\nsource = "villages.csv"\n{more}',
        encoding="utf-8",
    )
    report = build_county(folder / "county.toml", data_dir=folder / "data")
    found = [fault for fault in report.faults if fault.code != "snap-distances"]
    return found, CellIndex(open_county(folder / "data").layer("cells"))


def test_borders_lie_halfway_between_the_villages(tmp_path: Path) -> None:
    faults, cells = build(tmp_path, PLACES)
    assert faults == []
    found = {x: cells.cell_at(*lon_lat(x, 0)) for x in (0.3, 0.999, 1.001, 2.499, 2.501)}
    one, two, three = (f"{id_}001" for id_ in PLACES)
    assert list(found.values()) == [one, one, two, two, three]


def test_two_villages_on_one_point_are_both_named(tmp_path: Path) -> None:
    faults, _ = build(tmp_path, PLACES | {"371499001004": ("北庄", 1.5, 0.0)})
    [fault] = [fault for fault in faults if fault.code == "unit-without-ground"]
    assert (fault.layer, fault.row, fault.value, fault.severity) == ("villages", 5, "371499001004", "warning")
    assert fault.params == {"name": "北庄", "other": "西庄", "other_id": "371499001002"}


def test_an_id_without_code_is_named_with_the_code_it_got_and_the_others_keep_theirs(tmp_path: Path) -> None:
    faults, cells = build(tmp_path, {"新村": ("新村", 2.5, 1.0)} | PLACES)
    odd, fault = faults
    assert (odd.code, odd.row) == ("odd-id", 2)
    assert (fault.code, fault.layer, fault.row, fault.field) == ("cell-code-made", "villages", 2, "id")
    assert fault.params == {"name": "新村", "code": "371499001004001"}
    assert cells.cell_at(*lon_lat(2.5, 1.0)) == "371499001004001"
    assert cells.cell_at(*lon_lat(0.5, 0.0)) == "371499001001001"


def test_borders_cross_the_road_where_they_should_in_a_county_60_km_wide(tmp_path: Path) -> None:
    """A line straight in metres bends by metres in degrees."""
    around = [(-30.0, -0.5), (30.0, -0.5), (30.0, 1.5), (-30.0, 1.5), (-30.0, -0.5)]
    polygon = {"type": "Polygon", "coordinates": [[lon_lat(*corner) for corner in around]]}
    write_geojson(tmp_path / "county.geojson", [{"name": "试验县", "geometry": polygon}])
    places = {"371499001001": ("南庄", 2.0, 0.0), "371499001002": ("北庄", 2.0, 1.0)}
    _, cells = build(tmp_path, places, more='[layers.county]\nsource = "county.geojson"\n')
    for x in (0.0, 2.0, 4.0):
        found = [cells.cell_at(*lon_lat(x, y)) for y in (0.4996, 0.5004)]
        assert found == ["371499001001001", "371499001002001"], x


def test_a_township_without_roads_is_said_to_follow_the_straight_line(tmp_path: Path) -> None:
    areas = [
        {"id": f"37149900{k}", "name": name, "geometry": {"type": "Polygon", "coordinates": [ring(*y)]}}
        for k, (name, *y) in enumerate((("南镇", -0.5, 1.5), ("北乡", 1.5, 3.0)), start=1)
    ]
    write_geojson(tmp_path / "townships.geojson", areas)
    hills = {"371499002001": ("山庄", 1.0, 2.0), "371499002002": ("岭庄", 3.0, 2.0)}
    faults, cells = build(tmp_path, PLACES | hills, more='[layers.townships]\nsource = "townships.geojson"\n')
    [fault] = [fault for fault in faults if fault.code == "township-without-road"]
    assert (fault.value, fault.severity) == ("北乡", "warning")
    assert fault.params == {"count": 2, "names": "山庄、岭庄"}
    assert cells.cell_at(*lon_lat(1.99, 2.5)) == "371499002001001"
    assert cells.cell_at(*lon_lat(2.01, 2.5)) == "371499002002001"


def ring(south: float, north: float) -> list[tuple[float, float]]:
    corners = [(-0.5, south), (4.5, south), (4.5, north), (-0.5, north), (-0.5, south)]
    return [lon_lat(*corner) for corner in corners]
