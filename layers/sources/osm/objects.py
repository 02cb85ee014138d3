"""What a file of OpenStreetMap holds for us: ways, where their nodes lie, and who cannot pass them."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.travel_modes import Vehicle
from layers.sources.osm.access import blocked_at

MAX_NODES = 20_000_000
NODE_KEYS = ("barrier", "highway", "access", "vehicle", "motor_vehicle", "motorcar", "bicycle", "foot")
"""A node with none of these stops nobody."""

Row = Mapping[str, Any]
Tags = Mapping[str, str]
Degrees = tuple[list[float], list[float]]
"""Longitudes and latitudes, NaN where they are not known."""
NOWHERE = (float("nan"), float("nan"))


class DamagedOsmError(Exception):
    """A value in the file that cannot be; the text shows which."""


class TooManyNodesError(Exception):
    """More nodes than a county has."""


class FoundWay(NamedTuple):
    """The newest version of a way that is wanted.

    Parameters
    ----------
    way
        Number of the way.
    version
    row
        Its attributes; ways of the same tags share one.
    name
    nodes
        Numbers of its nodes.
    degrees
        Where they lie, as far as the way itself says.
    """

    way: int
    version: int
    row: Row
    name: str
    nodes: list[int]
    degrees: Degrees


@dataclass
class OsmObjects:
    """Collects the newest version of each object, in whatever order a file has them.

    Parameters
    ----------
    row_of
        Gives the attributes of a way that is wanted, None for others.
    """

    row_of: Callable[[Tags], Row | None]
    bare_ways: int = 0
    """Ways that are wanted but were written without their nodes."""
    has_versions: bool = False
    """Whether an object came in several versions."""
    _ways: dict[int, list[FoundWay]] = field(default_factory=dict)
    _way_versions: dict[int, int] = field(default_factory=dict)
    _node_tags: dict[int, tuple[int, Tags]] = field(default_factory=dict)
    _restrictions: dict[int, tuple[int, bool]] = field(default_factory=dict)
    _size: int = 0

    def add_way(self, way: int, version: int, tags: Tags, nodes: list[int], degrees: Degrees) -> None:
        """Take a way; one that was deleted has no tags. Two of one version are both kept if their nodes differ."""
        known = self._way_versions.get(way)
        self.has_versions |= known not in (None, version)
        if known is not None and version < known:
            return
        self._way_versions[way] = version
        row = self.row_of(tags) if tags else None
        same = self._ways.get(way, []) if version == known else []
        kept = [other for other in same if other.nodes != nodes] if row is not None else []
        if row is not None and nodes:
            kept.append(FoundWay(way, version, row, tags.get("name", ""), nodes, degrees))
            self._size += len(nodes)
        self.bare_ways += row is not None and not nodes
        if kept or way in self._ways:
            self._ways[way] = kept
        if self._size > MAX_NODES:
            raise TooManyNodesError

    def add_node_tags(self, node: int, version: int, tags: Tags) -> None:
        """Take the tags of a node; of one that was deleted there are none."""
        if not tags and node not in self._node_tags:
            return
        if version >= self._node_tags.get(node, (version, {}))[0]:
            self._node_tags[node] = (version, tags)

    def add_relation(self, relation: int, version: int, tags: Tags) -> None:
        """Take the tags of a relation: turn restrictions are counted."""
        if version >= self._restrictions.get(relation, (version, False))[0]:
            self._restrictions[relation] = (version, tags.get("type", "").startswith("restriction"))

    @property
    def ways(self) -> list[FoundWay]:
        """All ways that are wanted, in the order of the file."""
        return [one for found in self._ways.values() for one in found]

    @property
    def restrictions(self) -> int:
        """Number of turn restrictions."""
        return sum(is_restriction for _, is_restriction in self._restrictions.values())

    def blocked(self) -> dict[int, frozenset[Vehicle]]:
        """Return who cannot pass which node."""
        found = ((node, blocked_at(tags)) for node, (_, tags) in self._node_tags.items() if tags)
        return {node: vehicles for node, vehicles in found if vehicles}


class NodeRecords:
    """Versions of nodes as they are read; millions, so in plain arrays."""

    def __init__(self) -> None:
        self.node, self.version, self.position = array("q"), array("q"), array("d")

    def add(self, node: int, version: int, position: tuple[float, float]) -> None:
        """Take longitude and latitude of one version of a node."""
        self.node.append(node)
        self.version.append(version)
        self.position.extend(position)


@dataclass(frozen=True, eq=False)
class NodePositions:
    """Where nodes lie, whichever order they came in.

    Parameters
    ----------
    node : (n,) int64
        In ascending order, each once.
    lon, lat : (n,) float64
        Degrees; NaN for nodes that were deleted.
    """

    node: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]

    @classmethod
    def newest(cls, records: NodeRecords) -> NodePositions:
        """Keep the newest version of each node.

        Parameters
        ----------
        records

        Raises
        ------
        DamagedOsmError
            If two nodes of one number and version lie in two places: nobody knows which one a way means.
        """
        node, version = np.array(records.node, dtype=np.int64), np.array(records.version, dtype=np.int64)
        position = np.array(records.position, dtype=np.float64).reshape(-1, 2)
        order = np.lexsort((version, node))
        node, version, position = node[order], version[order], position[order]
        is_newest = np.append(node[1:] != node[:-1], True)[: node.size]
        twice = (node[1:] == node[:-1]) & (version[1:] == version[:-1]) & is_newest[1:]
        differs = twice & (position[1:] != position[:-1]).any(axis=1) & np.isfinite(position[1:]).all(axis=1)
        differs &= np.isfinite(position[:-1]).all(axis=1)
        if differs.any():
            first = int(np.argmax(differs))
            raise DamagedOsmError(f"node {node[first]}: {position[first].tolist()}, {position[first + 1].tolist()}")
        return cls(node[is_newest], *position[is_newest].T)

    def of(self, nodes: NDArray[np.int64]) -> NDArray[np.float64]:
        """(k, 2) longitude and latitude of nodes, NaN where they are not known."""
        found = np.full((nodes.size, 2), np.nan)
        if not self.node.size:
            return found
        at = np.minimum(np.searchsorted(self.node, nodes), self.node.size - 1)
        is_known = self.node[at] == nodes
        found[is_known] = np.column_stack([self.lon, self.lat])[at[is_known]]
        return found
