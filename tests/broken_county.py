"""Ways to spoil the files of the toy county."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import osmium
import shapely
from geopandas import GeoDataFrame
from toy_county import lon_lat, write_geojson, write_grid_pbf

Change = Callable[[Path], None]


def edit_cell(row: int, column: str, value: str, file: str = "villages.csv") -> Change:
    """Change one cell, the row counted as a spreadsheet does."""

    def change(folder: Path) -> None:
        with (folder / file).open(encoding="utf-8", newline="") as lines:
            records = list(csv.DictReader(lines))
        records[row - 2][column] = value
        with (folder / file).open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, fieldnames=list(records[0]))
            writer.writeheader()
            writer.writerows(records)

    return change


def edit_text(old: str, new: str, file: str = "county.toml") -> Change:
    def change(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")

    return change


def write_bytes(file: str, content: bytes) -> Change:
    return lambda folder: (folder / file).write_bytes(content) and None


def truncate_pbf(folder: Path) -> None:
    content = (folder / "roads.osm.pbf").read_bytes()
    (folder / "roads.osm.pbf").write_bytes(content[: len(content) * 2 // 3])


def swap_lon_lat(folder: Path) -> None:
    text = (folder / "villages.csv").read_text(encoding="utf-8")
    (folder / "villages.csv").write_text(text.replace(",lon,lat,", ",lat,lon,"), encoding="utf-8")


def keep_header_only(folder: Path) -> None:
    text = (folder / "villages.csv").read_text(encoding="utf-8")
    (folder / "villages.csv").write_text(text.splitlines()[0] + "\n", encoding="utf-8")


def tie_bow(folder: Path) -> None:
    document = json.loads((folder / "townships.geojson").read_text(encoding="utf-8"))
    ring = document["features"][0]["geometry"]["coordinates"][0]
    ring[1], ring[2] = ring[2], ring[1]
    (folder / "townships.geojson").write_text(json.dumps(document), encoding="utf-8")


def undecodable(folder: Path) -> None:
    content = (folder / "villages.csv").read_bytes()
    (folder / "villages.csv").write_bytes(content.replace("西庄".encode(), b"\xe8\xa5\xbf\xff\xff\xfe"))


def cut_bridges(folder: Path) -> None:
    """Leave the east bank without any way across the river."""
    old, new = folder / "roads.osm.pbf", folder / "cut.osm.pbf"
    with osmium.SimpleWriter(str(new)) as writer:
        for element in osmium.FileProcessor(str(old)):
            if "bridge" not in element.tags:
                writer.add(element)
    old.unlink()
    new.rename(old)


def folder_for_file(folder: Path) -> None:
    (folder / "villages.csv").unlink()
    (folder / "villages.csv").mkdir()


def far_village(x_km: float, y_km: float) -> Change:
    def change(folder: Path) -> None:
        lon, lat = lon_lat(x_km, y_km)
        edit_cell(2, "lon", str(lon))(folder)
        edit_cell(2, "lat", str(lat))(folder)

    return change


def projected_geojson(folder: Path) -> None:
    frame = GeoDataFrame({"name": ["县"]}, geometry=[shapely.box(489e3, 4116e3, 495e3, 4121e3)])
    write_geojson(folder / "county.geojson", [{"name": "县", "geometry": frame.geometry[0].__geo_interface__}])


def sparse_roads(folder: Path) -> None:
    write_grid_pbf(folder / "roads.osm.pbf", columns=2, rows=2, main_row=0, river_x_km=0.5)
