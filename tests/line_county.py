"""The toy county with its roads as a layer of lines."""

from __future__ import annotations

from pathlib import Path

from broken_county import edit_text
from toy_county import COLUMNS, ROWS, lon_lat, write_geojson


def line(*points: tuple[float, float]) -> dict[str, object]:
    return {"type": "LineString", "coordinates": [lon_lat(*point) for point in points]}


def use_lines(source: Path, features: list[dict[str, object]], options: str = "") -> Path:
    write_geojson(source / "roads.geojson", features)
    roads = f'[layers.roads]\nsource = "roads.geojson"\n{options}'
    edit_text('[layers.roads]\nsource = "roads.osm.pbf"\n', roads)(source)
    return source / "county.toml"


def long_lines() -> list[dict[str, object]]:
    """Streets of the toy county as a draughtsman draws them: nine lines without a vertex at any crossing."""
    rows = [
        {"road_class": "县道" if y == 1 else "村道", "geometry": line((-0.2, y), (COLUMNS - 0.8, y))}
        for y in range(ROWS)
    ]
    columns = [{"road_class": "村道", "geometry": line((x, -0.2), (x, ROWS - 0.8))} for x in range(COLUMNS)]
    return [*rows, *columns]
