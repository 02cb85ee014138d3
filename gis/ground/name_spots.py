"""Where names may stand: along lines, and in the middle of areas."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Geometries = NDArray[np.object_]
Spot = list[int]

SPACING_M = 700.0
_REACHES_M = (60.0, 120.0, 240.0, 480.0, 960.0, 1920.0)
_BEND = 0.07
_CHECKS = 9


def spots_along(line: shapely.LineString, *, spacing_m: float = SPACING_M) -> list[Spot]:
    """Return where a name may stand on a line.

    Parameters
    ----------
    line
        Metres, y to the south.
    spacing_m
        From one spot to the next; the middle of the line is one of them.

    Returns
    -------
    list
        x, y, the degrees that the line is turned clockwise there (−90 to 90, so that no name stands on its head), and
        the reach: so far to both sides the line strays from straight by less than ``_BEND`` of it. Spots where it
        bends at once are left out.
    """
    middle = line.length / 2
    count = int((middle - _REACHES_M[0]) // spacing_m) if middle > _REACHES_M[0] else -1
    steps = np.arange(-count, count + 1) * spacing_m
    found = [_spot(line, middle + step) for step in steps.tolist()]
    return [spot for spot in found if spot]


def inner_points(areas: Geometries) -> Floats:
    """Return the point (n, 2) of each area, of its largest part, that is farthest from the border."""
    largest = [max(shapely.get_parts(area), key=lambda part: part.area) for area in areas]
    detail_m = [max(part.length / 500, 1.0) for part in largest]
    radii = [shapely.maximum_inscribed_circle(part, tolerance=m) for part, m in zip(largest, detail_m, strict=True)]
    return np.array([shapely.get_coordinates(radius)[0] for radius in radii]).reshape(-1, 2)


def _spot(line: shapely.LineString, at_m: float) -> Spot:
    """Return the spot at a distance along the line with its largest reach; empty if there is none."""
    reach_m, chord = 0.0, np.zeros(2)
    for half_m in _REACHES_M:
        if not half_m <= at_m <= line.length - half_m:
            break
        along = shapely.line_interpolate_point(line, np.linspace(at_m - half_m, at_m + half_m, _CHECKS))
        xy = shapely.get_coordinates(along)
        whole = xy[-1] - xy[0]
        length_m = float(np.hypot(*whole))
        off_m = np.abs((xy - xy[0]) @ np.array([-whole[1], whole[0]])) / max(length_m, 1e-9)
        if length_m < 1.9 * half_m or off_m.max() > _BEND * half_m:
            break
        reach_m, chord = half_m, whole
    if not reach_m:
        return []
    x, y = shapely.get_coordinates(line.interpolate(at_m))[0]
    degrees = (np.degrees(np.arctan2(chord[1], chord[0])) + 90.0) % 180.0 - 90.0
    return [round(x), round(y), round(degrees), round(reach_m)]
