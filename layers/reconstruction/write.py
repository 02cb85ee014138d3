"""Write Linyi as a folder of ordinary files, which are imported like anyone's."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from openpyxl import Workbook

from layers.reconstruction.communities import name_settlements
from layers.reconstruction.facilities import place_facilities
from layers.reconstruction.facts import COUNTY_CODE, COUNTY_NAME, GEOGRAPHIC_CRS, METRIC_CRS, LinyiFacts, read_facts
from layers.reconstruction.main_roads import draw_main_roads, place_seats
from layers.reconstruction.noding import NodedRoads
from layers.reconstruction.osm_files import write_osm
from layers.reconstruction.population import share_people
from layers.reconstruction.rivers import draw_rivers
from layers.reconstruction.road_network import build_roads
from layers.reconstruction.roster import make_roster
from layers.reconstruction.settlements import place_settlements, short_township_name
from layers.reconstruction.townships import partition_townships

SEED = 371424


def write_linyi(folder: Path, *, seed: int = SEED) -> Path:
    """Reconstruct the county and write it.

    Parameters
    ----------
    folder
        Made if it does not exist; files of the same names are replaced.
    seed
        The same seed gives the same tables and geometry, another seed another county of the
        same facts.

    Returns
    -------
    Path
        ``county.toml`` in the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    facts = read_facts()
    draw, place, people, build, equip = np.random.default_rng(seed).spawn(5)
    townships = partition_townships(facts, rng=draw)
    rivers = draw_rivers(facts.outline, rng=draw)
    seats = place_seats(rng=draw)
    main_roads = draw_main_roads(seats, facts.outline, rng=draw)
    settlements = place_settlements(
        townships,
        facts.village_counts(),
        seats,
        rivers=rivers.geometry.to_numpy(),
        main_roads=np.array([road.line for road in main_roads]),
        rng=place,
    )
    units = name_settlements(settlements, facts, rng=place)
    units = units.join(share_people(units, facts, rng=people))
    crossroads = {str(code): seats[short_township_name(name)] for code, name in facts.townships["name"].items()}
    roads = build_roads(
        units, main_roads=main_roads, crossroads=crossroads, rivers=rivers.geometry, outline=facts.outline, rng=build
    )
    _write_areas(folder, townships)
    _write_units(folder, units, facts)
    write_osm(folder / "roads.osm.pbf", xy=roads.xy, ways=zip(roads.rows, _road_tags(roads), strict=True))
    _write_rivers(folder / "rivers.osm.pbf", rivers)
    facilities = _with_degrees(place_facilities(units, facts.townships, rng=equip))
    _write_sheet(folder / "facilities.xlsx", "facilities", facilities)
    _write_sheet(folder / "roster.xlsx", "roster", make_roster(units, rng=equip))
    return _write_description(folder)


def _write_areas(folder: Path, townships: gpd.GeoDataFrame) -> None:
    """Write both levels from the same vertices, so that they agree to the last digit.

    The county's ring is the real one with a vertex added wherever a township border meets it.
    """
    degrees = townships.to_crs(GEOGRAPHIC_CRS)
    degrees.geometry = shapely.transform(degrees.geometry.to_numpy(), lambda xy: np.round(xy, 8))
    degrees = degrees.rename_axis("id").reset_index()
    degrees.to_file(folder / "townships.gpkg", layer="townships", driver="GPKG")
    ring = shapely.coverage_union_all(degrees.geometry.to_numpy())
    properties = {"id": COUNTY_CODE, "name": COUNTY_NAME}
    feature = {"type": "Feature", "properties": properties, "geometry": shapely.geometry.mapping(ring)}
    text = json.dumps({"type": "FeatureCollection", "features": [feature]}, ensure_ascii=False)
    (folder / "county.geojson").write_text(text + "\n", encoding="utf-8")


def _write_units(folder: Path, units: pd.DataFrame, facts: LinyiFacts) -> None:
    table = _with_degrees(units.rename_axis("id").reset_index())
    table["name"] = table["short_name"]
    table["township_id"] = table["township_code"]
    table["township"] = table["township_id"].map(facts.townships["name"])
    people = ["resident", "registered", "age_60_plus", "age_65_plus", "age_80_plus", "age_5_14"]
    columns = ["id", "name", "official_name", "township_id", "township", "community", "lon", "lat", *people]
    for name, kind in (("villages", "村委会"), ("neighbourhoods", "居委会")):
        rows = table.loc[table["kind"] == kind, columns]
        rows.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8")


def _road_tags(roads: NodedRoads) -> list[dict[str, str]]:
    flags = [("oneway", road.oneway) for road in roads.roads], [("bridge", road.bridge) for road in roads.roads]
    return [
        {"highway": road.road_class, **({"name": road.name} if road.name else {}), **{k: "yes" for k, on in pair if on}}
        for road, *pair in zip(roads.roads, *flags, strict=True)
    ]


def _write_rivers(path: Path, rivers: gpd.GeoDataFrame) -> None:
    lines = rivers.geometry.to_numpy()
    start = np.concatenate([[0], np.cumsum(shapely.get_num_coordinates(lines))])
    ways = [
        (list(range(start[k], start[k + 1])), {"waterway": "river", "name": name})
        for k, name in enumerate(rivers["name"])
    ]
    write_osm(path, xy=shapely.get_coordinates(lines), ways=ways)


def _with_degrees(table: pd.DataFrame) -> pd.DataFrame:
    """Replace ``x``, ``y`` in metres by ``lon``, ``lat`` in degrees, to the centimetre."""
    points = gpd.points_from_xy(table["x"], table["y"], crs=METRIC_CRS).to_crs(GEOGRAPHIC_CRS)
    degrees = pd.DataFrame({"lon": np.round(points.x, 7), "lat": np.round(points.y, 7)}, index=table.index)
    at = table.columns.get_loc("x")
    rest = table.drop(columns=["x", "y"])
    return pd.concat([rest.iloc[:, :at], degrees, rest.iloc[:, at:]], axis=1)


def _write_sheet(path: Path, title: str, table: pd.DataFrame) -> None:
    book = Workbook()
    book.properties.created = book.properties.modified = datetime(2020, 6, 30, tzinfo=UTC).replace(tzinfo=None)
    sheet = book.active
    sheet.title = title
    sheet.append(list(table.columns))
    for row in table.astype(object).where(table.notna(), None).itertuples(index=False):
        sheet.append(list(row))
    book.save(path)


def _write_description(folder: Path) -> Path:
    """Copy the hand-written ``county.toml`` that describes these files."""
    path = folder / "county.toml"
    text = files("layers.data.linyi").joinpath("county.toml").read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    return path
