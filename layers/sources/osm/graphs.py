"""Roads from a graph of osmnx or networkx: a GraphML file, or a place that osmnx downloads."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import ParseError

import networkx as nx
import numpy as np
import pyproj
import shapely

from gis.datum_shifts import find_datum_shift
from gis.travel_modes import Vehicle
from layers.county_spec import LayerSpec
from layers.sources.files import readable_source
from layers.sources.osm.access import blocked_at
from layers.sources.osm.barriers import cut_at_barriers
from layers.sources.osm.ferries import set_ferry_speeds
from layers.sources.osm.graph_streets import Street, streets_of, tags_of
from layers.sources.osm.objects import MAX_NODES, NODE_KEYS
from layers.sources.osm.tags import WAY_KEYS, attributes_of, road_row
from layers.sources.tables.source_table import fatal
from layers.sources.ways import Ways, ways_from_lines

MAX_GRAPHML_BYTES = 1_000_000_000
_DEGREES = ("EPSG:4326", "EPSG:4490")


def read_graphml(spec: LayerSpec) -> Ways:
    """Read roads from GraphML as osmnx saves it.

    Parameters
    ----------
    spec

    Returns
    -------
    Ways
        A street that may be driven both ways stands once.

    Raises
    ------
    FaultsError
        If the file is no GraphML, or its nodes have no ``x`` and ``y``.
    """
    path = readable_source(spec, max_bytes=MAX_GRAPHML_BYTES)
    try:
        graph = nx.read_graphml(path)
    except (ParseError, nx.NetworkXException, ValueError, KeyError) as error:
        raise fatal(spec, "damaged-file", value=str(error)) from error
    return ways_from_graph(graph, spec)


def download_roads(spec: LayerSpec) -> Ways:
    """Download the roads of a place from OpenStreetMap.

    Parameters
    ----------
    spec
        ``place`` as Nominatim understands it, e.g. ``临邑县, 中国``.

    Returns
    -------
    Ways

    Raises
    ------
    FaultsError
        If there is no such place or no internet.
    """
    import osmnx  # noqa: PLC0415  (a second of import time that only downloads need)

    settings = osmnx.settings
    before = settings.useful_tags_way, settings.useful_tags_node
    settings.useful_tags_way = sorted({*before[0], *WAY_KEYS})
    settings.useful_tags_node = sorted({*before[1], *NODE_KEYS})
    try:
        graph = osmnx.graph_from_place(spec.place, network_type="all", simplify=False)
    except (OSError, ValueError, TypeError) as error:  # requests' errors are OSErrors, osmnx's ValueErrors
        raise fatal(spec, "download-failed", field="place", value=f"{spec.place}: {str(error)[:80]}") from error
    finally:
        settings.useful_tags_way, settings.useful_tags_node = before
    return ways_from_graph(graph, spec)


def ways_from_graph(graph: nx.Graph, spec: LayerSpec) -> Ways:
    """Turn a street graph in the form of osmnx into ways.

    Parameters
    ----------
    graph
        Nodes with ``x``, ``y`` and, if any, the tags of a barrier; edges with ``highway``, ``osmid``
        and whatever other tags of OpenStreetMap were kept and, where simplified, ``geometry``;
        ``graph["crs"]``.
    spec

    Returns
    -------
    Ways
        In the direction of motor traffic, which is that of the edges (``layers.sources.osm.graph_streets``).

    Raises
    ------
    FaultsError
        If a node has no position or there are too many.
    """
    if graph.number_of_nodes() > MAX_NODES:
        raise fatal(spec, "too-many-rows", value=str(graph.number_of_nodes()), params={"limit": MAX_NODES})
    streets, rows = [], []
    for street in streets_of(graph, _positions(graph, spec)):
        row = road_row(street.tags)
        if row is not None:
            streets.append(street.turned() if row["is_reversed"] else street)
            rows.append(row)
    lines = _in_degrees(np.array([street.line for street in streets], dtype=object), graph, spec)
    names = [street.tags.get("name", "") for street in streets]
    ways = ways_from_lines(lines, attributes_of([street.way for street in streets], names, rows))
    return cut_at_barriers(set_ferry_speeds(ways), _blocked(graph, ways, streets)) if rows else ways


def _positions(graph: nx.Graph, spec: LayerSpec) -> dict[Any, tuple[float, float]]:
    try:
        positions = {node: (float(data["x"]), float(data["y"])) for node, data in graph.nodes(data=True)}
    except (KeyError, ValueError) as error:
        raise fatal(spec, "missing-node-position", field="x, y", value=str(error)) from error
    for node, position in positions.items():
        if not np.isfinite(position).all():
            raise fatal(spec, "missing-node-position", field="x, y", value=f"{node}: {position}")
    return positions


def _blocked(graph: nx.Graph, ways: Ways, streets: list[Street]) -> dict[int, frozenset[Vehicle]]:
    """Return who cannot pass which node, by the numbers that the ways give the nodes of the graph."""
    by_node = {node: blocked_at(tags_of(data, NODE_KEYS)) for node, data in graph.nodes(data=True)}
    numbers = np.column_stack([ways.node[ways.start[:-1]], ways.node[ways.start[1:] - 1]]).tolist()
    found = zip(numbers, (street.ends for street in streets), strict=True)
    return {
        number: by_node[node] for pair, ends in found for number, node in zip(pair, ends, strict=True) if by_node[node]
    }


def _in_degrees(lines: np.ndarray[Any, np.dtype[np.object_]], graph: nx.Graph, spec: LayerSpec) -> Any:
    try:
        crs = pyproj.CRS.from_user_input(spec.crs or graph.graph.get("crs", "EPSG:4326"))
    except pyproj.exceptions.CRSError as error:
        raise fatal(spec, "unknown-crs", field="crs", value=str(graph.graph.get("crs"))) from error
    if crs in _DEGREES or not len(lines):
        return lines
    shift = find_datum_shift(crs.to_wkt(), *shapely.get_coordinates(lines).T)
    if shift is None:
        raise fatal(spec, "no-transformation", field="crs", value=crs.name)
    return shapely.transform(lines, lambda xy: np.column_stack(shift.to_degrees(*xy.T)))
