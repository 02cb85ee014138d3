"""The streets of a graph in the form of osmnx: each once, with its tags and the way its traffic goes."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import networkx as nx
import numpy as np
import shapely

from layers.sources.osm.access import ACCESS_KEYS, IS_OPEN
from layers.sources.osm.tags import WAY_KEYS

_ACCESS = {"access", *(key for keys in ACCESS_KEYS.values() for key in keys)}
_MISSING = ("", "None", "nan")
_FLAGS = {"True": "yes", "False": "no"}


@dataclass(frozen=True)
class Street:
    """One street, or one direction of it.

    Parameters
    ----------
    way
        Number of its way in OpenStreetMap, several joined with ``+``.
    ends
        Nodes of the graph that it leads from and to.
    line
        In the coordinates of the graph.
    tags
        As OpenStreetMap has them; where an edge has several values, one that opens nothing that any of
        them shuts.
    is_reversed
        Whether osmnx says that the edge runs against the way.
    """

    way: str
    ends: tuple[Any, Any]
    line: shapely.LineString
    tags: Mapping[str, str]
    is_reversed: bool

    def turned(self) -> Street:
        """Return the street the other way round."""
        return replace(self, ends=self.ends[::-1], line=shapely.reverse(self.line))


def streets_of(graph: nx.Graph, positions: Mapping[Any, tuple[float, float]]) -> Iterator[Street]:
    """Yield every street once, its two directions joined where they are alike.

    Which edges there are says which way traffic goes, whatever ``oneway`` says of them: a street with
    one edge is one-way. Only where no street has an edge back is each read by its ``oneway``, provided
    some are not one-way: osmnx writes such graphs with ``all_oneway``. An undirected graph is two-way.

    Parameters
    ----------
    graph
    positions
        Of the nodes.

    Yields
    ------
    Street
        ``oneway`` among its tags says yes or no, in the direction of the line.
    """
    edges = [_street(tail, head, data, positions) for tail, head, data in graph.edges(data=True)]
    twins = _twins(edges) if graph.is_directed() else {}
    is_by_tags = graph.is_directed() and _is_one_edge_a_street(graph, edges)
    for number, edge in enumerate(edges):
        twin = twins.get(number, number)
        if twin < number:
            continue
        if is_by_tags:  # osmnx has turned these edges already
            yield edge.turned() if edge.tags.get("oneway") in ("-1", "reverse") else edge
        elif twin != number or not graph.is_directed():
            yield _with_oneway(edges[twin] if edge.is_reversed else edge, "no")
        else:
            yield _with_oneway(edge, "yes")


def tags_of(data: Mapping[str, Any], keys: Iterable[str]) -> dict[str, str]:
    """Return the tags among the attributes of an edge or node.

    Parameters
    ----------
    data
    keys
    """
    found = {key: [v for v in values_of(data[key]) if v not in _MISSING] for key in keys if key in data}
    return {key: _strictest(key, values) for key, values in found.items() if values}


def values_of(value: object) -> list[str]:
    """Return the values of an attribute in a fixed order; osmnx writes several as ``"['a', 'b']"``."""
    if isinstance(value, str) and value.startswith("["):
        try:
            value = ast.literal_eval(value)
        except (ValueError, SyntaxError):
            return [str(value)]
    values = value if isinstance(value, list | tuple | set) else [value]
    return sorted({_FLAGS.get(str(one), str(one)) for one in values}, key=lambda text: (len(text), text))


def _street(tail: Any, head: Any, data: Mapping[str, Any], positions: Mapping[Any, tuple[float, float]]) -> Street:
    tags = tags_of(data, WAY_KEYS)
    if not {"highway", "route", "ferry"} & set(tags):
        tags["highway"] = "unclassified"
    way = "+".join(f"w{number}" for number in values_of(data.get("osmid", "")) if number not in _MISSING)
    is_reversed = str(data.get("reversed", "")) == "True"
    return Street(way or "w", (tail, head), _line(data, positions[tail], positions[head]), tags, is_reversed)


def _line(data: Mapping[str, Any], tail: tuple[float, float], head: tuple[float, float]) -> shapely.LineString:
    """Return the course of an edge from its tail to its head."""
    geometry = data.get("geometry")
    if isinstance(geometry, str):
        geometry = shapely.from_wkt(geometry, on_invalid="ignore")
    if not isinstance(geometry, shapely.LineString) or geometry.is_empty:
        return shapely.LineString([tail, head])
    first = geometry.coords[0]
    return shapely.reverse(geometry) if _gap(first, head) < _gap(first, tail) else geometry


def _gap(one: tuple[float, ...], other: tuple[float, float]) -> float:
    return float(np.hypot(one[0] - other[0], one[1] - other[1]))


def _strictest(key: str, values: list[str]) -> str:
    """Return one value for several: what part of the street each holds for is not written."""
    if key.removesuffix(":forward").removesuffix(":backward") in _ACCESS:
        shut = [value for value in values if not any(IS_OPEN.get(part, True) for part in value.split(";"))]
        return shut[0] if shut else ";".join(values)
    if key.startswith("cycleway"):
        return next((value for value in values if not value.startswith("opposite") and value != "no"), values[0])
    if key in ("bridge", "tunnel", "motorroad"):
        return next((value for value in values if value != "no"), values[0])
    return values[0] if key == "name" else ";".join(values)


def _with_oneway(street: Street, oneway: str) -> Street:
    return replace(street, tags={**street.tags, "oneway": oneway})


def _twins(edges: list[Street]) -> dict[int, int]:
    """Pair the edges that are one street driven in both directions: the same line, the same tags."""
    waiting: dict[object, list[int]] = {}
    twins: dict[int, int] = {}
    for number, edge in enumerate(edges):
        shape = np.round(shapely.get_coordinates(edge.line), 9).tolist()
        same = (edge.way, tuple(sorted(edge.tags.items())))
        if back := waiting.get((edge.ends[::-1], str(shape[::-1]), same)):
            twins[number] = back.pop()
            twins[twins[number]] = number
        else:
            waiting.setdefault((edge.ends, str(shape), same), []).append(number)
    return twins


def _is_one_edge_a_street(graph: nx.Graph, edges: list[Street]) -> bool:
    """Tell a graph that has one edge for every street, one-way or not."""
    pairs = {edge.ends for edge in edges}
    if any(tail != head and (head, tail) in pairs for tail, head in pairs):
        return False
    said = [edge.tags.get("oneway", "") for edge in edges]
    is_of_osmnx = all("reversed" in data for _, _, data in graph.edges(data=True))
    return "no" in said or (is_of_osmnx and "" in said)
