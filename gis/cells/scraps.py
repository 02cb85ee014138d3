"""Scraps: pieces of ground that do not hang together with the rest of their cell, or belong to nobody."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.cells.arrangement import Pieces

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def places_of(pieces: Pieces, region: Ints, outlines: list[shapely.Geometry]) -> Ints:
    """Return the connected part of its township that each piece lies in, by number.

    Parameters
    ----------
    pieces
    region : (n,) int64
        Outline of each owner.
    outlines

    Returns
    -------
    (k,) int64
        −1 for ground that is nobody's, or outside of its owner's outline.
    """
    parts, of = shapely.get_parts(np.array(outlines, dtype=object), return_index=True)
    place = np.full(pieces.ground.size, -1, dtype=np.int64)
    inner = shapely.point_on_surface(pieces.ground)
    piece, part = shapely.STRtree(parts).query(inner, predicate="intersects")
    own = (pieces.owner[piece] >= 0) & (of[part] == region[pieces.owner[piece]])
    place[piece[own][::-1]] = part[own][::-1]  # of outlines that overlap the first
    return place


def find_scraps(pieces: Pieces, place: Ints, home: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Tell the scraps: in each connected part of its township a cell keeps one piece.

    Parameters
    ----------
    pieces, place
    home : (n,) Point
        Of each owner: the piece that holds it is kept, else the largest.

    Returns
    -------
    (k,) bool
    """
    owned = pieces.owner >= 0
    holds = np.zeros(owned.size, dtype=bool)
    holds[owned] = shapely.intersects(pieces.ground[owned], home[pieces.owner[owned]])
    order = np.lexsort((-shapely.area(pieces.ground), ~holds, place, pieces.owner))
    first = np.append(True, (np.diff(pieces.owner[order]) != 0) | (np.diff(place[order]) != 0))[: order.size]
    scrap = np.ones(owned.size, dtype=bool)
    scrap[order[first]] = False
    scrap[~owned | (place < 0)] = True
    return scrap


def give_scraps(pieces: Pieces, scrap: NDArray[np.bool_], place: Ints, family: Ints) -> Ints:
    """Return who gets each piece: a scrap goes to the cell with which it has the longest border.

    Parameters
    ----------
    pieces
    scrap : (k,) bool
    place : (k,) int64
        Connected part of a township: a scrap stays inside it where it has a neighbour there.
    family : (n,) int64
        Of each owner: a part of a village gives its scraps to the other parts where it touches one.

    Returns
    -------
    (k,) int64
        Owners. What touches nobody goes to the nearest.
    """
    owner = pieces.owner.copy()
    if not scrap.any() or scrap.all():
        return owner
    one, other, border = _borders(pieces.ground, scrap)
    settled = ~scrap
    while not settled.all():
        use = ~settled[one] & settled[other] & (border > 0)
        if not use.any():
            rest = np.flatnonzero(~settled)
            near = shapely.STRtree(pieces.ground[settled]).nearest(pieces.ground[rest])
            owner[rest] = owner[np.flatnonzero(settled)[near]]
            break
        taken = _longest(one[use], owner[other[use]], border[use], pieces.owner, place, place[other[use]], family)
        for piece, new in taken.items():
            owner[piece], settled[piece] = new, True
    return owner


def _longest(
    piece: Ints, to: Ints, border: Floats, owner: Ints, place: Ints, there: Ints, family: Ints
) -> dict[int, int]:
    """Return to which owner each piece goes: of the same village, else of the same place, else any."""
    pairs, of = np.unique(np.column_stack([piece, to]), axis=0, return_inverse=True)
    length = np.bincount(of.ravel(), border)
    same_place = np.bincount(of.ravel(), (place[piece] == there) | (place[piece] < 0)) > 0
    before = owner[pairs[:, 0]]
    kin = (before >= 0) & (family[pairs[:, 1]] == family[np.maximum(before, 0)])
    order = np.lexsort((pairs[:, 1], -length, ~same_place, ~kin, pairs[:, 0]))
    found: dict[int, int] = {}
    for row in order:
        found.setdefault(int(pairs[row, 0]), int(pairs[row, 1]))
    return found


def _borders(ground: NDArray[np.object_], scrap: NDArray[np.bool_]) -> tuple[Ints, Ints, Floats]:
    """Return pairs of a scrap and a piece beside it, and how long their border is."""
    rows = np.flatnonzero(scrap)
    found, other = shapely.STRtree(ground).query(ground[rows], predicate="intersects")
    one = rows[found]
    apart = one != other
    one, other = one[apart].astype(np.int64), other[apart].astype(np.int64)
    boundary = shapely.boundary(ground)
    return one, other, shapely.length(shapely.intersection(boundary[one], boundary[other]))
