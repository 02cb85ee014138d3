"""A county of 20 km² whose travel times everybody can work out by hand.

A grid of roads, junctions 1 km apart, five columns (x = 0…4 km) by four rows (y = 0…3 km):

* row y = 1 km is ``tertiary`` (a car drives 40 km/h: 90 s a kilometre),
* the other rows and all columns are ``residential`` (car 20 km/h: 180 s a kilometre;
  e-bike 18 km/h: 200 s; on foot 4.8 km/h: 750 s).

Every place stands on a junction, so nobody walks to the road. The western township reaches
to x = 2 km, where a river runs 500 m east of the border, crossed by the rows on bridges.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import osmium
from numpy.typing import NDArray
from openpyxl import Workbook
from osmium.osm.mutable import Node, Way
from pyproj import Transformer

CODE = "371499"
CRS = "EPSG:4548"
ORIGIN_M = (490_000.0, 4_117_000.0)
"""East and north of junction (0, 0) in EPSG:4548."""

COLUMNS, ROWS = 5, 4

VILLAGES = {
    # id: (name, township, x km, y km, resident, registered, 60+, 65+, 80+, 5–14)
    "00001": ("东庄", "T1", 0, 0, 500, 600, 100, 80, 10, 50),
    "00002": ("西庄", "T1", 0, 3, 400, 450, 90, 70, 12, 40),
    "00003": ("大王庄", "T1", 1, 1, 800, 900, 150, 110, 20, 80),
    "00004": ("大王庄", "T2", 3, 1, 700, 800, 140, 100, 18, 70),
    "00005": ("李家", "T2", 4, 0, 300, 350, 80, 60, 9, 25),
    "00006": ("河口", "T2", 4, 3, 200, 260, 60, 45, 8, 15),
}
NEIGHBOURHOODS = {"00007": ("府前社区", "T1", 2, 1, 1000, 1100, 130, 90, 15, 120)}
TOWNSHIPS = {"T1": ("河西镇", -0.5, 2.0), "T2": ("河东乡", 2.0, 4.5)}
FACILITIES = {
    # id: (name, kind, tier, township, x km, y km, beds)
    "F1": ("县民政服务中心", "county-centre", "county", "T1", 2, 1, ""),
    "F2": ("河西镇为民服务中心", "township-office", "township", "T1", 1, 1, ""),
    "F3": ("河东乡为民服务中心", "township-office", "township", "T2", 3, 1, ""),
    "F4": ("河西镇敬老院", "elder-home", "township", "T1", 0, 1, 40),
}
_UNIT_FIELDS = [
    "id",
    "name",
    "township_id",
    "lon",
    "lat",
    "resident",
    "registered",
    "age_60_plus",
    "age_65_plus",
    "age_80_plus",
    "age_5_14",
]

_COUNTY_TOML = f"""\
[county]
name = "示范县"
code = "{CODE}"
licence = "CC0-1.0"

[county.totals]
resident = 3900

[layers.county]
source = "county.geojson"

[layers.townships]
source = "townships.geojson"

[layers.villages]
source = "villages.csv"
licence = "CC0-1.0"
origin = "toy"
reconstructed = ["geometry", "resident"]

[layers.neighbourhoods]
source = "neighbourhoods.csv"

[layers.roads]
source = "roads.osm.pbf"

[layers.rivers]
source = "roads.osm.pbf"

[layers.facilities]
source = "facilities.xlsx"

[layers.roster]
source = "roster.xlsx"
"""


def write_toy_county(folder: Path) -> Path:
    """Write the county's files and return the path of its ``county.toml``."""
    folder.mkdir(parents=True, exist_ok=True)
    write_grid_pbf(folder / "roads.osm.pbf", columns=COLUMNS, rows=ROWS, main_row=1, river_x_km=2.5)
    _write_areas(folder)
    _write_csv(folder / "villages.csv", _UNIT_FIELDS, _unit_rows(VILLAGES))
    _write_csv(folder / "neighbourhoods.csv", _UNIT_FIELDS, _unit_rows(NEIGHBOURHOODS))
    _write_xlsx(folder / "facilities.xlsx", _facility_rows())
    _write_xlsx(folder / "roster.xlsx", _roster_rows())
    county_toml = folder / "county.toml"
    county_toml.write_text(_COUNTY_TOML, encoding="utf-8")
    return county_toml


def lon_lat(x_km: float, y_km: float) -> tuple[float, float]:
    """Degrees of a point given in kilometres east and north of junction (0, 0)."""
    lon, lat = _degrees(np.array([x_km]), np.array([y_km]))
    return round(float(lon[0]), 9), round(float(lat[0]), 9)


def write_grid_pbf(
    path: Path, *, columns: int, rows: int, main_row: int, river_x_km: float | None = None, bends: int = 0
) -> None:
    """Write a grid of roads, junctions 1 km apart, with ``bends`` further nodes between two junctions."""
    steps = bends + 1
    writer = osmium.SimpleWriter(str(path), overwrite=True)
    is_on_road: NDArray[np.bool_] = np.zeros(((columns - 1) * steps + 1, (rows - 1) * steps + 1), dtype=bool)
    is_on_road[::steps, :] = is_on_road[:, ::steps] = True
    number = np.cumsum(is_on_road.ravel()).reshape(is_on_road.shape)
    i, j = np.nonzero(is_on_road)
    lon, lat = _degrees(i / steps, j / steps)
    for node, position in enumerate(zip(lon, lat, strict=True), start=1):
        writer.add_node(Node(id=node, location=position))
    top = number.max()
    if river_x_km is not None:
        for k, y_km in enumerate((-0.5, 1.5, rows - 0.5)):
            writer.add_node(Node(id=int(top + 1 + k), location=lon_lat(river_x_km, y_km)))
    way = 0
    for row in range(rows):
        tags = {"highway": "tertiary" if row == main_row else "residential", "name": f"横{row}路"}
        for column in range(columns - 1):
            way += 1
            nodes = number[column * steps : (column + 1) * steps + 1, row * steps]
            bridge = {"bridge": "yes"} if river_x_km is not None and column < river_x_km < column + 1 else {}
            writer.add_way(Way(id=way, nodes=nodes.tolist(), tags=tags | bridge))
    for column in range(columns):
        way += 1
        tags = {"highway": "residential", "name": f"纵{column}路"}
        writer.add_way(Way(id=way, nodes=number[column * steps, number[column * steps] > 0].tolist(), tags=tags))
    if river_x_km is not None:
        nodes = [int(top + 1 + k) for k in range(3)]
        writer.add_way(Way(id=way + 1, nodes=nodes, tags={"waterway": "river", "name": "徒骇河"}))
    writer.close()


def _degrees(x_km: NDArray[np.float64], y_km: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    to_degrees = Transformer.from_crs(CRS, "EPSG:4490", always_xy=True)
    lon, lat = to_degrees.transform(ORIGIN_M[0] + x_km * 1000.0, ORIGIN_M[1] + y_km * 1000.0)
    return lon, lat


def _write_areas(folder: Path) -> None:
    south, north = -0.5, ROWS - 0.5
    county = [{"name": "示范县", "geometry": _rectangle((-0.5, 2.0, 4.5), south, north)}]
    townships = [
        {"id": id_, "name": name, "kind": name[-1], "geometry": _rectangle((west, east), south, north)}
        for id_, (name, west, east) in TOWNSHIPS.items()
    ]
    write_geojson(folder / "county.geojson", county)
    write_geojson(folder / "townships.geojson", townships)


def write_geojson(path: Path, features: list[dict[str, object]]) -> None:
    """Write features given as properties with a ``geometry``."""
    collection = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {key: value for key, value in feature.items() if key != "geometry"},
                "geometry": feature["geometry"],
            }
            for feature in features
        ],
    }
    path.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")


def _rectangle(xs: tuple[float, ...], south: float, north: float) -> dict[str, object]:
    ring = [(x, south) for x in xs] + [(x, north) for x in reversed(xs)] + [(xs[0], south)]
    return {"type": "Polygon", "coordinates": [[lon_lat(*point) for point in ring]]}


def _unit_rows(units: dict[str, tuple[object, ...]]) -> list[tuple[object, ...]]:
    return [(id_, name, township, *lon_lat(x, y), *counts) for id_, (name, township, x, y, *counts) in units.items()]


def _facility_rows() -> list[tuple[object, ...]]:
    header = ("id", "name", "kind", "tier", "township_id", "lon", "lat", "capacity", "status")
    rows = [
        (id_, name, kind, tier, township, *lon_lat(x, y), beds, "existing")
        for id_, (name, kind, tier, township, x, y, beds) in FACILITIES.items()
    ]
    return [header, *rows]


def _roster_rows() -> list[tuple[object, ...]]:
    """Return two people a unit; in village 00003 the grid worker (A) is off duty, in 00006 both are."""
    rows: list[tuple[object, ...]] = [("id", "village_id", "role", "name", "phone", "on_duty")]
    for unit in (*VILLAGES, *NEIGHBOURHOODS):
        for role in ("A", "B"):
            is_on_duty = not (unit == "00006" or (unit == "00003" and role == "A"))
            person = f"{unit}{role}"
            rows.append((person, unit, role, f"网格员{person}", f"1380000{unit[1:]}", "是" if is_on_duty else "否"))
    return rows


def _write_csv(path: Path, header: list[str], rows: list[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def _write_xlsx(path: Path, rows: list[tuple[object, ...]]) -> None:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
