"""Where settlements stand, seen from their streets."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

Geometries = NDArray[np.object_]

STREET_CLASSES = ("living_street", "service", "pedestrian")
"""Streets with houses on both sides; tracks and paths also lead through fields."""

_YARD_M = 70.0
_GAP_M = 40.0
_SPUR_M = 25.0
_COURT_M2 = 40_000.0
_DETAIL_M = 12.0


def settlement_areas(streets: Geometries) -> Geometries:
    """Draw the built-up ground of settlements.

    Parameters
    ----------
    streets : (k,)
        Lines of village streets, metres.

    Returns
    -------
    (n,) Polygon
        The ground within ``_YARD_M`` of a street; gaps of less than twice ``_GAP_M`` and courts of less than
        ``_COURT_M2`` are closed, corners and spurs rounded by ``_SPUR_M``, outlines simplified to
        ``_DETAIL_M``. Nothing where there are no streets.
    """
    if not len(streets):
        return np.empty(0, dtype=np.object_)
    # Each by itself and then together: buffering all lines at once takes ten times as long.
    near = shapely.union_all(shapely.buffer(streets, _YARD_M, quad_segs=2))
    closed = shapely.buffer(near, _GAP_M, quad_segs=2)
    smooth = shapely.buffer(shapely.buffer(closed, -_GAP_M - _SPUR_M, quad_segs=2), _SPUR_M, quad_segs=2)
    areas = shapely.get_parts(shapely.simplify(smooth, _DETAIL_M))
    return np.array([_without_courts(area) for area in areas if not area.is_empty], dtype=np.object_)


def _without_courts(area: shapely.Polygon) -> shapely.Polygon:
    """Return an area without its small holes."""
    holes = [ring for ring in area.interiors if shapely.Polygon(ring).area >= _COURT_M2]
    return shapely.Polygon(area.exterior, holes)
