"""In which parts of a network one gets everywhere and back, and which of them lead to which."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from gis.cost_matrix import CLOSED_MS

Ints = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Components:
    """Strongly connected components of the open arcs.

    Parameters
    ----------
    of_node : (n,) int32
        Number of the component of each node.
    leads_to : (c, c) sparse
        Components that an open arc leads from and to.
    longest_ms
        No way without a circle takes longer.
    """

    of_node: Ints
    leads_to: csr_array
    longest_ms: int

    def reached_from(self, component: int) -> NDArray[np.bool_]:
        """(c,) components that one gets to from this one, itself included."""
        reached = np.zeros(self.leads_to.shape[0], dtype=bool)
        reached[breadth_first_order(self.leads_to, component, return_predecessors=False)] = True
        return reached


def components_of(tail: Ints, head: Ints, milliseconds: Ints, nodes: int) -> Components:
    """Find the strongly connected components of the open arcs (Tarjan 1972, by scipy).

    Parameters
    ----------
    tail, head, milliseconds : (m,) int32
        ``CLOSED_MS`` where an arc is closed.
    nodes
        How many there are.
    """
    is_open = milliseconds < CLOSED_MS
    ends = tail[is_open], head[is_open]
    graph = coo_array((np.ones(ends[0].size, np.int8), ends), shape=(nodes, nodes))
    count, label = connected_components(graph, directed=True, connection="strong")
    between = label[ends[0]] != label[ends[1]]
    pairs = np.unique(np.stack([label[end][between] for end in ends]), axis=1)
    leads_to = csr_array((np.ones(pairs.shape[1], np.int8), tuple(pairs)), shape=(count, count))
    slowest = np.zeros(nodes, np.int64)
    np.maximum.at(slowest, ends[0], milliseconds[is_open])
    return Components(label.astype(np.int32), leads_to, int(slowest.sum()))
