"""Seeded road networks of three sizes, and the default county's, with the places to travel between."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from api.actions.workplace import Workplace
from api.explain import ApiError
from api.settings import Settings
from gis.network import RoadNetwork

SPACING_M = 220.0
SIDES = {"county": 150, "region": 580, "province": 1830}
"""Junctions along each side of the lattice."""


@dataclass(frozen=True)
class Case:
    """A network and the nodes that are asked about."""

    name: str
    network: RoadNetwork
    places: NDArray[np.int64]
    facilities: NDArray[np.int64]


def seeded(name: str, *, places: int, facilities: int, seed: int = 1) -> Case:
    """Return a jittered lattice with a third of its roads missing, four speeds and 4 % one-way streets.

    Only the largest part in which one gets everywhere and back is kept, numbered along a space-filling curve.
    """
    side = SIDES[name]
    rng = np.random.default_rng(seed)
    node = np.arange(side * side).reshape(side, side)
    across = np.stack([node[:, :-1].ravel(), node[:, 1:].ravel()], axis=1)
    along = np.stack([node[:-1].ravel(), node[1:].ravel()], axis=1)
    pairs = np.concatenate([across, along])
    pairs = pairs[rng.random(len(pairs)) > 0.34]
    row, column = np.divmod(np.arange(side * side), side)
    xy = np.stack([column, row], axis=1) * SPACING_M + rng.normal(0, 0.2 * SPACING_M, (side * side, 2))
    length_m = np.hypot(*(xy[pairs[:, 0]] - xy[pairs[:, 1]]).T)
    seconds = np.rint(length_m / rng.choice([5.0, 8.3, 11.1, 16.7], len(pairs)))
    both = rng.random(len(pairs)) >= 0.04
    tail, head = np.concatenate([pairs[:, 0], pairs[both, 1]]), np.concatenate([pairs[:, 1], pairs[both, 0]])
    network = _largest_part(tail, head, np.concatenate([seconds, seconds[both]]), xy)
    chosen = rng.choice(network.x.size, places, replace=False)
    return Case(name, network, chosen, rng.choice(network.x.size, facilities, replace=False))


def default_county() -> Case | None:
    """Return the county that is served, by car, between the road ends nearest to its places; None without one."""
    try:
        at_hand = Workplace(Settings()).county
    except ApiError:
        return None
    network, places = at_hand.network("car"), at_hand.snapped_demand("car")
    nodes = network.head[places.arc].astype(np.int64)
    network = network.with_seconds(network.seconds)  # engines that know no milliseconds are measured beside ours
    return Case("default county", network, nodes, nodes[:: max(1, len(nodes) // 102)][:102])


def _largest_part(
    tail: NDArray[np.int64], head: NDArray[np.int64], seconds: NDArray[np.float64], xy: NDArray[np.float64]
) -> RoadNetwork:
    joined = coo_array((np.ones(tail.size, np.int8), (tail, head)), shape=(len(xy), len(xy)))
    part = connected_components(joined, directed=True, connection="strong")[1]
    inside = part == np.bincount(part).argmax()
    order = np.argsort(_along_curve(xy), kind="stable")
    order = order[inside[order]]
    number = np.full(len(xy), -1)
    number[order] = np.arange(order.size)
    kept = inside[tail] & inside[head]
    return RoadNetwork(number[tail[kept]], number[head[kept]], seconds[kept], *xy[order].T)


def _along_curve(xy: NDArray[np.float64]) -> NDArray[np.uint64]:
    """Return the position of each point along a Morton curve."""
    cells = ((xy - xy.min(axis=0)) / (xy.max(axis=0) - xy.min(axis=0)).max() * 65_535).astype(np.uint64)
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        cells = (cells | (cells << np.uint64(shift))) & np.uint64(mask)
    return cells[:, 0] | (cells[:, 1] << np.uint64(1))
