"""Where lines cross or touch without a common node."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.faults import Fault, FaultsError
from layers.sources.lines.chains import Chains, Flags, Floats, Ints
from layers.sources.lines.coincidence import COINCIDENT_M, merge_points

MAX_CROSSINGS = 5_000_000
"""More are no roads: a drawing with hatching, or contour lines."""
_CHUNK = 4096  # segments asked at once, so that a drawing in which everything overlaps fits into memory


@dataclass(frozen=True, eq=False)
class Crossings:
    """Segments that meet where they have no common node.

    Parameters
    ----------
    first, second : (c,) int64
        Segments that cross each other.
    xy : (c, 2) metres
        Where they do.
    touching : (t,) int64
        Positions of nodes that lie on a segment of another line.
    touched : (t,) int64
        Those segments.
    """

    first: Ints
    second: Ints
    xy: Floats
    touching: Ints
    touched: Ints


def find_crossings(chains: Chains) -> Crossings:
    """Find all places where lines cross or touch without a common node.

    Parameters
    ----------
    chains

    Returns
    -------
    Crossings
        Touching: a node that is no end of a line, within a centimetre of a segment. Lines of all
        levels, bridges and tunnels too.

    Raises
    ------
    FaultsError
        If there are more than ``MAX_CROSSINGS``.
    """
    segments = chains.segments
    if not segments.size:
        return Crossings(*(np.zeros(0, dtype=np.int64),) * 2, np.zeros((0, 2)), *(np.zeros(0, dtype=np.int64),) * 2)
    is_end = np.zeros(int(chains.node.max()) + 1, dtype=bool)
    is_end[chains.ends] = True
    found, count = [], 0
    for begin in range(0, segments.size, _CHUNK):
        a, b = chains.segment_tree.query(_boxes(chains, segments[begin : begin + _CHUNK]))
        a = a + begin
        is_pair = (a < b) & (segments[a] + 1 != segments[b])
        part = _meet(chains, segments[a[is_pair]], segments[b[is_pair]], is_end)
        found.append(part)
        count += part.first.size + part.touching.size
        if count > MAX_CROSSINGS:
            raise FaultsError([Fault("too-many-crossings", layer="roads", params={"limit": MAX_CROSSINGS})])
    names = ("first", "second", "xy", "touching", "touched")
    return Crossings(*(np.concatenate([getattr(part, name) for part in found]) for name in names))


def places_of_crossings(chains: Chains, crossings: Crossings) -> Floats:
    """(n, 2) metres of the distinct places where lines cross or touch."""
    xy = np.concatenate([crossings.xy, chains.xy[crossings.touching]])
    return xy[np.unique(merge_points(xy))] if len(xy) else xy


def on_one_level(chains: Chains, a: Ints, b: Ints) -> Flags:
    """(n,) whether lines on which segments or positions lie meet where they cross."""
    p, q = chains.line[a], chains.line[b]
    # a level is that of a structure or not, so one of the two tells
    return np.asarray((chains.level[p] == chains.level[q]) & ~chains.is_structure[p], dtype=bool)


def select_crossings(crossings: Crossings, is_crossing: Flags, is_touch: Flags) -> Crossings:
    """Return some of the crossings and touches."""
    return Crossings(
        crossings.first[is_crossing],
        crossings.second[is_crossing],
        crossings.xy[is_crossing],
        crossings.touching[is_touch],
        crossings.touched[is_touch],
    )


def along_segment(xy: Floats, tail: Floats, head: Floats) -> tuple[Floats, Floats]:
    """Return how far along segments points lie nearest (n,) from 0 to 1, and their distance in metres (n,)."""
    step = head - tail
    length2 = (step**2).sum(axis=1)
    share = ((xy - tail) * step).sum(axis=1) / np.where(length2 > 0, length2, 1.0)
    share = np.clip(share, 0.0, 1.0)
    return share, np.hypot(*(tail + share[:, None] * step - xy).T)


def _boxes(chains: Chains, segments: Ints) -> NDArray[np.object_]:
    """Lines whose bounds are those of segments and a centimetre more."""
    low = np.minimum(chains.xy[segments], chains.xy[segments + 1]) - COINCIDENT_M
    high = np.maximum(chains.xy[segments], chains.xy[segments + 1]) + COINCIDENT_M
    return np.asarray(shapely.linestrings(np.stack([low, high], axis=1)), dtype=object)


def _meet(chains: Chains, a: Ints, b: Ints, is_end: Flags) -> Crossings:
    node, xy = chains.node, chains.xy
    shares = (node[a] == node[b]) | (node[a] == node[b + 1]) | (node[a + 1] == node[b]) | (node[a + 1] == node[b + 1])
    touches = np.zeros(a.size, dtype=bool)
    touching, touched = [], []
    for position, segment in ((a, b), (a + 1, b), (b, a), (b + 1, a)):
        is_near = along_segment(xy[position], xy[segment], xy[segment + 1])[1] <= COINCIDENT_M
        is_near &= (node[position] != node[segment]) & (node[position] != node[segment + 1])
        touches |= is_near
        is_near &= ~is_end[node[position]]
        touching.append(position[is_near])
        touched.append(segment[is_near])
    p, q = xy[a], xy[b]
    r, s, gap = xy[a + 1] - p, xy[b + 1] - q, q - p
    turn = r[:, 0] * s[:, 1] - r[:, 1] * s[:, 0]
    safe = np.where(turn == 0.0, 1.0, turn)
    t = (gap[:, 0] * s[:, 1] - gap[:, 1] * s[:, 0]) / safe
    u = (gap[:, 0] * r[:, 1] - gap[:, 1] * r[:, 0]) / safe
    cross = (turn != 0.0) & (t > 0) & (t < 1) & (u > 0) & (u < 1) & ~shares & ~touches
    places = p[cross] + t[cross, None] * r[cross]
    return Crossings(a[cross], b[cross], places, np.concatenate(touching), np.concatenate(touched))
