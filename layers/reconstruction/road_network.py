"""All roads of the county, drawn, bridged, noded and classified."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import KDTree
from shapely import Polygon

from layers.reconstruction.bridges import cut_bridges
from layers.reconstruction.local_roads import draw_links
from layers.reconstruction.noding import NodedRoads, node_roads
from layers.reconstruction.roads import Road
from layers.reconstruction.streets import draw_streets, plan_villages

Points = NDArray[np.float64]

TOWNSHIP_ROAD_KM = 390.0
_SLOWNESS = {"primary": 1.0, "secondary": 1.0, "tertiary": 1.4, "residential": 2.6, "living_street": 5.0}


def build_roads(
    units: pd.DataFrame,
    *,
    main_roads: list[Road],
    crossroads: dict[str, Points],
    rivers: gpd.GeoSeries,
    outline: Polygon,
    rng: np.random.Generator,
) -> NodedRoads:
    """Draw every road of the county.

    Parameters
    ----------
    units
        Placed units with ``x``, ``y``, ``kind``, ``is_seat``, ``township_code``, ``resident``.
    main_roads
        National, provincial and county roads.
    crossroads
        Township code → point where its main roads meet.
    rivers, outline
        In metres.
    rng
        Source of chance.

    Returns
    -------
    NodedRoads
        One connected network; a road's pieces between junctions are one row.
    """
    xy = units[["x", "y"]].to_numpy(np.float64)
    main_lines = np.array([road.line for road in main_roads])
    water = rivers.to_numpy()
    is_urban = (units["kind"] == "居委会").to_numpy()
    room_m = _room(xy, is_urban, water, main_lines, outline)
    plans = plan_villages(xy, units["resident"].to_numpy(), is_urban, room_m, rng=rng)
    links = draw_links(plans, outline=outline, rivers=water, main_roads=main_lines, rng=rng)
    through: dict[int, set[int]] = defaultdict(set)
    for village, gate in zip(links.pairs.ravel().tolist(), links.gates.ravel().tolist(), strict=True):
        through[village].add(gate)
    roads = [*main_roads]
    roads += [Road("residential", shapely.get_coordinates(line), link=k) for k, line in enumerate(links.lines)]
    for village in np.flatnonzero(units["is_seat"]).tolist():
        target = crossroads[units["township_code"].iloc[village]]
        gate = plans[village].gate_towards(target)
        through[village].add(gate)
        roads.append(Road("residential", np.array([plans[village].gate(gate), target])))
    roads = cut_bridges(roads, water)
    for number, plan in enumerate(plans):
        roads += draw_streets(plan, through=through[number], rng=rng)
    return _classify(_open_oneways(_without_overlaps(node_roads(roads))), units)


def _room(
    xy: Points,
    is_urban: NDArray[np.bool_],
    water: NDArray[np.object_],
    main_lines: NDArray[np.object_],
    outline: Polygon,
) -> Points:
    """Half side of the square that each village may fill."""
    points = shapely.points(xy)
    neighbour_m = np.asarray(KDTree(xy).query(xy, k=2)[0])[:, 1]
    road_m = np.where(is_urban, np.inf, shapely.distance(points, shapely.union_all(main_lines)))
    edge_m = np.minimum(
        shapely.distance(points, shapely.union_all(water)) - 60.0, shapely.distance(points, outline.exterior)
    )
    share = np.where(is_urban, 0.45, 0.34)
    room_m = np.minimum(share * neighbour_m, np.minimum((road_m - 15.0) / 1.2, (edge_m - 15.0) / 1.42))
    return np.asarray(room_m)


def _without_overlaps(noded: NodedRoads) -> NodedRoads:
    """Keep the first of roads that use the same segment."""
    seen: set[tuple[int, int]] = set()
    roads, rows = [], []
    for road, row in zip(noded.roads, noded.rows, strict=True):
        run = row[:1]
        for a, b in pairwise(row):
            if (min(a, b), max(a, b)) in seen:
                roads.append(road)
                rows.append(run)
                run = [b]
                continue
            seen.add((min(a, b), max(a, b)))
            run.append(b)
        roads.append(road)
        rows.append(run)
    kept = [k for k, row in enumerate(rows) if len(row) > 1]
    return NodedRoads([roads[k] for k in kept], [rows[k] for k in kept], noded.xy)


def _open_oneways(noded: NodedRoads) -> NodedRoads:
    """Make those one-way streets two-way from which a car could not get everywhere."""
    roads = list(noded.roads)
    while True:
        ends = [pair for road, row in zip(roads, noded.rows, strict=True) for pair in _drivable(road, row)]
        graph = coo_array((np.ones(len(ends)), np.array(ends).T), shape=(len(noded.xy), len(noded.xy)))
        member = connected_components(graph, connection="strong")[1]
        home = np.bincount(member).argmax()
        closed = [k for k, road in enumerate(roads) if road.oneway and (member[noded.rows[k]] != home).any()]
        if not closed:
            return dataclasses.replace(noded, roads=roads)
        for k in closed:
            roads[k] = dataclasses.replace(roads[k], oneway=False)


def _drivable(road: Road, row: list[int]) -> list[tuple[int, int]]:
    forward = list(pairwise(row))
    return forward if road.oneway else [*forward, *((b, a) for a, b in forward)]


def _classify(noded: NodedRoads, units: pd.DataFrame) -> NodedRoads:
    """Raise the village links that most people take to their town to township roads (乡道)."""
    flow = _people_on_roads(noded, units)
    group = np.array([road.link if road.link >= 0 else -1 - k for k, road in enumerate(noded.roads)])
    best = pd.Series(flow).groupby(group).transform("max").to_numpy()
    length_km = np.array([np.hypot(*np.diff(noded.xy[row], axis=0).T).sum() for row in noded.rows]) / 1000.0
    is_local = np.array([road.road_class == "residential" for road in noded.roads])
    order = np.flatnonzero(is_local)[np.argsort(-best[is_local], kind="stable")]
    raised = set(order[np.cumsum(length_km[order]) <= TOWNSHIP_ROAD_KM].tolist())
    roads = [
        dataclasses.replace(road, road_class="unclassified") if k in raised else road
        for k, road in enumerate(noded.roads)
    ]
    return dataclasses.replace(noded, roads=roads)


def _people_on_roads(noded: NodedRoads, units: pd.DataFrame) -> NDArray[np.float64]:
    """Most residents on any segment of each road when all go to their own town."""
    ends = np.concatenate([np.column_stack([row[:-1], row[1:]]) for row in noded.rows])
    owner = np.repeat(np.arange(len(noded.rows)), [len(row) - 1 for row in noded.rows])
    slowness = np.array([_SLOWNESS[road.road_class] for road in noded.roads])[owner]
    cost = np.hypot(*(noded.xy[ends[:, 0]] - noded.xy[ends[:, 1]]).T) * slowness
    n = len(noded.xy)
    graph = coo_array((cost, (ends[:, 0], ends[:, 1])), shape=(n, n)).tocsr()
    home = np.asarray(KDTree(noded.xy).query(units[["x", "y"]].to_numpy())[1])
    carried: dict[tuple[int, int], float] = defaultdict(float)
    for code, rows in units.groupby("township_code").indices.items():
        seat = home[np.flatnonzero(units["is_seat"] & (units["township_code"] == code))[0]]
        before = dijkstra(graph, directed=False, indices=seat, return_predecessors=True)[1]
        for row in rows:
            node, people = int(home[row]), float(units["resident"].iloc[row])
            while before[node] >= 0:
                carried[min(node, before[node]), max(node, before[node])] += people
                node = int(before[node])
    low, high = ends.min(axis=1), ends.max(axis=1)
    flow = np.array([carried.get((a, b), 0.0) for a, b in zip(low.tolist(), high.tolist(), strict=True)])
    return np.asarray(pd.Series(flow).groupby(owner).max().to_numpy(np.float64))
