"""Roads from a graph of osmnx: a GraphML file, or a place that osmnx downloads."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import networkx as nx
import numpy as np
import pandas as pd
import pyproj
import shapely

from gis.faults import FaultsError
from layers.county_spec import LayerSpec
from layers.sources.files import file_fault
from layers.sources.osm import MAX_NODES, ROAD_CLASS_OF_TAG, parse_speed
from layers.sources.source_table import fatal
from layers.sources.ways import Ways, ways_from_lines

MAX_GRAPHML_BYTES = 1_000_000_000

Attributes = dict[str, Any]


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
    path = spec.source or Path()
    if (fault := file_fault(path, layer=spec.name, max_bytes=MAX_GRAPHML_BYTES)) is not None:
        raise FaultsError([fault])
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

    try:
        graph = osmnx.graph_from_place(spec.place, network_type="all", simplify=False)
    except (OSError, ValueError, TypeError) as error:  # requests' errors are OSErrors, osmnx's ValueErrors
        raise fatal(spec, "download-failed", field="place", value=f"{spec.place}: {str(error)[:80]}") from error
    return ways_from_graph(graph, spec)


def ways_from_graph(graph: nx.Graph, spec: LayerSpec) -> Ways:
    """Turn a street graph in the form of osmnx into ways.

    Parameters
    ----------
    graph
        Nodes with ``x``, ``y``; edges with ``highway``, ``oneway``, ``osmid``, ``name``,
        ``maxspeed``, ``bridge`` and, where simplified, ``geometry``; ``graph["crs"]``.
    spec

    Returns
    -------
    Ways

    Raises
    ------
    FaultsError
        If a node has no position or there are too many.
    """
    if graph.number_of_nodes() > MAX_NODES:
        raise fatal(spec, "too-many-rows", value=str(graph.number_of_nodes()), params={"limit": MAX_NODES})
    try:
        positions = {node: (float(data["x"]), float(data["y"])) for node, data in graph.nodes(data=True)}
    except (KeyError, ValueError) as error:
        raise fatal(spec, "missing-node-position", field="x, y", value=str(error)) from error
    for node, position in positions.items():
        if not np.isfinite(position).all():
            raise fatal(spec, "missing-node-position", field="x, y", value=f"{node}: {position}")
    rows, lines, seen = [], [], set()
    for tail, head, data in graph.edges(data=True):
        row = _road_row(data)
        line = _line(data, positions[tail], positions[head])
        street = (frozenset((tail, head)), row["way"], round(shapely.length(line), 9))
        if row["road_class"] is None or (not row["oneway"] and street in seen):
            continue
        seen.add(street)
        rows.append(row)
        lines.append(line)
    return ways_from_lines(_in_degrees(np.array(lines, dtype=object), graph, spec), pd.DataFrame(rows))


def _road_row(data: Attributes) -> Attributes:
    ids = _listed(data.get("osmid", ""))
    return {
        "way": "+".join(f"w{id_}" for id_ in ids),
        "road_class": ROAD_CLASS_OF_TAG.get(_listed(data.get("highway", "unclassified"))[0]),
        "name": _listed(data.get("name", ""))[0],
        "oneway": str(data.get("oneway", "")).lower() in ("true", "yes", "1"),
        "bridge": _listed(data.get("bridge", "no"))[0] not in ("no", ""),
        "speed_kmh": parse_speed(_listed(data.get("maxspeed", ""))[0]),
    }


def _listed(value: object) -> list[str]:
    """Return the values of an attribute; osmnx writes several as ``"['a', 'b']"``."""
    if isinstance(value, str) and value.startswith("["):
        try:
            value = ast.literal_eval(value)
        except (ValueError, SyntaxError):
            return [str(value)]
    return [str(item) for item in value] if isinstance(value, list) and value else [str(value)]


def _line(data: Attributes, tail: tuple[float, float], head: tuple[float, float]) -> shapely.Geometry:
    geometry = data.get("geometry")
    if isinstance(geometry, str):
        geometry = shapely.from_wkt(geometry, on_invalid="ignore")
    return geometry if isinstance(geometry, shapely.LineString) else shapely.LineString([tail, head])


def _in_degrees(lines: np.ndarray[Any, np.dtype[np.object_]], graph: nx.Graph, spec: LayerSpec) -> Any:
    try:
        crs = pyproj.CRS.from_user_input(spec.crs or graph.graph.get("crs", "EPSG:4326"))
    except pyproj.exceptions.CRSError as error:
        raise fatal(spec, "unknown-crs", field="crs", value=str(graph.graph.get("crs"))) from error
    if crs.is_geographic:
        return lines
    to_degrees = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    return shapely.transform(lines, lambda xy: np.column_stack(to_degrees.transform(*xy.T)))
