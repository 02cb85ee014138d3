"""Where things lie in a county: its outline, its townships and its roads, in metres."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from planning.scenario.places import rows_by_word


@dataclass(frozen=True, eq=False)
class Roads:
    """The pieces of road of a county.

    Parameters
    ----------
    ids, names : (k,) object
        Name "" for none.
    classes : (k,) object
        Without ``_link``.
    bridges : (k,) bool
    nodes : (k, 2) int64
        Where each begins and ends.
    lines : (k,) object
        Metres.
    """

    ids: NDArray[np.object_]
    names: NDArray[np.object_]
    classes: NDArray[np.object_]
    bridges: NDArray[np.bool_]
    nodes: NDArray[np.int64]
    lines: NDArray[np.object_]

    @cached_property
    def rows_by_word(self) -> dict[str, list[int]]:
        """Id or name -> rows; an id goes before a name that looks like one."""
        found = rows_by_word(self.ids, self.names)
        found.pop("", None)
        return found

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Finds pieces by where they lie."""
        return shapely.STRtree(self.lines)

    def touching(self, area: shapely.Geometry) -> NDArray[np.int64]:
        """Return the rows of the pieces that touch an area, ascending."""
        return np.sort(self.tree.query(area, predicate="intersects")).astype(np.int64)

    def metres_to(self, xy: NDArray[np.float64]) -> float:
        """Return how far the nearest road is, in a straight line."""
        here = shapely.Point(xy)
        return float(shapely.distance(here, self.lines[self.tree.nearest(here)]))

    def junction_near(self, xy: NDArray[np.float64]) -> tuple[int, tuple[float, float], float]:
        """Return the junction nearest to a position: its number, where it is, how far; of several the first."""
        nodes, positions = self._junctions
        away = np.hypot(*(positions - xy).T)
        nearest = int(np.argmin(away))
        return int(nodes[nearest]), (float(positions[nearest, 0]), float(positions[nearest, 1])), float(away[nearest])

    @cached_property
    def _junctions(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        ends = np.vstack([shapely.get_coordinates(shapely.get_point(self.lines, end)) for end in (0, -1)])
        nodes, first = np.unique(self.nodes.T.ravel(), return_index=True)
        return nodes, ends[first]


@dataclass(frozen=True, eq=False)
class Land:
    """What edits of positions and of roads need to know of a county.

    Parameters
    ----------
    metres_of
        Turns (k, 2) longitudes and latitudes into metres.
    outline
        Of the county, ``None`` where it is not known.
    townships
        (as people call it, its ground).
    roads
    """

    metres_of: Callable[[NDArray[np.float64]], NDArray[np.float64]]
    outline: shapely.Geometry | None
    townships: tuple[tuple[str, Any], ...]
    roads: Roads

    def xy_of(self, lon_lat: tuple[float, float]) -> NDArray[np.float64]:
        """Return (2,) metres of one position."""
        found: NDArray[np.float64] = self.metres_of(np.array([lon_lat]))[0]
        return found

    def has(self, xy: NDArray[np.float64]) -> bool:
        """Whether a position lies in the county, as far as its outline is known."""
        return self.outline is None or bool(shapely.intersects(self.outline, shapely.Point(xy)))

    def township_at(self, xy: NDArray[np.float64]) -> str | None:
        """Return in which township a position lies, ``None`` in none."""
        here = shapely.Point(xy)
        return next((label for label, ground in self.townships if shapely.intersects(ground, here)), None)
