"""Which parts of a network places may join: the largest in any case, and none that is a single node."""

from __future__ import annotations

import numpy as np
import pytest

from gis.network import RoadNetwork
from gis.snapping import core_of_nodes


def roads(pairs: list[tuple[int, int]], nodes: int, metres: list[float]) -> RoadNetwork:
    """Two-way roads of the given lengths."""
    tail = np.array([end for pair in pairs for end in pair], np.int32)
    head = np.array([end for u, v in pairs for end in (v, u)], np.int32)
    length = np.repeat(np.array(metres, np.float64), 2)
    x, y = np.arange(nodes, dtype=np.float64) * 1000.0, np.zeros(nodes)
    return RoadNetwork(tail, head, np.full(len(tail), 60, np.int32), x, y, length_m=length)


@pytest.mark.parametrize("count", [2, 49, 51, 80])
def test_however_many_parts_there_are_the_largest_is_joined(count: int) -> None:
    metres = [100.0] * count
    metres[count // 2] = 101.0
    core = core_of_nodes(roads([(2 * k, 2 * k + 1) for k in range(count)], 2 * count, metres))
    joined = np.flatnonzero(core[::2] >= 0).tolist()
    assert joined == (list(range(count)) if count <= 49 else [count // 2])


def test_a_road_round_one_node_is_no_part_of_its_own() -> None:
    core = core_of_nodes(roads([(0, 1), (2, 2)], 3, [1000.0, 500.0]))
    assert (core[:2] >= 0).all()
    assert core[2] == -1
