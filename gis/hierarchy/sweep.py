"""All fastest times between many places: sources side by side in lanes, one sweep over the hierarchy for all.

A fastest way first rises, then falls. The ranks above the sources are relaxed upward, then the ranks
above the targets downward from the highest (Delling, Goldberg, Nowatzyk & Werneck, PHAST, 2011; only
what the targets need: Delling, Goldberg & Werneck, Faster Batched Shortest Paths, 2011). Each step is
a minimum of two rows of integers, which compilers turn into vector instructions.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled
from gis.cost_matrix import CLOSED_MS, UNREACHABLE
from gis.hierarchy.customization import Slope
from gis.hierarchy.ends import Ends

Ints = NDArray[np.int32]

_NEVER = np.int32(CLOSED_MS)
_NO_WAY = np.int32(UNREACHABLE)


@compiled
def fill_matrix(
    parent: Ints,
    rise: Slope,
    fall: Slope,
    sources: Ends,
    order: NDArray[np.int64],
    targets: Ends,
    lanes: int,
    out: Ints,
) -> None:
    """Compute the whole seconds from every source to every target.

    Parameters
    ----------
    parent : (n,) int32
        Elimination tree.
    rise, fall
        Arcs upward and downward; exchanged, they give the seconds from every target to every source.
    sources, targets
    order : (k,) int64
        Which sources, in which order: those of neighbouring ranks next to each other share most of their way.
    lanes
        How many sources go side by side.
    out : (n_sources, n_targets) int32
        The rows of these sources are filled in; ``UNREACHABLE`` where there is no way.
    """
    row, below = _rows_above(parent, targets.at)
    ranks = _descending(row, below)
    fall = _restrict(fall, ranks, row)
    time = np.full((len(parent), lanes), _NEVER, np.int32)
    swept = np.full((len(ranks), lanes), _NEVER, np.int32)
    arrived = np.empty((len(targets.at), lanes), np.int32)
    seen, touched = np.zeros(len(parent), np.bool_), np.empty(len(parent), np.int32)
    for begin in range(0, len(order), lanes):
        part = order[begin : begin + lanes]
        count = 0
        for lane in range(len(part)):
            for end in range(2):
                v, at = sources.at[part[lane], end], sources.ms[part[lane], end]
                if v >= 0:
                    time[v, lane] = min(time[v, lane], at)
                while v >= 0 and not seen[v]:
                    seen[v] = True
                    touched[count] = v
                    count += 1
                    v = parent[v]
        above = touched[:count]
        above.sort()
        for v in above:
            for e in range(rise.first[v], rise.first[v + 1]):
                _relax(time, rise.head[e], v, np.int32(rise.ms[e]))
        for i in range(len(ranks)):
            swept[i, :] = time[ranks[i], :]
            for e in range(fall.first[i], fall.first[i + 1]):
                _relax(swept, i, fall.head[e], np.int32(fall.ms[e]))
        _arrive(swept, row, targets, arrived)
        for lane in range(len(part)):
            for target in range(len(arrived)):
                out[part[lane], target] = _rounded(arrived[target, lane])
        for v in above:
            seen[v] = False
            time[v, :] = _NEVER


@compiled
def _relax(time: Ints, to: int, by: int, ms: np.int32) -> None:
    for lane in range(time.shape[1]):
        time[to, lane] = min(time[to, lane], np.int32(time[by, lane] + ms))


@compiled
def _arrive(swept: Ints, row: Ints, targets: Ends, arrived: Ints) -> None:
    """Fill in the times at the targets: over their ends, the milliseconds from there on added."""
    for target in range(len(arrived)):
        arrived[target, :] = _NEVER
        for end in range(2):
            if targets.at[target, end] >= 0:
                at, ms = row[targets.at[target, end]], np.int32(targets.ms[target, end])
                for lane in range(arrived.shape[1]):
                    arrived[target, lane] = min(arrived[target, lane], np.int32(swept[at, lane] + ms))


@compiled
def _rounded(ms: np.int32) -> np.int32:
    """Return whole seconds, halves up, as :func:`gis.cost_matrix.whole_seconds`."""
    if ms >= _NEVER:
        return _NO_WAY
    return np.int32(np.uint32(ms + 500) // np.uint32(1000))


@compiled
def _rows_above(parent: Ints, ranks: Ints) -> tuple[Ints, int]:
    """Mark the ranks on the ways from these to their roots; how many they are."""
    row = np.full(len(parent), -1, np.int32)
    count = 0
    for rank in ranks.flat:
        v = rank
        while v >= 0 and row[v] < 0:
            row[v] = 0
            count += 1
            v = parent[v]
    return row, count


@compiled
def _descending(row: Ints, count: int) -> Ints:
    """Return the marked ranks from the highest down, their rows numbered in place."""
    ranks = np.empty(count, np.int32)
    at = 0
    for v in range(len(row) - 1, -1, -1):
        if row[v] >= 0:
            row[v] = at
            ranks[at] = v
            at += 1
    return ranks


@compiled
def _restrict(slope: Slope, ranks: Ints, row: Ints) -> Slope:
    """Return the arcs of these ranks only, heads given as rows."""
    first = np.zeros(len(ranks) + 1, np.int32)
    for i in range(len(ranks)):
        first[i + 1] = first[i] + slope.first[ranks[i] + 1] - slope.first[ranks[i]]
    arcs = np.empty(first[-1], np.int32)
    for i in range(len(ranks)):
        for k in range(first[i + 1] - first[i]):
            arcs[first[i] + k] = slope.first[ranks[i]] + k
    return Slope(first, row[slope.head[arcs]], slope.ms[arcs], slope.edge[arcs])


@compiled
def count_arcs_above(parent: Ints, slope: Slope, ranks: Ints) -> int:
    """Count the arcs that a sweep restricted to these ranks looks at."""
    row, _ = _rows_above(parent, ranks)
    count = 0
    for v in range(len(row)):
        if row[v] >= 0:
            count += slope.first[v + 1] - slope.first[v]
    return count
