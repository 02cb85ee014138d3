"""Where a service may stand: all demand points, or a spread of them that keeps every corner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Rule = Literal["all", "thinned"]

MOST_THINNED, MOST_AT_ALL = 150, 1000


@dataclass(frozen=True, eq=False)
class Candidates:
    """The chosen candidates.

    Parameters
    ----------
    indices : (k,) int64
        Positions among the demand points, ascending.
    of
        Number of demand points they were chosen from.
    rule
        Code of what was done: ``all-points`` or ``heaviest-and-spread`` (``planning.candidates.<code>``).
    """

    indices: NDArray[np.int64]
    of: int
    rule: str


def choose_candidates(
    xy: NDArray[np.float64],
    weights: NDArray[np.int64],
    *,
    townships: NDArray[Any],
    components: NDArray[Any],
    rule: Rule,
    p: int = 1,
) -> Candidates:
    """Choose the candidates of a service among its demand points.

    ``all`` takes every point up to 1,000. ``thinned`` keeps 150 (or 2p if that is more, and never
    fewer than there are townships and components): the heaviest point of every connected component
    and township, then half of the rest by weight, then whoever lies farthest from those chosen
    (Gonzalez 1985). Ties go to the lowest index.

    Parameters
    ----------
    xy : (n, 2) float64
        Metres.
    weights : (n,) int64
    townships, components : (n,)
        Township and connected component (who can reach whom) of each point.
    p
        Sites to be opened.
    """
    count = len(weights)
    room = MOST_AT_ALL if rule == "all" else max(MOST_THINNED, 2 * p)
    if count <= room:
        return Candidates(np.arange(count), count, "all-points")
    heaviest = np.argsort(-weights, kind="stable")
    chosen = _first_of_each(components, heaviest) | _first_of_each(townships, heaviest)
    half = (room + len(chosen)) // 2
    for point in heaviest.tolist():
        if len(chosen) >= half:
            break
        chosen.add(point)
    return Candidates(_spread(xy, sorted(chosen), room), count, "heaviest-and-spread")


def _first_of_each(kinds: NDArray[Any], order: NDArray[np.int64]) -> set[int]:
    """Return, for every kind, its first member in `order`."""
    _, first = np.unique(kinds[order].astype(str), return_index=True)
    return set(order[first].tolist())


def _spread(xy: NDArray[np.float64], chosen: list[int], room: int) -> NDArray[np.int64]:
    """Add the point farthest from all chosen ones until `room` are chosen."""
    away = np.full(len(xy), np.inf)
    for point in chosen:
        away = np.minimum(away, np.hypot(*(xy - xy[point]).T))
    while len(chosen) < room:
        # A point on top of a chosen one is still better than none: chosen ones never come again.
        away[chosen] = -1.0
        point = int(np.argmax(away))
        chosen.append(point)
        away = np.minimum(away, np.hypot(*(xy - xy[point]).T))
    return np.sort(np.array(chosen, np.int64))
