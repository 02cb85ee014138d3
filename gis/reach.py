"""How far one gets: the nodes within a cut-off, at a cost that does not depend on the network's size.

Dijkstra 1959 with buckets of about a second (Dial 1969); a node may be looked at again within its bucket.
Where the cut-off is long a bucket holds several seconds. Only what was touched is put back.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled
from gis.cost_matrix import CLOSED_MS

Ints = NDArray[np.int32]

_MOST_BUCKETS = 2**14
_SECOND = 10  # a bucket of 2**10 ms costs no more than whole seconds would; one of 64 ms three times as much


class Arcs(NamedTuple):
    """The arcs out of every node.

    Parameters
    ----------
    first : (n + 1,) int32
        Node ``v`` has the arcs ``first[v]:first[v + 1]``.
    head, ms : (m,) int32
    """

    first: Ints
    head: Ints
    ms: Ints


@compiled
def reach(arcs: Arcs, nodes: Ints, begin_ms: Ints, cutoff_ms: int, time: Ints) -> tuple[Ints, Ints]:
    """Find the nodes within the cut-off.

    Parameters
    ----------
    arcs
    nodes, begin_ms : (k,) int32
        Where one sets out, and how late; node −1 is passed over.
    cutoff_ms
        Milliseconds.
    time : (n,) int32
        ``CLOSED_MS`` everywhere, before and after.

    Returns
    -------
    node, ms : (r,) int32
        In the order in which they are first seen.
    """
    wide = _SECOND
    while cutoff_ms >> wide >= _MOST_BUCKETS:
        wide += 1
    latest = np.full(
        (cutoff_ms >> wide) + 1, -1, np.int32
    )  # of each bucket the last entry; entries name the one before
    entry, before = np.empty(256, np.int32), np.empty(256, np.int32)
    seen, count, entries = np.empty(256, np.int32), 0, 0
    for i in range(len(nodes)):
        v, at = nodes[i], begin_ms[i]
        if v >= 0 and at <= cutoff_ms and at < time[v]:
            entry, before, seen = _room(entry, entries + 1), _room(before, entries + 1), _room(seen, count + 1)
            if time[v] == CLOSED_MS:
                seen[count] = v
                count += 1
            time[v], entry[entries], before[entries], latest[at >> wide] = at, v, latest[at >> wide], entries
            entries += 1
    for bucket in range(len(latest)):
        while latest[bucket] >= 0:
            v = entry[latest[bucket]]
            latest[bucket] = before[latest[bucket]]
            if time[v] >> wide != bucket:
                continue  # reached earlier by another way
            degree = arcs.first[v + 1] - arcs.first[v]
            if entries + degree > len(entry):
                entry, before = _room(entry, entries + degree), _room(before, entries + degree)
            if count + degree > len(seen):
                seen = _room(seen, count + degree)
            for a in range(arcs.first[v], arcs.first[v + 1]):
                w, at = arcs.head[a], time[v] + arcs.ms[a]
                if at < time[w] and at <= cutoff_ms:
                    if time[w] == CLOSED_MS:
                        seen[count] = w
                        count += 1
                    time[w], entry[entries], before[entries], latest[at >> wide] = at, w, latest[at >> wide], entries
                    entries += 1
    node = seen[:count].copy()
    ms = time[node]
    time[node] = CLOSED_MS
    return node, ms


@compiled
def _room(array: Ints, size: int) -> Ints:
    """Return an array that holds so many, with what it has."""
    if size <= len(array):
        return array
    larger = np.empty(2 * size, np.int32)
    larger[: len(array)] = array
    return larger
