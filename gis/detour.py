"""How much longer the road is than the straight line."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gis.cost_matrix import UNREACHABLE
from gis.faults import FaultsError
from gis.network import RoadNetwork
from gis.snapping import ArcIndex, snap
from gis.travel_time import travel_times

_MOST_ORIGINS = 200  # pairs share origins, since each costs a search of the whole network
_PER_M = 10  # lengths are summed in whole decimetres


def detour_index(
    network: RoadNetwork,
    xy: NDArray[np.float64],
    *,
    rng: np.random.Generator,
    pairs: int = 10_000,
    apart_m: float = 2_000.0,
) -> float | None:
    """Compute the median of network metres over straight metres between places.

    Parameters
    ----------
    network
        Of the mode in question; closed arcs stay closed, lengths decide instead of times.
    xy : (n, 2) float64
        Places, metres.
    rng
        Draws the pairs.
    pairs
        How many ordered pairs to draw.
    apart_m
        Pairs nearer than this do not count.

    Returns
    -------
    float or None
        ``None`` when no pair of places is that far apart and connected, or no road is open to the mode.
    """
    first, second = _draw_pairs(xy, rng=rng, pairs=pairs, apart_m=apart_m)
    if not first.size:
        return None
    lengths = np.where(network.passable, np.rint(network.length_m * _PER_M), UNREACHABLE).astype(np.int32)
    by_length = network.with_seconds(lengths)
    try:
        places = snap(ArcIndex(by_length), xy, access_kmh=3.6)
    except FaultsError:  # no road is open to the mode
        return None
    places = replace(places, access_s=np.rint(places.distance_m * _PER_M).astype(np.int32))
    origins, row = np.unique(first, return_inverse=True)
    along = travel_times(by_length, places.take(origins), places).values[row, second] / _PER_M
    straight = np.hypot(*(xy[first] - xy[second]).T)
    ratio = (along / straight)[np.isfinite(along)]
    return float(np.median(ratio)) if ratio.size else None


def _draw_pairs(
    xy: NDArray[np.float64], *, rng: np.random.Generator, pairs: int, apart_m: float
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Draw in rounds until enough pairs are far enough apart, or a round finds none."""
    kept = np.empty((0, 2), dtype=np.intp)
    origins = rng.permutation(len(xy))[:_MOST_ORIGINS]
    while len(kept) < pairs and len(xy) > 1:
        drawn = np.column_stack([rng.choice(origins, pairs), rng.integers(0, len(xy), pairs)])
        far = np.hypot(*(xy[drawn[:, 0]] - xy[drawn[:, 1]]).T) >= apart_m
        if not far.any():
            break
        kept = np.concatenate([kept, drawn[far]])
    return kept[:pairs, 0], kept[:pairs, 1]
