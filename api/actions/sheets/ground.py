"""What a printed map shows of a county, in metres of its projection: the ground of all maps, and roads changed."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from api.actions.check_plan import asked_in
from api.actions.ground import ground_file
from api.actions.open_county import OpenCounty
from api.actions.posed import resolved_at
from api.actions.projection import project
from gis.ground.plane import points_of
from maps.sheet.spec import ChangeKind, Ground, LineName

_BAND = 1
"""Of the ground's bands of roads: through roads to the last village, no streets, and as fine as print shows."""
_NAMED = ("motorway", "trunk", "primary", "secondary")
"""Classes of roads whose names are written along them."""
_NEAR_M = 5_000.0
"""From the middle of the county to either side: over so far the projection is compared with the ground."""


def ground_of(at_hand: OpenCounty) -> Ground:
    """Return the ground of a county as its maps draw it, in metres of its projection; read once."""
    return at_hand.once("ground of sheets", lambda: _ground(at_hand))


def _ground(at_hand: OpenCounty) -> Ground:
    drawn = json.loads(gzip.decompress(ground_file(at_hand)))
    bands, names = drawn["bands"], drawn["names"]
    roads = bands[min(_BAND, len(bands) - 1)]["roads"]
    great = [{**one, "kind": "road"} for one in names["roads"] if one["class"] in _NAMED]
    rivers = [{**one, "kind": "river"} for one in names["rivers"]]
    return Ground(
        shapely.union_all(_layer(at_hand, "county").geometry) if at_hand.county.has("county") else None,
        townships=_townships(at_hand),
        borders=shapely.union_all(_placed(at_hand, drawn, drawn["townships"])) if drawn["townships"] else None,
        rivers=tuple(_placed(at_hand, drawn, drawn["rivers"])),
        roads={name: shapely.union_all(_placed(at_hand, drawn, paths)) for name, paths in roads.items()},
        settlements=tuple(_placed(at_hand, drawn, drawn["settlements"], closed=True)),
        along=tuple(_line_name(at_hand, drawn, one) for one in (*rivers, *great)),
        stretch=_stretch(at_hand),
    )


def _layer(at_hand: OpenCounty, name: str) -> GeoDataFrame:
    return at_hand.county.layer(name).to_crs(at_hand.county.crs)


def _townships(at_hand: OpenCounty) -> tuple[tuple[str, BaseGeometry], ...]:
    if not at_hand.county.has("townships"):
        return ()
    frame = _layer(at_hand, "townships")
    return tuple(zip(frame["name"].fillna("").astype(str), frame.geometry, strict=True))


def _placed(
    at_hand: OpenCounty, drawn: Mapping[str, Any], paths: Sequence[Sequence[int]], *, closed: bool = False
) -> list[BaseGeometry]:
    """Return paths of the ground as lines in metres of the county's projection; closed ones as rings."""
    courses = [points_of(path) for path in paths]
    courses = [np.vstack([one, one[:1]]) if closed else one for one in courses if len(one) > 1 + closed]
    if not courses:
        return []
    ends = np.cumsum([len(one) for one in courses])[:-1]
    placed = np.split(_metres(at_hand, drawn, np.vstack(courses)), ends)
    return [shapely.LinearRing(one) if closed else shapely.LineString(one) for one in placed]


def _metres(at_hand: OpenCounty, drawn: Mapping[str, Any], xy: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return (n, 2) metres of the county's projection of positions on the plane of the ground."""
    x = drawn["origin"][0] + xy[:, 0] * drawn["unit"]
    y = drawn["origin"][1] - xy[:, 1] * drawn["unit"]
    return project(x, y, source="EPSG:3857", target=at_hand.county.crs)


def _line_name(at_hand: OpenCounty, drawn: Mapping[str, Any], told: Mapping[str, Any]) -> LineName:
    spots = told["spots"]
    where = _metres(at_hand, drawn, np.array([spot[:2] for spot in spots], dtype=np.int64)).tolist()
    placed = [(x, y, float(turned), float(reach)) for (x, y), (_, _, turned, reach) in zip(where, spots, strict=True)]
    return LineName(told["name"], told["kind"], tuple(placed))


def _stretch(at_hand: OpenCounty) -> float:
    """Return the metres of the projection for a metre of the ground, in the middle of the county."""
    x, y = (float(middle) for middle in at_hand.demand_xy.mean(axis=0))
    ends = project([x - _NEAR_M, x + _NEAR_M], [y, y], source=at_hand.county.crs, target="EPSG:4490")
    _ahead, _back, ground_m = Geod(ellps="GRS80").inv(*ends[0], *ends[1])
    return 2 * _NEAR_M / float(ground_m)


def changes_of(at_hand: OpenCounty, plan: Mapping[str, Any]) -> tuple[tuple[ChangeKind, BaseGeometry], ...]:
    """Return the roads that the scenario of a plan closes or builds."""
    if not plan.get("edits"):
        return ()
    roads = resolved_at(at_hand, asked_in(plan, at_hand.tables.services)).roads
    lines = at_hand.roads.geometry.to_numpy()[np.array(roads.closed, dtype=np.int64)]
    closed: list[tuple[ChangeKind, BaseGeometry]] = [("closed", shapely.union_all(lines))] if len(lines) else []
    built: list[tuple[ChangeKind, BaseGeometry]] = [
        ("built", shapely.linestrings([one.start, one.end])) for one in roads.built
    ]
    return (*closed, *built)
