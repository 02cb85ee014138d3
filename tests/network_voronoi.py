"""The network Voronoi diagram a second time, point by point: no outline is cut, no envelope drawn, nothing is fast."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import numpy as np
import shapely
from geopandas import GeoDataFrame

Spot = tuple[int, float]
"""A piece of road and metres along it."""


def distances_by_brute_force(
    roads: GeoDataFrame,
    units: dict[str, tuple[float, float]],
    outline: shapely.Geometry,
    points: list[Spot],
) -> dict[Spot, dict[str, float]]:
    """Return the metres from each unit (with its walk to the road) to each point (piece, metres along it).

    Only road inside the outline is used; every joining point and every asked point is a node.
    """
    lines = list(roads.geometry)
    inside = [shapely.intersection(line, outline) for line in lines]
    bad = ["motorway", "motorway_link"]
    joinable = [k for k in range(len(lines)) if roads.road_class.iloc[k] not in bad and not roads.bridge.iloc[k]]
    marks: dict[int, set[float]] = {k: {0.0, line.length} for k, line in enumerate(lines)}
    joined = {}
    for unit, xy in units.items():
        point = shapely.Point(xy)
        near = [k for k in joinable if not inside[k].is_empty]
        if not near:
            continue
        piece = min(near, key=lambda k: inside[k].distance(point))
        spot = shapely.shortest_line(inside[piece], point)
        at = lines[piece].project(shapely.Point(spot.coords[0]))
        joined[unit] = (piece, at, spot.length)
        marks[piece].add(at)
    for piece, at in points:
        marks[piece].add(at)
    graph = nx.Graph()
    name = {}
    for k, line in enumerate(lines):
        cuts = shapely.intersection(line, shapely.boundary(outline))
        marks[k] |= {line.project(shapely.Point(xy)) for xy in shapely.get_coordinates(cuts)}
        stops = sorted(marks[k])
        for at in stops:
            name[k, at] = ("piece", k, at)
        name[k, 0.0], name[k, line.length] = ("node", roads.u.iloc[k]), ("node", roads.v.iloc[k])
        for one, other in pairwise(stops):
            if outline.distance(line.interpolate((one + other) / 2)) > 1e-6:
                continue
            ends = name[k, one], name[k, other]
            before = graph.get_edge_data(*ends, default={"m": np.inf})["m"]
            graph.add_edge(*ends, m=min(before, other - one))
    found: dict[Spot, dict[str, float]] = {point: {} for point in points}
    for unit, (piece, at, walk) in joined.items():
        if name[piece, at] not in graph:
            continue
        by_node = nx.single_source_dijkstra_path_length(graph, name[piece, at], weight="m")
        for point in points:
            if name[point] in by_node:
                found[point][unit] = walk + by_node[name[point]]
    return found
