"""How people travel in a future: other speeds on each class of road, and one road closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.cost_matrix import CLOSED_MS
from gis.network import RoadNetwork
from gis.snapping import Snapped
from gis.travel_modes import ROAD_CLASSES
from planning.futures.draw import Future

NO_CLASS = -1


@dataclass(frozen=True, eq=False)
class Travel:
    """The roads of a scheme, by its mode of travel.

    Parameters
    ----------
    network
        With the roads changed as the scheme says. Of each row of the road table it holds the arc there and the arc
        back, one after the other; roads that the scheme builds follow.
    mode
    road_class : (m,) int8
        Position of each arc's class in ``ROAD_CLASSES``; ``NO_CLASS`` for roads that are built, whose speed the
        scheme says.
    rows
        Of the road table.
    origins : Snapped
        The (n,) places that people set out from.
    origin_ids : (n,) object
    """

    network: RoadNetwork
    mode: str
    road_class: NDArray[np.int8]
    rows: int
    origins: Snapped
    origin_ids: NDArray[np.object_]

    def in_future(self, future: Future, closed: Sequence[int] = (), *, few: bool = False) -> RoadNetwork:
        """Return the network of a future.

        Parameters
        ----------
        future
        closed
            Rows of the road table that are closed in both directions.
        few
            Whether only ways to a few places are asked for; see :meth:`gis.network.RoadNetwork.in_passing`.
        """
        faster = np.append(future.speeds[self.mode], 1.0)[self.road_class]
        slower = np.minimum(np.rint(self.network.milliseconds / faster), CLOSED_MS - 1)
        ms = np.where(self.network.passable, slower, CLOSED_MS).astype(np.int32)
        rows = np.asarray(closed, np.int64)
        ms[2 * rows] = ms[2 * rows + 1] = CLOSED_MS
        return self.network.in_passing(ms, few=few)

    def length_m(self, row: int) -> float:
        """Return the metres of a row of the road table."""
        return float(self.network.length_m[2 * row])


def class_of_arcs(classes: Sequence[str] | NDArray[np.object_], arcs: int) -> NDArray[np.int8]:
    """(arcs,) int8 position in ``ROAD_CLASSES`` of each arc.

    Parameters
    ----------
    classes
        Of each row of the road table, without ``_link``.
    arcs
        How many the network has: two a row, then those that are built.
    """
    place = {name: number for number, name in enumerate(ROAD_CLASSES)}
    of_row = np.array([place.get(str(name), NO_CLASS) for name in classes], np.int8)
    found = np.full(arcs, NO_CLASS, np.int8)
    found[: 2 * len(of_row)] = np.repeat(of_row, 2)
    return found
