"""Roads and rivers from OpenStreetMap files (.osm.pbf, .osm, .osm.gz, .osm.bz2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.faults import Fault
from layers.county_spec import LayerSpec
from layers.sources.files import readable_source
from layers.sources.osm.barriers import cut_at_barriers
from layers.sources.osm.ferries import ferry_figures, set_ferry_speeds
from layers.sources.osm.objects import MAX_NODES, DamagedOsmError, NodePositions, OsmObjects, TooManyNodesError
from layers.sources.osm.pbf import read_pbf
from layers.sources.osm.tags import attributes_of, road_row
from layers.sources.osm.xml_files import BrokenOffError, NotOsmError, read_xml
from layers.sources.tables.source_table import fatal
from layers.sources.ways import Ways

MAX_OSM_BYTES = 1_000_000_000

_ROAD_KEYS = ("highway", "route", "ferry")
_WATERWAYS = ("river", "canal", "stream")
_OTHER_FORMATS = ((b"{", "JSON"), (b"[", "JSON"), (b"PK", "ZIP"), (b"SQLite", "SQLite"), (b"\xff\xe0", "o5m"))

_RIVER = {"is_reversed": False}

Row = Mapping[str, Any]
Tags = Mapping[str, str]


def read_osm_roads(spec: LayerSpec) -> tuple[Ways, list[Fault]]:
    """Read the roads of an OSM file.

    Parameters
    ----------
    spec
        Layer ``roads`` with the file as source.

    Returns
    -------
    Ways
        All ways that are roads or ferries and open to somebody (``layers.sources.osm.tags``), in the
        direction of motor traffic; where a barrier stands on a node, the last centimetre before it is
        closed to whom it stops.
    list of Fault
        A note with the number of references to nodes that the file lacks, as clipped
        extracts have them; a way is cut where one is missing. One with the number of turn restrictions,
        one with that of ferries.

    Raises
    ------
    FaultsError
        If the file is missing, too large, damaged, incomplete or no OSM file.
    """
    ways, faults, objects = _read(spec, _ROAD_KEYS, road_row)
    if objects.restrictions:
        params = {"count": objects.restrictions}
        faults.append(Fault("turn-restrictions", layer=spec.name, file=spec.file, severity="note", params=params))
    if not len(ways.attributes):
        return ways, faults
    if (params := ferry_figures(ways.attributes))["count"]:
        faults.append(Fault("ferries", layer=spec.name, file=spec.file, severity="note", params=params))
    return cut_at_barriers(set_ferry_speeds(ways), objects.blocked()), faults


def read_osm_rivers(spec: LayerSpec) -> tuple[Ways, list[Fault]]:
    """Read rivers, canals and streams of an OSM file; as ``read_osm_roads``."""
    ways, faults, _ = _read(spec, ("waterway",), _river_row)
    return ways, faults


def _river_row(tags: Tags) -> Row | None:
    is_river = tags.get("waterway", "") in _WATERWAYS
    return _RIVER if is_river else None


def _read(
    spec: LayerSpec, keys: tuple[str, ...], row_of: Callable[[Tags], Row | None]
) -> tuple[Ways, list[Fault], OsmObjects]:
    path = readable_source(spec, max_bytes=MAX_OSM_BYTES)
    objects = OsmObjects(row_of)
    ways = _ways(objects, _read_objects(spec, path, objects, keys))
    missing = np.isnan(ways.lon)
    if objects.bare_ways and not len(ways.attributes):
        raise fatal(spec, "osm-without-nodes", value=f"{objects.bare_ways} <way> / 0 <nd>")
    if not missing.any():
        return ways, [], objects
    if missing.all():
        raise fatal(spec, "osm-without-nodes", value=f"{missing.size} <nd> / 0 <node>")
    return _cut_where(missing, ways), [_missing_nodes(spec, ways.node[missing], missing.size)], objects


def _read_objects(spec: LayerSpec, path: Path, objects: OsmObjects, keys: tuple[str, ...]) -> NodePositions:
    try:
        with path.open("rb") as stream:
            start = stream.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()
        if b"OSMHeader" in start:
            return read_pbf(path, objects, keys=keys)
        if not start:
            raise fatal(spec, "empty-file", value="0 B")
        for sign, name in _OTHER_FORMATS:
            if start.startswith(sign):
                raise fatal(spec, "not-osm", value=name)
        return read_xml(path, objects)
    except BrokenOffError as error:
        raise fatal(spec, "osm-broken-off", value=str(error)[:200]) from error
    except NotOsmError as error:
        raise fatal(spec, "not-osm", value=str(error)) from error
    except TooManyNodesError as error:
        raise fatal(spec, "too-many-rows", params={"limit": MAX_NODES}) from error
    except DamagedOsmError as error:
        raise fatal(spec, "damaged-file", value=str(error)) from error


def _missing_nodes(spec: LayerSpec, node: NDArray[np.int64], total: int) -> Fault:
    """Say that nodes are missing: a matter of course at the edge of a clip, not among nodes just drawn."""
    params = {"count": int(node.size), "total": total}
    if (node <= 0).any():
        value = f"node {int(node[node <= 0][0])}"
        return Fault("osm-new-nodes-missing", spec.name, spec.file, value=value, severity="warning", params=params)
    return Fault("dangling-references", layer=spec.name, file=spec.file, severity="note", params=params)


def _ways(objects: OsmObjects, positions: NodePositions) -> Ways:
    """Lay the ways out one after the other, those against their traffic turned round."""
    found = objects.ways
    turns = [-1 if way.row["is_reversed"] else 1 for way in found]
    node = _in_travel_order([way.nodes for way in found], turns, np.int64)
    place = np.column_stack([_in_travel_order([way.degrees[k] for way in found], turns, np.float64) for k in (0, 1)])
    if positions.node.size:
        place = np.where(np.isnan(of_file := positions.of(node)), place, of_file)
    attributes = attributes_of([f"w{way.way}" for way in found], [way.name for way in found], [w.row for w in found])
    counts = np.array([len(way.nodes) for way in found], dtype=np.int64)
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Ways(node=node, lon=place[:, 0], lat=place[:, 1], start=start, attributes=attributes)


def _in_travel_order(of_ways: list[list[Any]], turns: list[int], dtype: type) -> NDArray[Any]:
    return np.array([one for own, turn in zip(of_ways, turns, strict=True) for one in own[::turn]], dtype=dtype)


def _cut_where(missing: NDArray[np.bool_], ways: Ways) -> Ways:
    """Drop the missing nodes; what remains on either side of one is a way of its own."""
    way = np.repeat(np.arange(ways.start.size - 1), np.diff(ways.start))
    begins = np.zeros(missing.size, dtype=bool)
    begins[ways.start[:-1][np.diff(ways.start) > 0]] = True
    begins[1:] |= missing[:-1]
    run_start = np.append(np.flatnonzero(begins), missing.size)
    attributes = ways.attributes.iloc[way[run_start[:-1]]]
    return Ways(ways.node, ways.lon, ways.lat, run_start, attributes).select(~missing)
