"""Where places meet the hierarchy: two nodes at most, and the milliseconds between."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]


class Ends(NamedTuple):
    """Ways out of places, or into them.

    Parameters
    ----------
    at : (k, 2) int32
        Nodes of the network, or their ranks; −1 where a place has fewer than two.
    ms : (k, 2) int32
    """

    at: Ints
    ms: Ints
