"""Where places meet the hierarchy: a few ranks each, and the seconds between place and rank."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]


class Ends(NamedTuple):
    """Ways out of places, or into them.

    Parameters
    ----------
    rank : (k, 2) int32
        −1 where a place has fewer than two.
    seconds : (k, 2) int32
    """

    rank: Ints
    seconds: Ints

    def take(self, rows: NDArray[np.integer]) -> Ends:
        """Return the ends of the places at these positions."""
        return Ends(self.rank[rows], self.seconds[rows])
