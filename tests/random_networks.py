"""Random directed networks, and their shortest times by scipy."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from gis.cost_matrix import UNREACHABLE
from gis.network import RoadNetwork


def by_scipy(network, nodes, weights=None):
    """Seconds from the nodes to all nodes; of parallel arcs the fastest, zero weights kept."""
    weights = network.seconds if weights is None else weights
    n, arcs = network.x.size, np.flatnonzero(network.passable)
    fastest = {}
    for a in arcs.tolist():
        pair = int(network.tail[a]), int(network.head[a])
        fastest[pair] = min(fastest.get(pair, UNREACHABLE), int(weights[a]))
    tail, head = np.array(list(fastest), dtype=int).reshape(-1, 2).T
    graph = csr_array((np.array(list(fastest.values()), float), (tail, head)), shape=(n, n))
    seconds = dijkstra(graph, indices=nodes)
    return np.where(np.isfinite(seconds), seconds, UNREACHABLE).astype(int)


@st.composite
def networks(draw, most_nodes=24):
    """Directed, with parallel arcs, loops, zero weights, one-ways, islands, isolated nodes and equal positions."""
    n = draw(st.integers(1, most_nodes))
    node, seconds = st.integers(0, n - 1), st.sampled_from([0, 0, 1, 2, 3, 7, 60, UNREACHABLE])
    arcs = draw(st.lists(st.tuples(node, node, seconds), max_size=3 * n))
    seed = draw(st.integers(0, 3))
    xy = np.random.default_rng(seed).integers(0, 4, (n, 2)).astype(float)
    tail, head, weight = np.array(arcs, dtype=int).reshape(-1, 3).T
    return RoadNetwork(tail, head, weight, *xy.T)
