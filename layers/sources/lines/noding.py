"""Joining lines that were drawn without common vertices: crossings, ends on a line, small gaps."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from layers.sources.lines.chains import Chains, Floats, Ints, levels_of_lines
from layers.sources.lines.coincidence import merge_points
from layers.sources.lines.crossings import (
    Crossings,
    along_segment,
    find_crossings,
    on_one_level,
    places_of_crossings,
    select_crossings,
)
from layers.sources.lines.end_targets import place_ends
from layers.sources.lines.ends import LooseEnds, find_loose_ends
from layers.sources.lines.plane import LinePlane
from layers.sources.ways import Ways

_ROUNDS = 5
"""A vertex put into a line moves it by less than the tolerance and may thus make it cross another."""


@dataclass(frozen=True, eq=False)
class Meetings:
    """Where lines meet without a common node.

    Parameters
    ----------
    crossings, ends, gaps : (n, 2) metres
        Lines that cross or touch; ends near the middle of a line; ends near each other.
    apart : (n, 2) metres
        Lines that cross on different levels.
    """

    crossings: Floats
    ends: Floats
    gaps: Floats
    apart: Floats


@dataclass(frozen=True, eq=False)
class _Insertions:
    """Nodes to put into segments."""

    segment: Ints
    node: Ints
    xy: Floats


def chains_of_ways(ways: Ways, plane: LinePlane) -> Chains:
    """Return the ways in the plane in which they were drawn.

    Parameters
    ----------
    ways
        From ``ways_from_lines``: all positions of a node have the same coordinates.
    plane

    Returns
    -------
    Chains
    """
    level, is_structure = levels_of_lines(ways.attributes)
    return Chains(ways.node, plane.metres(ways.lon, ways.lat), ways.start, level, is_structure)


def find_meetings(chains: Chains, *, tolerance_m: float) -> Meetings:
    """Find where lines meet without a common node.

    Parameters
    ----------
    chains
    tolerance_m
        How near ends must come to another line.

    Returns
    -------
    Meetings
    """
    crossings, apart = _by_level(chains, find_crossings(chains))
    loose = find_loose_ends(chains, tolerance_m=tolerance_m)
    crossings = _without_overshoots(chains, crossings, loose, tolerance_m)
    return _meetings(chains, crossings, apart, loose)


def join_lines(chains: Chains, *, tolerance_m: float) -> tuple[Chains, Ints, Meetings]:
    """Give lines that meet a common node.

    Parameters
    ----------
    chains
    tolerance_m
        Ends this near to another line or end are joined to it.

    Returns
    -------
    Chains
        The same lines with further vertices; only ends were moved, by no more than the tolerance.
    (k,) int64
        Position that each position had before, −1 for new or moved ones.
    Meetings
        What was joined, and what lies on different levels.

    Notes
    -----
    All decisions are taken on the lines as they were, so no chain of small gaps drags a road along.
    An end moves to a vertex within the tolerance, else to the nearest point of the other line;
    of ends near each other the one with most neighbours stays. Crossings are exact.
    """
    crossings, apart = _by_level(chains, find_crossings(chains))
    loose = find_loose_ends(chains, tolerance_m=tolerance_m)
    crossings = _without_overshoots(chains, crossings, loose, tolerance_m)
    met = _meetings(chains, crossings, apart, loose)
    origin = np.arange(chains.node.size)
    if loose.end.size:
        chains, origin, crossings = _join_ends(chains, crossings, loose, tolerance_m)
    for _ in range(_ROUNDS):
        if not crossings.first.size and not crossings.touching.size:
            break
        chains, origin = _insert(chains, origin, _crossing_nodes(chains, crossings))
        crossings = _by_level(chains, find_crossings(chains))[0]
    return chains, origin, met


def joined_ways(ways: Ways, plane: LinePlane, chains: Chains, origin: Ints) -> Ways:
    """Return ways whose lines were joined.

    Parameters
    ----------
    ways
        Before.
    plane
    chains, origin
        From ``join_lines``.

    Returns
    -------
    Ways
        Positions that stayed keep their degrees to the last digit.
    """
    lon, lat = ways.lon[np.maximum(origin, 0)], ways.lat[np.maximum(origin, 0)]
    is_new = origin < 0
    if is_new.any():
        lon[is_new], lat[is_new] = plane.degrees(chains.xy[is_new])
    # one node, one position, also where the plane's rounding says otherwise
    at = np.zeros(int(chains.node.max()) + 1, dtype=np.int64)
    at[chains.node[is_new]] = np.flatnonzero(is_new)
    at[chains.node[~is_new]] = np.flatnonzero(~is_new)
    return Ways(chains.node, lon[at[chains.node]], lat[at[chains.node]], chains.start, ways.attributes)


def _by_level(chains: Chains, crossings: Crossings) -> tuple[Crossings, Crossings]:
    """Return the crossings of lines that meet, and those of lines that pass over each other."""
    is_crossing = on_one_level(chains, crossings.first, crossings.second)
    is_touch = on_one_level(chains, crossings.touching, crossings.touched)
    return (
        select_crossings(crossings, is_crossing, is_touch),
        select_crossings(crossings, ~is_crossing, ~is_touch),
    )


def _meetings(chains: Chains, crossings: Crossings, apart: Crossings, loose: LooseEnds) -> Meetings:
    gaps = np.unique(np.sort(np.column_stack([loose.end, loose.vertex])[loose.is_gap], axis=1)[:, 0])
    on_line = np.setdiff1d(loose.end[~loose.is_gap], gaps)
    return Meetings(
        crossings=places_of_crossings(chains, crossings),
        ends=chains.place(on_line),
        gaps=chains.place(gaps),
        apart=places_of_crossings(chains, apart),
    )


def _without_overshoots(chains: Chains, crossings: Crossings, loose: LooseEnds, tolerance_m: float) -> Crossings:
    """Leave out crossings of a line's last segment with the line to which its end is joined just behind."""
    lines = chains.level.size
    joined = np.unique(loose.end * lines + chains.line[loose.segment])
    is_over = np.zeros(crossings.first.size, dtype=bool)
    for own, other in ((crossings.first, crossings.second), (crossings.second, crossings.first)):
        for k in (0, 1):
            end = chains.node[own + k]
            is_near = np.hypot(*(chains.xy[own + k] - crossings.xy).T) <= 2.0 * tolerance_m
            is_over |= is_near & np.isin(end * lines + chains.line[other], joined)
    return select_crossings(crossings, ~is_over, np.ones(crossings.touching.size, dtype=bool))


def _join_ends(
    chains: Chains, crossings: Crossings, loose: LooseEnds, tolerance_m: float
) -> tuple[Chains, Ints, Crossings]:
    """Move ends to their targets, and put them and the crossings into the lines that they meet."""
    places = place_ends(chains, loose, tolerance_m=tolerance_m)
    target, place, row = places.target, places.place, np.searchsorted(places.end, loose.end)
    moved_to = np.full(int(chains.node.max()) + 1, -1, dtype=np.int64)
    moved_to[places.end] = np.arange(places.end.size)
    k = moved_to[chains.node]
    node, xy = chains.node.copy(), chains.xy.copy()
    node[k >= 0], xy[k >= 0] = target[k[k >= 0]], place[k[k >= 0]]
    origin = np.where((xy == chains.xy).all(axis=1), np.arange(node.size), -1)
    moved = replace(chains, node=node, xy=xy)
    goal, spot, segment = target[row], place[row], loose.segment
    distance_m = along_segment(spot, chains.xy[segment], chains.xy[segment + 1])[1]
    is_in = (goal != node[segment]) & (goal != node[segment + 1]) & (distance_m <= tolerance_m)
    crossing = _crossing_nodes(moved, crossings)
    inserted = _Insertions(
        np.concatenate([segment[is_in], crossing.segment]),
        np.concatenate([goal[is_in], crossing.node]),
        np.concatenate([spot[is_in], crossing.xy]),
    )
    joined, origin = _insert(moved, origin, inserted)
    return joined, origin, _by_level(joined, find_crossings(joined))[0]


def _crossing_nodes(chains: Chains, crossings: Crossings) -> _Insertions:
    """Return one new node a crossing for both of its segments, and nodes that touch a segment for that segment."""
    stands = merge_points(crossings.xy) if len(crossings.xy) else np.zeros(0, dtype=np.int64)
    number = int(chains.node.max()) + 1 + stands
    xy = crossings.xy[stands]
    return _Insertions(
        np.concatenate([crossings.first, crossings.second, crossings.touched]),
        np.concatenate([number, number, chains.node[crossings.touching]]),
        np.concatenate([xy, xy, chains.xy[crossings.touching]]),
    )


def _insert(chains: Chains, origin: Ints, inserted: _Insertions) -> tuple[Chains, Ints]:
    """Put nodes into segments, in the order in which they lie along them."""
    order = np.lexsort([inserted.node, inserted.segment])
    segment, node, xy = inserted.segment[order], inserted.node[order], inserted.xy[order]
    is_first = np.ones(segment.size, dtype=bool)
    is_first[1:] = (segment[1:] != segment[:-1]) | (node[1:] != node[:-1])
    segment, node, xy = segment[is_first], node[is_first], xy[is_first]
    share = along_segment(xy, chains.xy[segment], chains.xy[segment + 1])[0]
    position = np.concatenate([np.arange(chains.node.size), segment])
    order = np.lexsort([np.concatenate([np.full(chains.node.size, -1.0), share]), position])
    counts = np.diff(chains.start) + np.bincount(chains.line[segment], minlength=chains.level.size)
    longer = replace(
        chains,
        node=np.concatenate([chains.node, node])[order],
        xy=np.concatenate([chains.xy, xy])[order],
        start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
    )
    return longer, np.concatenate([origin, np.full(segment.size, -1)])[order]
