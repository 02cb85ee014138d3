"""Roads and rivers from OpenStreetMap files (.osm.pbf, .osm, .osm.gz, .osm.bz2) by pyosmium."""

from __future__ import annotations

import re
from collections.abc import Callable
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import pandas as pd

from gis.faults import Fault, FaultsError
from layers.county_spec import LayerSpec
from layers.schema import LEAST_SPEED_KMH, ROAD_CLASSES_AND_LINKS, TOP_SPEED_KMH
from layers.sources.files import file_fault
from layers.sources.ways import Ways

MAX_OSM_BYTES = 1_000_000_000
MAX_NODES = 20_000_000

ROAD_CLASS_OF_TAG = {name: name for name in ROAD_CLASSES_AND_LINKS} | {"road": "unclassified", "bridleway": "path"}
"""Values of ``highway`` that are roads; what is planned, under construction or no way is left out."""
_WATERWAYS = ("river", "canal", "stream")
_UNKNOWN_POSITION = 2**31 - 1
_SPEED = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(mph|km/h|kmh|kph)?")
_KMH_PER_MPH = 1.609344

Row = dict[str, Any]
Tags = Any
Node = tuple[int, int, int]
_NODE = attrgetter("ref", "x", "y")  # x and y in 1e-7 degrees


def read_osm_roads(spec: LayerSpec) -> tuple[Ways, list[Fault]]:
    """Read the roads of an OSM file.

    Parameters
    ----------
    spec
        Layer ``roads`` with the file as source.

    Returns
    -------
    Ways
        All ways whose ``highway`` is in ``ROAD_CLASS_OF_TAG``, except areas and ``access=no``
        (``access=private`` stays: people live there). ``oneway=-1`` is turned round;
        roundabouts and motorways are one-way unless they say otherwise.
    list of Fault
        A note with the number of references to nodes that the file lacks, as clipped
        extracts have them; a way is cut where one is missing.

    Raises
    ------
    FaultsError
        If the file is missing, too large or damaged.
    """
    return _read(spec, "highway", _road_row)


def read_osm_rivers(spec: LayerSpec) -> tuple[Ways, list[Fault]]:
    """Read rivers, canals and streams of an OSM file; as ``read_osm_roads``."""
    return _read(spec, "waterway", _river_row)


def parse_speed(text: str) -> float:
    """Return a ``maxspeed`` in km/h, NaN for what is no likely figure (``CN:urban``, ``none``, ``0``)."""
    found = _SPEED.fullmatch(text.strip())
    if not found:
        return float("nan")
    speed_kmh = float(found[1]) * (_KMH_PER_MPH if found[2] == "mph" else 1.0)
    return speed_kmh if LEAST_SPEED_KMH <= speed_kmh <= TOP_SPEED_KMH else float("nan")


def is_oneway(value: str | None, *, implied: bool) -> bool:
    """Tell whether a ``oneway`` tag says so."""
    return value in ("yes", "true", "1", "-1", "reverse") or (implied and value not in ("no", "false", "0"))


def _road_row(tags: Tags) -> Row | None:
    road_class = ROAD_CLASS_OF_TAG.get(tags["highway"])
    if road_class is None or tags.get("area") == "yes" or tags.get("access") == "no":
        return None
    oneway = tags.get("oneway")
    implied = road_class == "motorway" or tags.get("junction") in ("roundabout", "circular")
    return {
        "road_class": road_class,
        "name": tags.get("name", ""),
        "oneway": is_oneway(oneway, implied=implied),
        "bridge": tags.get("bridge", "no") != "no",
        "speed_kmh": parse_speed(tags.get("maxspeed", "")),
        "is_reversed": oneway in ("-1", "reverse"),
    }


def _river_row(tags: Tags) -> Row | None:
    return {"name": tags.get("name", ""), "is_reversed": False} if tags["waterway"] in _WATERWAYS else None


def _read(spec: LayerSpec, key: str, row_of: Callable[[Tags], Row | None]) -> tuple[Ways, list[Fault]]:
    if spec.source is None:
        raise ValueError("an OSM layer needs a file")
    if (fault := file_fault(spec.source, layer=spec.name, max_bytes=MAX_OSM_BYTES)) is not None:
        raise FaultsError([fault])
    rows: list[Row] = []
    nodes: list[Node] = []
    start = [0]
    try:
        for way in _ways_with(spec.source, key):
            if (row := row_of(way.tags)) is None:
                continue
            own = [*map(_NODE, way.nodes)]
            nodes += own[::-1] if row.pop("is_reversed") else own
            rows.append({"way": f"w{way.id}", **row})
            start.append(len(nodes))
            if len(nodes) > MAX_NODES:
                params = {"limit": MAX_NODES}
                raise FaultsError([Fault("too-many-rows", layer=spec.name, file=spec.file, params=params)])
    except (RuntimeError, ValueError, osmium.InvalidLocationError) as error:  # thrown by libosmium at damaged files
        fault = Fault("damaged-file", layer=spec.name, file=spec.file, value=str(error))
        raise FaultsError([fault]) from error
    ways = _ways(rows, nodes, start)
    missing = ways.lon > 180.0
    if not missing.any():
        return ways, []
    params = {"count": int(missing.sum()), "total": int(missing.size)}
    note = Fault("dangling-references", layer=spec.name, file=spec.file, severity="note", params=params)
    return _cut_where(missing, ways), [note]


def _ways_with(path: Path, key: str) -> osmium.FileProcessor:
    """Return the ways of a file that have a tag; the nodes know where they are."""
    return (
        osmium.FileProcessor(str(path))
        .with_locations()
        .with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
        .with_filter(osmium.filter.KeyFilter(key))
    )


def _ways(rows: list[Row], nodes: list[Node], start: list[int]) -> Ways:
    node, x, y = np.array(nodes, dtype=np.int64).reshape(-1, 3).T
    is_known = (x != _UNKNOWN_POSITION) & (y != _UNKNOWN_POSITION)
    return Ways(
        node=node,
        lon=np.where(is_known, x / 1e7, np.inf),
        lat=np.where(is_known, y / 1e7, np.inf),
        start=np.array(start, dtype=np.int64),
        attributes=pd.DataFrame(rows),
    )


def _cut_where(missing: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], ways: Ways) -> Ways:
    """Drop the missing nodes; what remains on either side of one is a way of its own."""
    way = np.repeat(np.arange(ways.start.size - 1), np.diff(ways.start))
    begins = np.zeros(missing.size, dtype=bool)
    begins[ways.start[:-1][np.diff(ways.start) > 0]] = True
    begins[1:] |= missing[:-1]
    run_start = np.append(np.flatnonzero(begins), missing.size)
    attributes = ways.attributes.iloc[way[run_start[:-1]]]
    return Ways(ways.node, ways.lon, ways.lat, run_start, attributes).select(~missing)
