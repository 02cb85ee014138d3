"""Stretches: roads from one junction to the next, however many pieces they are drawn in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled

Ints = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Stretches:
    """The maximal chains of nodes that join exactly two pieces of road.

    Parameters
    ----------
    of_piece : (k,) int32
        Number of the stretch that each piece belongs to.
    order : (k,) int32
        The pieces one stretch after the other, each stretch from its beginning to its end.
    against : (k,) bool
        Whether the line of the piece at this place of `order` runs against its stretch.
    """

    of_piece: Ints
    order: Ints
    against: NDArray[np.bool_]


def trace_stretches(u: Ints, v: Ints, nodes: int) -> Stretches:
    """Follow the pieces of road from junction to junction.

    Parameters
    ----------
    u, v : (k,) int32
        Nodes at the two ends of each piece; one-way rules and closures play no part.
    nodes
        How many there are.

    Returns
    -------
    Stretches
        A ring without a junction is one stretch that begins anywhere.
    """
    return Stretches(*_trace(np.ascontiguousarray(u, np.int32), np.ascontiguousarray(v, np.int32), nodes))


def round_along(stretches: Stretches, forward: NDArray[np.float64], backward: NDArray[np.float64]) -> tuple[Ints, Ints]:
    """Round the milliseconds of pieces so that those of a stretch add up to its rounded whole, in each direction.

    Parameters
    ----------
    stretches
    forward, backward : (k,) float64
        Exact milliseconds along and against the line of each piece; not finite where it is closed.

    Returns
    -------
    forward, backward : (k,) int64
        The difference of the rounded distances in time from the beginning of the stretch; −1 where closed.
    """
    order, against = stretches.order, stretches.against
    there = np.where(against, backward[order], forward[order])
    back = np.where(against, forward[order], backward[order])
    begins = np.append(True, np.diff(stretches.of_piece[order]) != 0)[: order.size]
    there, back = (_round_cumulatively(exact, begins) for exact in (there, back))
    rounded = np.empty((2, order.size), np.int64)
    rounded[0, order] = np.where(against, back, there)
    rounded[1, order] = np.where(against, there, back)
    return rounded[0], rounded[1]


def _round_cumulatively(exact: NDArray[np.float64], begins: NDArray[np.bool_]) -> NDArray[np.int64]:
    is_open = np.isfinite(exact)
    end = np.cumsum(np.where(is_open, exact, 0.0))
    begin = end - np.where(is_open, exact, 0.0)
    first = np.maximum.accumulate(np.where(begins, np.arange(exact.size), 0))
    zero = begin[first]
    # the end of one piece is the beginning of the next, to the last bit
    behind = np.where(begins, 0.0, np.append(0.0, end[:-1])[: exact.size] - zero)
    return np.where(is_open, np.rint(end - zero) - np.rint(behind), -1).astype(np.int64)


@compiled
def _trace(u: Ints, v: Ints, nodes: int) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    count = len(u)
    degree, link = np.zeros(nodes, np.int32), np.full((nodes, 2), -1, np.int32)
    for piece in range(count):
        for node in (u[piece], v[piece]):
            if degree[node] < 2:
                link[node, degree[node]] = piece
            degree[node] += 1
    of_piece, order, against = np.full(count, -1, np.int32), np.empty(count, np.int32), np.zeros(count, np.bool_)
    number, placed = 0, 0
    for piece in range(count):
        if of_piece[piece] >= 0:
            continue
        at, node = piece, u[piece]
        while degree[node] == 2:  # back to where the stretch begins, or once round the ring
            before = link[node, 0] if link[node, 0] != at else link[node, 1]
            if before in (at, piece):
                break
            at, node = before, v[before] if u[before] == node else u[before]
        while True:
            is_against = u[at] != node
            of_piece[at], order[placed], against[placed] = number, at, is_against
            placed += 1
            node = u[at] if is_against else v[at]
            if degree[node] != 2:
                break
            after = link[node, 0] if link[node, 0] != at else link[node, 1]
            if of_piece[after] >= 0:
                break
            at = after
        number += 1
    return of_piece, order, against
