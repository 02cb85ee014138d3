"""How much longer the road is than the straight line."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gis.arc_columns import given_positions
from gis.cost_matrix import CLOSED_MS
from gis.faults import FaultsError
from gis.network import RoadNetwork
from gis.snapping import ArcIndex, snap
from gis.travel_time import travel_times

_MOST_ORIGINS = 200  # pairs share origins, since each costs a search of the whole network
_WINDING = 20.0  # no county's roads are so many times longer than the straight line


def _units_per_m(xy: NDArray[np.float64]) -> float:
    """Into how many units a metre is divided in the place of milliseconds: millimetres in a county, coarser beyond."""
    return min(1000.0, CLOSED_MS / (_WINDING * float(np.hypot(*np.ptp(xy, axis=0))) + 1.0))


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

    Raises
    ------
    ValueError
        If a place has no position, or `apart_m` is not above 0.
    """
    xy = given_positions(xy)
    if not apart_m > 0:
        raise ValueError(f"apart_m must be above 0 m, not {apart_m}")
    first, second = _draw_pairs(xy, rng=rng, pairs=pairs, apart_m=apart_m)
    if not first.size:
        return None
    per_m = _units_per_m(xy)
    lengths = np.where(network.passable, np.rint(network.length_m * per_m), CLOSED_MS)
    by_length = network.with_milliseconds(lengths)
    try:
        places = snap(ArcIndex(by_length), xy, access_kmh=3600.0 / per_m)  # a metre on foot counts as one by road
    except FaultsError:  # no road is open to the mode
        return None
    origins, row = np.unique(first, return_inverse=True)
    along = travel_times(by_length, places.take(origins), places).values[row, second] * (1000.0 / per_m)
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
