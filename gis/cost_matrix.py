"""Travel times from every origin to every destination, and the two units they come in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

UNREACHABLE = 2**29
"""Seconds that stand for "no way" wherever times leave the network."""

CLOSED_MS = 2**30 - 1
"""Milliseconds of a closed road inside the network: two of them still add up within int32 (12.4 days)."""

LONGEST_S = CLOSED_MS // 1000
"""The longest time in whole seconds that fits below ``CLOSED_MS``: 1,073,741."""


def whole_seconds(milliseconds: ArrayLike) -> NDArray[np.int32]:
    """Round milliseconds to whole seconds, halves up: the one place where times leave the network.

    Parameters
    ----------
    milliseconds : (…) int
        ``CLOSED_MS`` and more is no way.

    Returns
    -------
    (…) int32
        ``UNREACHABLE`` where there is no way.
    """
    ms = np.asarray(milliseconds, dtype=np.int64)
    return np.where(ms >= CLOSED_MS, UNREACHABLE, (ms + 500) // 1000).astype(np.int32)


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
