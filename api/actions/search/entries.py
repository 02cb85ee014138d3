"""What can be found in a county: places, townships, communities, roads, rivers, bridges, facilities and cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from shapely.geometry.base import BaseGeometry

from api.actions.open_county import OpenCounty
from api.actions.search.sounds import Sounds, readings_of, sounds_of
from api.actions.search.typing import letters
from api.actions.show import township_names
from layers.cache import Cache

KINDS = ("township", "neighbourhood", "village", "community", "facility", "road", "river", "bridge", "cell")
"""In this order where names fit alike."""
_WITHOUT_CODE = ("community", "road", "river")
_SIMPLE_DEG = 0.0003  # some thirty metres: enough to show where a road runs
_LINES = ("MultiLineString", "LineString")


@dataclass(frozen=True)
class Entry:
    """One thing that can be found.

    Parameters
    ----------
    kind, id, name
    geometry
        Degrees.
    township, community
        As people call them, ``None`` where it has none; of a bridge ``community`` is the river below.
    resident
        People, of places.
    """

    kind: str
    id: str
    name: str
    geometry: BaseGeometry
    township: str | None = None
    community: str | None = None
    resident: int | None = None


class Indexed(NamedTuple):
    """An entry with all that is compared with what is typed."""

    entry: Entry
    names: tuple[str, ...]
    code: str
    sounds: Sounds
    around: tuple[str, ...]


@dataclass(frozen=True)
class Index:
    """Everything that can be found, and how the townships and communities sound in which it lies."""

    entries: tuple[Indexed, ...]
    sounds_around: Mapping[str, Sounds]


def index_of(at_hand: OpenCounty) -> Index:
    """Return everything that can be found in a county, made once a build."""
    return at_hand.once("search index", lambda: _index(at_hand))


def told_of(entry: Entry) -> dict[str, Any]:
    """Return an entry as JSON: with a point on it, of what is longer or wider its bounds, of lines their course."""
    shape = entry.geometry
    point = _point_on(shape)
    west, south, east, north = (round(float(degrees), 6) for degrees in shape.bounds)
    return {
        "id": entry.id,
        "name": entry.name,
        "kind": entry.kind,
        "township": entry.township,
        "community": entry.community,
        "lon": round(float(point.x), 6),
        "lat": round(float(point.y), 6),
        "resident": entry.resident,
        "bounds": None if shape.geom_type == "Point" else [west, south, east, north],
        "line": _course(shape) if shape.geom_type in _LINES else None,
    }


def _index(at_hand: OpenCounty) -> Index:
    return index_made(_entries(at_hand), at_hand.cache)


def index_made(found: Iterable[Entry], cache: Cache) -> Index:
    """Return what can be found among some entries.

    Parameters
    ----------
    found
        Those without a name are left out.
    cache
        Where the readings of characters are kept.
    """
    entries = [entry for entry in found if entry.name.strip()]
    readings = readings_of((word for one in entries for word in (one.name, *_around(one))), cache)
    words = {letters(word) for one in entries for word in _around(one)}
    return Index(
        tuple(
            Indexed(
                one,
                tuple(letters(name) for name in _names(one)),
                letters(one.id) if one.kind not in _WITHOUT_CODE else "",
                sounds_of(letters(one.name), readings) if one.kind != "cell" else (),
                tuple(letters(word) for word in _around(one)) if one.kind != "cell" else (),
            )
            for one in entries
        ),
        {word: sounds_of(word, readings) for word in words},
    )


def _around(entry: Entry) -> list[str]:
    return [word for word in (entry.township, entry.community) if word]


def _names(entry: Entry) -> tuple[str, ...]:
    """Return what an entry is called: of a bridge also by its river, of a cell only by its code."""
    if entry.kind == "bridge":
        return tuple(dict.fromkeys(name for name in (entry.name, entry.community) if name))
    return () if entry.kind == "cell" else (entry.name,)


def _entries(at_hand: OpenCounty) -> Iterator[Entry]:
    county, names = at_hand.county, township_names(at_hand)
    yield from _places(at_hand.demand, names)
    yield from _communities(at_hand.demand, names)
    if county.has("facilities"):
        yield from _places(county.layer("facilities").assign(kind="facility"), names)
    if county.has("townships"):
        frame = county.layer("townships")
        yield from (Entry("township", str(id_), names[str(id_)], shape) for id_, shape in frame.geometry.items())
    rivers = _named(county.layer("rivers")) if county.has("rivers") else None
    if rivers is not None:
        yield from (Entry("river", name, name, shape) for name, shape in _by_name(rivers))
    yield from _roads(at_hand, names, rivers)
    if county.has("cells"):
        yield from _places(county.layer("cells").assign(kind="cell"), names)


def _places(frame: GeoDataFrame, names: dict[str, str]) -> Iterator[Entry]:
    """Yield what has a row and a name of its own."""
    columns = {name: _texts(frame, name) for name in ("name", "kind", "township_id", "community")}
    people = frame["resident"] if "resident" in frame else pd.Series(pd.NA, index=frame.index)
    rows = zip(frame.index, frame.geometry, people, *columns.values(), strict=True)
    for id_, shape, resident, name, kind, township, community in rows:
        count = None if pd.isna(resident) else int(resident)
        yield Entry(kind, str(id_), name, shape, names.get(township, township) or None, community or None, count)


def _communities(frame: GeoDataFrame, names: dict[str, str]) -> Iterator[Entry]:
    if "community" not in frame:
        return
    townships, communities = _texts(frame, "township_id"), _texts(frame, "community")
    for (township, name), rows in frame.groupby([townships, communities]):
        if name:
            points = shapely.MultiPoint(shapely.get_coordinates(rows.geometry.to_numpy()))
            yield Entry("community", f"{township} {name}", str(name), points, names.get(township, township) or None)


def _roads(at_hand: OpenCounty, names: dict[str, str], rivers: GeoDataFrame | None) -> Iterator[Entry]:
    """Yield roads by name, wherever their pieces are, and bridges one by one: by road, else by river."""
    frame = at_hand.county.layer("roads")
    townships = at_hand.county.layer("townships") if at_hand.county.has("townships") else None
    for name, shape in _by_name(_named(frame)):
        yield Entry("road", name, name, shape, _township_at(shape, townships, names))
    bridges = frame[frame["bridge"].fillna(value=False).astype(bool)] if "bridge" in frame else frame[:0]
    for id_, shape, road in zip(bridges.index, bridges.geometry, _texts(bridges, "name"), strict=True):
        river = _river_below(shape, rivers)
        if road or river:
            township = _township_at(shape, townships, names)
            yield Entry("bridge", str(id_), road or str(river), shape, township, river)


def _named(frame: GeoDataFrame) -> GeoDataFrame:
    return frame[_texts(frame, "name").to_numpy() != ""]


def _by_name(frame: GeoDataFrame) -> Iterable[tuple[str, BaseGeometry]]:
    for name, rows in frame.groupby(_texts(frame, "name").to_numpy()):
        merged: Any = shapely.line_merge(shapely.multilinestrings(shapely.get_parts(rows.geometry.to_numpy())))
        yield str(name), merged


def _township_at(shape: BaseGeometry, townships: GeoDataFrame | None, names: dict[str, str]) -> str | None:
    if townships is None:
        return None
    rows = townships.sindex.query(_point_on(shape), predicate="intersects")
    return names[str(townships.index[rows[0]])] if len(rows) else None


def _river_below(shape: BaseGeometry, rivers: GeoDataFrame | None) -> str | None:
    if rivers is None or rivers.empty:
        return None
    rows = np.sort(rivers.sindex.query(shape, predicate="intersects"))
    return str(rivers["name"].iloc[rows[0]]) if len(rows) else None


def _point_on(shape: BaseGeometry) -> shapely.Point:
    """Return a point on a shape: of lines the middle of the longest part."""
    if isinstance(shape, shapely.Point):
        return shape
    if shape.geom_type not in _LINES:
        return shape.representative_point()
    parts = shapely.get_parts(shape)
    middle: shapely.Point = shapely.line_interpolate_point(parts[shapely.length(parts).argmax()], 0.5, normalized=True)
    return middle


def _course(shape: BaseGeometry) -> list[list[list[float]]]:
    parts = shapely.get_parts(shapely.simplify(shape, _SIMPLE_DEG))
    return [[list(map(float, xy)) for xy in shapely.get_coordinates(part).round(6).tolist()] for part in parts]


def _texts(frame: pd.DataFrame, column: str) -> pd.Series[str]:
    if column not in frame:
        return pd.Series("", index=frame.index, dtype=object)
    return frame[column].fillna("").astype(str)
