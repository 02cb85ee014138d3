"""Exchange with networkx, and the weak spots of a network."""

from __future__ import annotations

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.network import RoadNetwork


def to_networkx(network: RoadNetwork) -> nx.MultiDiGraph:
    """Write a network as a MultiDiGraph as osmnx uses it.

    Parameters
    ----------
    network

    Returns
    -------
    networkx.MultiDiGraph
        Nodes 0…n−1 with ``x``, ``y`` (metres); edges keyed by arc number with ``seconds`` (to the
        millisecond) and ``length`` (metres). Arcs closed to the mode are left out.
    """
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(
        (i, {"x": float(x), "y": float(y)}) for i, (x, y) in enumerate(zip(network.x, network.y, strict=True))
    )
    graph.add_edges_from(
        (
            int(network.tail[arc]),
            int(network.head[arc]),
            int(arc),
            {"seconds": int(network.milliseconds[arc]) / 1000, "length": float(network.length_m[arc])},
        )
        for arc in np.flatnonzero(network.passable)
    )
    return graph


def from_networkx(graph: nx.MultiDiGraph, *, weight: str = "seconds") -> RoadNetwork:
    """Read a network from a MultiDiGraph.

    Parameters
    ----------
    graph
        Directed; nodes of any name with ``x`` and ``y`` in metres, which are numbered in the graph's order. Edges
        without ``length`` are straight.
    weight
        Edge attribute with the travel time in seconds, read to the millisecond.

    Returns
    -------
    RoadNetwork

    Raises
    ------
    ValueError
        If the graph is undirected, an edge lacks the weight or it is negative, or a node has no position.
    """
    if not graph.is_directed():
        raise ValueError("the graph is undirected: its edges would be one-way; use graph.to_directed()")
    nowhere = [node for node, data in graph.nodes(data=True) if data.get("x") is None or data.get("y") is None]
    if nowhere:
        raise ValueError(f"{len(nowhere)} nodes lack 'x' or 'y', the first {nowhere[0]!r}")
    number = {node: i for i, node in enumerate(graph.nodes)}
    missing = [(u, v) for u, v, value in graph.edges(data=weight) if value is None]
    if missing:
        raise ValueError(f"{len(missing)} edges lack {weight!r}, the first {missing[0]}")
    edges = list(graph.edges(data=True))
    x = np.array([float(x) for _, x in graph.nodes(data="x")])
    y = np.array([float(y) for _, y in graph.nodes(data="y")])
    tail, head = (np.array([number[edge[k]] for edge in edges], dtype=np.int32) for k in (0, 1))
    said = [data.get("length") for _, _, data in edges]
    is_said = np.array([length is not None for length in said], dtype=bool)
    length_m = np.hypot(x[head] - x[tail], y[head] - y[tail])
    length_m[is_said] = [float(length) for length in said if length is not None]
    return RoadNetwork(
        tail=tail,
        head=head,
        milliseconds=np.rint([1000.0 * float(data[weight]) for _, _, data in edges]),
        x=x,
        y=y,
        length_m=length_m,
    )


def weak_spots(network: RoadNetwork) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find what cuts the network in two when it closes.

    Parameters
    ----------
    network
        One-way rules are left aside: a closed road is closed both ways.

    Returns
    -------
    arcs : (a,) int64
        Arc numbers whose piece of road is a bridge of the graph (no way round).
    nodes : (b,) int64
        Articulation points. Hopcroft & Tarjan 1973, by networkx.
    """
    arcs = np.flatnonzero(network.passable)
    graph = nx.Graph()
    graph.add_nodes_from(range(network.x.size))
    low = np.minimum(network.tail[arcs], network.head[arcs]).astype(np.int64)
    high = np.maximum(network.tail[arcs], network.head[arcs]).astype(np.int64)
    piece = np.where(network.twin[arcs] >= 0, np.minimum(arcs, network.twin[arcs]), arcs)
    pairs, first, inverse = np.unique(np.column_stack([low, high]), axis=0, return_index=True, return_inverse=True)
    graph.add_edges_from(pairs.tolist())
    pieces_of_pair = np.bincount(np.unique(np.column_stack([inverse, piece]), axis=0)[:, 0], minlength=len(pairs))
    arc_of_pair = {tuple(pair): int(arcs[row]) for pair, row in zip(pairs.tolist(), first, strict=True)}
    alone = {tuple(pair) for pair, count in zip(pairs.tolist(), pieces_of_pair, strict=True) if count == 1}
    bridges = [tuple(sorted(edge)) for edge in nx.bridges(graph)]
    cut_arcs = sorted(arc_of_pair[edge] for edge in bridges if edge in alone)
    return np.array(cut_arcs, dtype=np.int64), np.array(sorted(nx.articulation_points(graph)), dtype=np.int64)


def island_of_nodes(u: NDArray[np.integer], v: NDArray[np.integer]) -> NDArray[np.int32]:
    """Give each island of a road layer a number.

    Parameters
    ----------
    u, v : (k,) int
        End nodes of each road piece, 0…n−1.

    Returns
    -------
    (n,) int32
        Island of each node; one-way rules are left aside.
    """
    n = int(max(u.max(), v.max())) + 1 if u.size else 0
    graph = coo_array((np.ones(u.size, dtype=np.int8), (u, v)), shape=(n, n))
    label: NDArray[np.int32] = connected_components(graph, directed=False)[1]
    return label
