"""Travel times from every origin to every destination."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

UNREACHABLE = 2**29
"""Seconds that stand for "no way": two of them still add up within int32."""


@dataclass(frozen=True, eq=False)
class CostMatrix:
    """Whole seconds from origins to destinations.

    Parameters
    ----------
    seconds : (n, m) int32
        Travel times in seconds; ``UNREACHABLE`` where there is no way.
    origin_ids : (n,) object array of str
    destination_ids : (m,) object array of str
    mode
        Travel mode, e.g. ``e-bike``.
    """

    seconds: NDArray[np.int32]
    origin_ids: NDArray[np.object_]
    destination_ids: NDArray[np.object_]
    mode: str = ""

    @property
    def values(self) -> NDArray[np.float64]:
        """(n, m) float64 seconds, ``inf`` where unreachable."""
        return np.where(self.seconds >= UNREACHABLE, np.inf, self.seconds.astype(np.float64))

    @property
    def exported(self) -> NDArray[np.int32]:
        """(n, m) int32 seconds, −1 where unreachable: the form that files carry."""
        return np.where(self.seconds >= UNREACHABLE, np.int32(-1), self.seconds)

    @property
    def stranded(self) -> NDArray[np.object_]:
        """Names of the origins that reach no destination at all."""
        none = (self.seconds >= UNREACHABLE).all(axis=1)
        return self.origin_ids[none]
