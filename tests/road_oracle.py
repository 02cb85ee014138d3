"""Travel times said a second time, by networkx and plain loops: which road a place joins, who may go where."""

from __future__ import annotations

import networkx as nx
import numpy as np
import shapely

from gis.travel_modes import MODES

KMH = {name: dict(mode.speeds_kmh) for name, mode in MODES.items()}
WALK = {"walk": 4.8, "elder-walk": 3.5, "e-bike": 4.8, "car": 4.8}
VEHICLE = {"walk": "foot", "elder-walk": "foot", "e-bike": "bicycle", "car": "motorcar"}


def seconds_between(roads, xy, *, mode):
    """(n, n) float seconds door to door, inf where there is no way."""
    graph, arcs = nx.MultiDiGraph(), []
    for row in roads.to_dict("records"):
        there, back = allowed_kmh(row, mode)
        for a, b, kmh in ((row["u"], row["v"], there), (row["v"], row["u"], back)):
            if kmh:
                graph.add_edge(a, b, s=row["length_m"] * 3.6 / kmh)
        arcs.append((there, back))
    core = core_of(graph, roads, arcs)
    stretch = stretch_of(roads)
    places = [joined(roads, arcs, core, point) for point in xy]
    for i, (k, at_m, walk_m) in enumerate(places):
        for node, s, out, into in doors(roads, arcs, k, at_m):
            walk_s = walk_m * 3.6 / WALK[mode]
            if out:
                graph.add_edge(("from", i), node, s=s[0] + walk_s)
            if into:
                graph.add_edge(node, ("to", i), s=s[1] + walk_s)
        graph.add_node(("from", i))
        graph.add_node(("to", i))
    for i, one in enumerate(places):
        for j, other in enumerate(places):
            if roads_beside(roads, stretch, one) & roads_beside(roads, stretch, other):
                graph.add_edge(("from", i), ("to", j), s=float(np.hypot(*(xy[i] - xy[j]))) * 3.6 / WALK[mode])
            if one[0] == other[0] and not at_end(roads, one) and not at_end(roads, other):
                kmh = arcs[one[0]][0 if other[1] >= one[1] else 1]
                if kmh:
                    walk = (one[2] + other[2]) * 3.6 / WALK[mode]
                    graph.add_edge(("from", i), ("to", j), s=abs(other[1] - one[1]) * 3.6 / kmh + walk)
    found = np.full((len(xy), len(xy)), np.inf)
    for i in range(len(xy)):
        reached = nx.single_source_dijkstra_path_length(graph, ("from", i), weight="s")
        found[i] = [reached.get(("to", j), np.inf) for j in range(len(xy))]
    return found


def allowed_kmh(row, mode):
    said = row[VEHICLE[mode]]
    kmh = KMH[mode].get(row["road_class"].removesuffix("_link"))
    if not kmh and said in ("", "no"):
        return 0, 0
    kmh = kmh or min(KMH[mode].values())  # opened by its own word
    there = back = kmh
    if mode == "car" and not np.isnan(row["speed_kmh"]):
        there = row["speed_kmh"]
    if mode == "car":
        back = there if np.isnan(row["speed_back_kmh"]) else row["speed_back_kmh"]
    if said == "":
        said = "forward" if row["oneway"] and VEHICLE[mode] != "foot" else "both"
    return there * (said in ("both", "forward")), back * (said in ("both", "backward"))


def core_of(graph, roads, arcs):
    """Node → its strongly connected part, if that has at least 2 % of the open metres or is the longest."""
    part = {node: number for number, nodes in enumerate(nx.strongly_connected_components(graph)) for node in nodes}
    metres, total = {}, 0.0
    for row, directions in zip(roads.to_dict("records"), arcs, strict=True):
        for kmh in directions:
            total += row["length_m"] * bool(kmh)
            if kmh and part[row["u"]] == part[row["v"]]:
                metres[part[row["u"]]] = metres.get(part[row["u"]], 0.0) + row["length_m"]
    good = {number for number, length in metres.items() if length >= 0.02 * total or length == max(metres.values())}
    return {node: number for node, number in part.items() if number in good}


def joined(roads, arcs, core, point):
    """Nearest piece that may be joined, metres along it, metres of walk."""
    best = (np.inf, 0, 0.0)
    for k, row in enumerate(roads.to_dict("records")):
        fenced = (
            row["road_class"] in ("motorway", "motorway_link") or row["bridge"] or row["tunnel"] or row["motorroad"]
        )
        if not any(arcs[k]) or row["u"] not in core or core.get(row["u"]) != core.get(row["v"]):
            continue
        if fenced:  # at a dead end it has come to ground
            for node, directions, end_m in ((row["u"], arcs[k][0], 0.0), (row["v"], arcs[k][1], row["length_m"])):
                used = (roads["u"] == node) | (roads["v"] == node)
                if directions and sum(any(arcs[j]) for j in np.flatnonzero(used)) == 1:
                    at = row["geometry"].coords[0 if end_m == 0 else -1]
                    best = min(best, (float(np.hypot(*(np.array(at) - point))), k, end_m))
            continue
        away = row["geometry"].distance(shapely.Point(point))
        best = min(best, (away, k, row["geometry"].project(shapely.Point(point))))
    return best[1], best[2], best[0]


def at_end(roads, place):
    row = roads.iloc[place[0]]
    if place[1] <= 0.01:
        return row["u"] + 1  # a true value for every node
    return row["v"] + 1 if row["length_m"] - place[1] <= 0.01 else 0


def doors(roads, arcs, k, at_m):
    row, (there, back) = roads.iloc[k], arcs[k]
    if end := at_end(roads, (k, at_m, 0.0)):
        return [(end - 1, (0.0, 0.0), True, True)]
    left = row["length_m"] - at_m
    inf = np.inf
    return [
        (row["v"], (left * 3.6 / there if there else inf, left * 3.6 / back if back else inf), bool(there), bool(back)),
        (row["u"], (at_m * 3.6 / back if back else inf, at_m * 3.6 / there if there else inf), bool(back), bool(there)),
    ]


def stretch_of(roads):
    """Piece → the road from junction to junction that it belongs to."""
    ends = [(int(u), int(v)) for u, v in zip(roads["u"], roads["v"], strict=True)]
    at = {}
    for k, pair in enumerate(ends):
        for node in pair:
            at.setdefault(node, []).append(k)
    same = nx.Graph()
    same.add_nodes_from(range(len(ends)))
    same.add_edges_from(tuple(pieces) for pieces in at.values() if len(pieces) == 2)
    return {k: number for number, pieces in enumerate(nx.connected_components(same)) for k in pieces}


def roads_beside(roads, stretch, place):
    if end := at_end(roads, place):
        here = (roads["u"] == end - 1) | (roads["v"] == end - 1)
        return {stretch[k] for k in np.flatnonzero(here)}
    return {stretch[place[0]]}
