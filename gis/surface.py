"""Minutes to the nearest facility on a regular grid over the county."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.cost_matrix import UNREACHABLE
from gis.network import RoadNetwork
from gis.places import Places
from gis.snapping import snap
from gis.travel_time import nearest

FINEST_M = 100.0
_MOST_CELLS = 4_000_000


@dataclass(frozen=True, eq=False)
class Surface:
    """Travel times on a grid.

    Parameters
    ----------
    west, north
        Corner of the grid, metres.
    cell_m
        Side of a cell, metres.
    seconds : (rows, columns) int32
        From the middle of each cell to the nearest facility, north to south and west to east;
        ``UNREACHABLE`` where there is no way, −1 outside the area.
    facility : (rows, columns) int32
        Which facility that is; −1 where there is none.
    """

    west: float
    north: float
    cell_m: float
    seconds: NDArray[np.int32]
    facility: NDArray[np.int32]

    @property
    def minutes(self) -> NDArray[np.float64]:
        """(rows, columns) float64; ``inf`` where unreachable, NaN outside the area."""
        minutes = np.where(self.seconds >= UNREACHABLE, np.inf, self.seconds / 60.0)
        return np.where(self.seconds < 0, np.nan, minutes)


def accessibility_surface(
    network: RoadNetwork, facilities: Places, area: shapely.Geometry, *, cell_m: float, access_kmh: float
) -> Surface:
    """Compute how long the nearest facility takes from everywhere in an area.

    Parameters
    ----------
    network
    facilities : Snapped or (f,) node numbers
    area
        Polygon, metres.
    cell_m
        Side of a cell, at least ``FINEST_M``.
    access_kmh
        Walking speed from the middle of a cell straight to the nearest road.

    Raises
    ------
    ValueError
        If the cells are too small, or too many, or the area is empty.
    """
    if not isinstance(area, shapely.Geometry) or not np.isfinite(shapely.bounds(area)).all():
        raise ValueError("an area with ground in it is needed")
    west, south, east, north = shapely.bounds(area).tolist()
    if not (cell_m >= FINEST_M and np.isfinite(cell_m)):
        raise ValueError(f"cells must be at least {FINEST_M:.0f} m wide, not {cell_m}")
    columns, rows = (max(1, int(np.ceil(span / cell_m))) for span in (east - west, north - south))
    if rows * columns > _MOST_CELLS:
        raise ValueError(f"{rows * columns} cells are too many; at most {_MOST_CELLS}: choose larger ones")
    x = west + (np.arange(columns) + 0.5) * cell_m
    y = north - (np.arange(rows) + 0.5) * cell_m
    shapely.prepare(area)
    inside = shapely.contains_xy(area, *np.meshgrid(x, y))
    row, column = np.nonzero(inside)
    seconds, facility = np.full(inside.shape, -1, np.int32), np.full(inside.shape, -1, np.int32)
    if row.size:
        places = snap(network, np.column_stack([x[column], y[row]]), access_kmh=access_kmh)
        seconds[row, column] = UNREACHABLE
        if len(facilities):
            found = nearest(network, facilities, k=1, origins=places)
            seconds[row, column], facility[row, column] = (array.reshape(-1) for array in found)
    return Surface(west, north, cell_m, seconds, facility)
