"""OpenStreetMap PBF by pyosmium."""

from __future__ import annotations

import math
from operator import attrgetter
from pathlib import Path
from typing import Any

import osmium

from layers.sources.osm.objects import (
    NODE_KEYS,
    NOWHERE,
    DamagedOsmError,
    NodePositions,
    NodeRecords,
    OsmObjects,
)

_UNKNOWN_POSITION = 2**31 - 1
_NODE = attrgetter("ref", "x", "y")  # x and y in 1e-7 degrees


def read_pbf(path: Path, objects: OsmObjects, *, keys: tuple[str, ...]) -> NodePositions:
    """Read a file; the usual one, with its nodes first, in one pass.

    Parameters
    ----------
    path
    objects
        What is found is added to it.
    keys
        Ways that have none of these keys are not wanted.

    Returns
    -------
    NodePositions
        Of the nodes whose place the ways could not be told while they were read: those that come after
        their ways, or have negative numbers.

    Raises
    ------
    DamagedOsmError
    """
    try:
        processor = osmium.FileProcessor(str(path))
        if processor.header.has_multiple_object_versions:
            return _read_history(processor, objects)
        wanted = osmium.filter.KeyFilter(*keys, *NODE_KEYS, "restriction")
        for thing in processor.with_locations().with_filter(wanted):
            _add(thing, objects)
        if objects.has_versions:  # a history that does not say so
            return _read_history(osmium.FileProcessor(str(path)), objects)
        return NodePositions.newest(_later_nodes(path, objects))
    except (RuntimeError, ValueError, osmium.InvalidLocationError) as error:  # thrown by libosmium at damaged files
        raise DamagedOsmError(str(error)) from error


def _read_history(processor: Any, objects: OsmObjects) -> NodePositions:
    """Read a file that holds several versions of an object, deleted ones among them."""
    records = NodeRecords()
    for thing in processor:
        if thing.is_node():
            _record(thing, records)
        _add(thing, objects)
    return NodePositions.newest(records)


def _add(thing: Any, objects: OsmObjects) -> None:
    tags = {} if thing.deleted else {tag.k: tag.v for tag in thing.tags}
    if thing.is_way():
        found = [*map(_NODE, thing.nodes)]
        degrees = _degrees([x for _, x, _ in found]), _degrees([y for _, _, y in found])
        objects.add_way(thing.id, thing.version, tags, [node for node, _, _ in found], degrees)
    elif thing.is_node():
        objects.add_node_tags(thing.id, thing.version, tags)
    else:
        objects.add_relation(thing.id, thing.version, tags)


def _degrees(units: list[int]) -> list[float]:
    if _UNKNOWN_POSITION in units:
        return [math.nan if unit == _UNKNOWN_POSITION else unit / 1e7 for unit in units]
    return [unit / 1e7 for unit in units]


def _later_nodes(path: Path, objects: OsmObjects) -> NodeRecords:
    """Look once more for the nodes that were not known when their ways came."""
    places = (place for way in objects.ways for place in zip(way.nodes, way.degrees[0], strict=True))
    missing = {node for node, lon in places if math.isnan(lon)}
    records = NodeRecords()
    if not missing:
        return records
    nodes = osmium.FileProcessor(str(path), osmium.osm.NODE)
    if all(node > 0 for node in missing):
        nodes = nodes.with_filter(osmium.filter.IdFilter(missing))  # knows no negative numbers
    for node in nodes:
        if node.id in missing:
            _record(node, records)
    return records


def _record(node: Any, records: NodeRecords) -> None:
    lon, lat = _degrees([node.location.x, node.location.y])
    records.add(node.id, node.version, NOWHERE if node.deleted else (lon, lat))
