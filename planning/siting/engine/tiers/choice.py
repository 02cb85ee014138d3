"""The best nested choice of sites when every site has a price: p rooms, q of them as centres.

A flow through three nodes (closed, room, centre): a further centre is either a room promoted, or a
newcomer for whom a room is given up. Taking the cheaper of the two q times is a shortest augmenting
path each time, hence exact; the dual prices of room and centre come with it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled
from planning.siting.proof.tier_certificate import CENTRE, CLOSED, ROOM

Floats = NDArray[np.float64]


@compiled
def choose_nested(
    r: Floats, s: Floats, mask: NDArray[np.uint8], p: int, q: int, dearest: float
) -> tuple[float, NDArray[np.int8], float, float]:
    """Return (cost, class of each site, μ, ν): 1 room, 2 centre, 0 closed.

    `mask` says what a site may be; where too few may be opened, the rest costs `dearest` each.
    """
    m = r.size
    kind = np.zeros(m, np.int8)
    rooms, centres = 0, 0
    for j in range(m):
        if mask[j] == CENTRE:
            kind[j] = 2
            centres += 1
        elif not mask[j] & CLOSED:
            kind[j] = 1
            rooms += 1
    keys = np.where((mask & CLOSED > 0) & (mask & ROOM > 0), r, np.inf)
    for j in np.argsort(keys):
        if rooms + centres >= p or keys[j] == np.inf:
            break
        kind[j] = 1
        rooms += 1
    lacking = p - rooms - centres
    missing = 0
    for _ in range(q - centres):
        lacking, missing = _add_centre(r, s, mask, kind, lacking, missing, dearest)
    cost = dearest * (lacking + missing)
    for j in range(m):
        cost += (r[j] if kind[j] else 0.0) + (s[j] if kind[j] == 2 else 0.0)
    mu, nu = _prices(r, s, mask, kind, lacking, missing, dearest)
    return cost, kind, mu, nu


@compiled
def _add_centre(
    r: Floats, s: Floats, mask: NDArray[np.uint8], kind: NDArray[np.int8], lacking: int, missing: int, dearest: float
) -> tuple[int, int]:
    promoted, dropped, entering = -1, -1, -1
    promotion, drop, entry = np.inf, -np.inf, np.inf
    for j in range(r.size):
        if kind[j] == 1:
            if mask[j] & CENTRE and s[j] < promotion:
                promotion, promoted = s[j], j
            if mask[j] & CLOSED and r[j] > drop:
                drop, dropped = r[j], j
        elif kind[j] == 0 and mask[j] & CENTRE and r[j] + s[j] < entry:
            entry, entering = r[j] + s[j], j
    if lacking > 0:
        drop, dropped = dearest, -1
    exchange = entry - drop
    if promoted >= 0 and promotion <= exchange:
        kind[promoted] = 2
    elif entering >= 0 and drop > -np.inf:
        kind[entering] = 2
        if lacking > 0:
            lacking -= 1
        else:
            kind[dropped] = 0
    else:
        missing += 1
    return lacking, missing


@compiled
def _prices(
    r: Floats, s: Floats, mask: NDArray[np.uint8], kind: NDArray[np.int8], lacking: int, missing: int, dearest: float
) -> tuple[float, float]:
    """Return prices μ of a room and ν of its being a centre that make every site what it is; midway where free."""
    low_room, high_room = -np.inf, np.inf
    low_centre, high_centre = -np.inf, np.inf
    low_step, high_step = -np.inf, np.inf
    for j in range(r.size):
        both = r[j] + s[j]
        if kind[j] == 0:
            if mask[j] & ROOM:
                high_room = min(high_room, r[j])
            if mask[j] & CENTRE:
                high_centre = min(high_centre, both)
        elif kind[j] == 1:
            if mask[j] & CLOSED:
                low_room = max(low_room, r[j])
            if mask[j] & CENTRE:
                high_step = min(high_step, s[j])
        else:
            if mask[j] & CLOSED:
                low_centre = max(low_centre, both)
            if mask[j] & ROOM:
                low_step = max(low_step, s[j])
    if lacking > 0:
        low_room = max(low_room, dearest)
    if missing > 0:
        low_step = max(low_step, dearest)
    mu = _between(max(low_room, low_centre - high_step), min(high_room, high_centre - low_step))
    nu = _between(max(low_centre, mu + low_step), min(high_centre, mu + high_step))
    return mu, nu - mu


@compiled
def _between(low: float, high: float) -> float:
    if low > -np.inf and high < np.inf:
        return 0.5 * (low + high)
    if low > -np.inf:
        return low
    return high if high < np.inf else 0.0
