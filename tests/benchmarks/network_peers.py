"""The same questions to other engines, from the same arrays: scipy, networkx, and those that are installed."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from gis.network import RoadNetwork

Nodes = NDArray[np.int64]
Matrix = Callable[[Nodes, Nodes], NDArray[Any]]
SAMPLED = {"scipy": 40, "networkx": 4, "igraph": 40, "pandana": 40}
"""Of how many sources the time of a slow engine is taken, and multiplied."""


def as_csr(network: RoadNetwork) -> csr_array:
    """Return the network as scipy's sparse matrix, of parallel arcs the fastest."""
    tail, head, seconds = open_arcs(network)
    n = network.x.size
    key = tail.astype(np.int64) * n + head
    order = np.lexsort((seconds, key))
    order = order[np.append(True, key[order][1:] != key[order][:-1])]
    return csr_array((seconds[order].astype(np.float64), (tail[order], head[order])), shape=(n, n))


def open_arcs(network: RoadNetwork) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Return tail, head and seconds of the arcs that are open."""
    arcs = np.flatnonzero(network.passable)
    return network.tail[arcs], network.head[arcs], network.seconds[arcs]  # whole in every case here


def scipy_matrix(network: RoadNetwork) -> Matrix:
    graph = as_csr(network)
    return lambda sources, targets: dijkstra(graph, indices=sources)[:, targets]


def networkx_matrix(network: RoadNetwork) -> Matrix:
    graph = as_networkx(network)

    def rows(sources: Nodes, targets: Nodes) -> NDArray[Any]:
        reached = [nx.single_source_dijkstra_path_length(graph, int(s), weight="seconds") for s in sources]
        return np.array([[row.get(t, np.inf) for t in targets.tolist()] for row in reached])

    return rows


def as_networkx(network: RoadNetwork) -> nx.DiGraph:
    graph = nx.DiGraph()
    graph.add_nodes_from(range(network.x.size))
    coo = as_csr(network).tocoo()
    graph.add_weighted_edges_from(zip(coo.row.tolist(), coo.col.tolist(), coo.data.tolist(), strict=True), "seconds")
    return graph


def routingkit_matrix(network: RoadNetwork) -> tuple[Matrix, Any]:
    """Return the matrix by RoutingKit's customizable contraction hierarchy, and its metric for routes and edits."""
    import pyroutingkit

    topology = pyroutingkit.CCHTopology()
    tail, head, seconds = (arcs.astype(np.uint32) for arcs in open_arcs(network))
    degrees = ((axis / 111_000.0).astype(np.float32) for axis in (network.y, network.x))
    topology.build(tail, head, *degrees, network.x.size)
    metric = pyroutingkit.CCHMetric(topology)
    metric.customize(seconds, 1)

    def ask(sources: Nodes, targets: Nodes) -> NDArray[Any]:
        found = metric.distances_many_to_many(sources.astype(np.uint32), targets.astype(np.uint32))
        seconds = np.asarray(found).reshape(len(sources), len(targets))
        return np.where(seconds >= pyroutingkit.INF_WEIGHT, np.inf, seconds)

    return ask, metric


def igraph_matrix(network: RoadNetwork) -> Matrix:
    import igraph

    tail, head, seconds = open_arcs(network)
    graph = igraph.Graph(n=network.x.size, edges=np.column_stack([tail, head]), directed=True)
    weights = seconds.tolist()
    return lambda sources, targets: np.array(graph.distances(sources.tolist(), targets.tolist(), weights=weights))


def pandana_matrix(network: RoadNetwork) -> Matrix:
    import pandana
    import pandas as pd

    tail, head, seconds = open_arcs(network)
    edges = pd.DataFrame({"seconds": seconds.astype(np.float64)})
    x, y = pd.Series(network.x), pd.Series(network.y)
    net = pandana.Network(x, y, pd.Series(tail), pd.Series(head), edges, twoway=False)

    def ask(sources: Nodes, targets: Nodes) -> NDArray[Any]:
        pairs = np.repeat(sources, len(targets)), np.tile(targets, len(sources))
        return np.array(net.shortest_path_lengths(*pairs)).reshape(len(sources), len(targets))

    return ask


def installed(*names: str) -> list[str]:
    """Return which of these packages are here."""
    return [name for name in names if find_spec(name) is not None]
