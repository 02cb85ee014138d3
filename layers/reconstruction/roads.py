"""A road while it is being drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from shapely import LineString


@dataclass(frozen=True)
class Road:
    """One line of one class.

    Parameters
    ----------
    road_class
        OpenStreetMap ``highway`` value.
    xy : (n, 2) metres
        Vertices; where two roads meet both carry the vertex.
    name
        As signposted, or empty.
    oneway, bridge
        As in OpenStreetMap.
    link : int
        Number of the village link that the road belongs to, −1 for other roads.
    """

    road_class: str
    xy: NDArray[np.float64]
    name: str = ""
    oneway: bool = False
    bridge: bool = False
    link: int = -1

    @property
    def line(self) -> LineString:
        """The road as a shapely line."""
        return LineString(self.xy)
