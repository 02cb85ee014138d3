"""OpenStreetMap PBF by pyosmium."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from pathlib import Path
from typing import Any

import osmium

from layers.sources.osm_objects import (
    NODE_KEYS,
    NOWHERE,
    DamagedOsmError,
    NodePositions,
    NodeRecords,
    OsmObjects,
    Positions,
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
        objects.add_way(thing.id, thing.version, tags, [node for node, _, _ in found], _positions(found))
    elif thing.is_node():
        objects.add_node_tags(thing.id, thing.version, tags)
    else:
        objects.add_relation(thing.id, thing.version, tags)


def _positions(found: Iterable[tuple[int, int, int]]) -> Positions:
    return [NOWHERE if _UNKNOWN_POSITION in (x, y) else (x / 1e7, y / 1e7) for _, x, y in found]


def _later_nodes(path: Path, objects: OsmObjects) -> NodeRecords:
    """Look once more for the nodes that were not known when their ways came."""
    missing = {
        node
        for way in objects.ways
        for node, position in zip(way.nodes, way.positions, strict=True)
        if position is NOWHERE
    }
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
    x, y = node.location.x, node.location.y
    [position] = _positions([(node.id, x, y)])
    records.add(node.id, node.version, NOWHERE if node.deleted else position)
