"""One drawing of all borders: pieces of ground that share every corner, so that nothing overlaps or gapes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Geometries = NDArray[np.object_]

GRID_M = 1e-7
"""Corners are rounded to this: borders drawn twice fall together, and no ground moves by more."""

STRAIGHT_M = 500.0
"""Borders get a corner at least so often: straight in metres is not straight in degrees."""

_OUTLINE_M = 100.0  # likewise along the outline, where what is cut later in degrees is not to change how far it goes
_ON_M = 1e-5


@dataclass(frozen=True, eq=False)
class Pieces:
    """Connected pieces of ground.

    Parameters
    ----------
    ground : (k,) Polygon
    owner : (k,) int64
        Row of the ground that each piece is of; −1 where none lies.
    """

    ground: Geometries
    owner: Ints


def arrange(grounds: Geometries, outline: shapely.Geometry | None) -> Pieces:
    """Draw all borders once and return the pieces between them.

    Parameters
    ----------
    grounds : (n,) polygons or ``None``
        Metres. Where two overlap the first has the ground.
    outline
        What is outside of it is left off, what no ground covers inside of it is told; ``None``: as far as the
        grounds go.

    Returns
    -------
    Pieces
        In the order of their owners. Each border is cut into straight bits once for both of its sides.
    """
    there = np.flatnonzero(~(shapely.is_missing(grounds) | shapely.is_empty(grounds)))
    borders = np.asarray(shapely.boundary(grounds[there]), dtype=object)
    drawn = (
        borders if outline is None else np.concatenate([borders, np.array([shapely.boundary(outline)], dtype=object)])
    )
    noded = shapely.get_parts(shapely.union_all(drawn, grid_size=GRID_M))
    faces = shapely.get_parts(shapely.polygonize(_with_corners(noded, outline)))
    inner = shapely.point_on_surface(faces)
    found = np.full(faces.size, there.size)
    within = shapely.STRtree(grounds[there]).query(inner, predicate="intersects")
    np.minimum.at(found, within[0], within[1])
    owner = np.append(there, -1)[found]
    kept = owner >= 0
    if outline is not None:
        shapely.prepare(outline)
        kept = shapely.intersects(outline, inner)
    return dissolve(faces[kept], owner[kept])


def _with_corners(lines: Geometries, outline: shapely.Geometry | None) -> Geometries:
    found = np.asarray(shapely.segmentize(lines, STRAIGHT_M), dtype=object)
    if outline is not None:
        edge = shapely.boundary(outline)
        shapely.prepare(edge)
        along = shapely.dwithin(edge, shapely.line_interpolate_point(lines, 0.5, normalized=True), _ON_M)
        found[along] = shapely.segmentize(lines[along], _OUTLINE_M)
    return found


def dissolve(pieces: Geometries, owner: Ints) -> Pieces:
    """Unite the pieces of each owner and return what hangs together."""
    order = np.argsort(owner, kind="stable")
    present, first = np.unique(owner[order], return_index=True)
    united = [shapely.coverage_union_all(rows) for rows in np.split(pieces[order], first[1:])] if order.size else []
    parts, of = shapely.get_parts(np.array(united, dtype=object), return_index=True)
    return Pieces(parts, present[of].astype(np.int64))


def grounds_of(pieces: Pieces, count: int) -> Geometries:
    """Return the ground of each of so many owners, ``None`` for those without any."""
    found = np.full(count, None, dtype=object)
    for owner in np.unique(pieces.owner[pieces.owner >= 0]):
        found[owner] = shapely.coverage_union_all(pieces.ground[pieces.owner == owner])
    return found
