"""The detour index on networks where it is known."""

import numpy as np
import pytest

from gis.cost_matrix import UNREACHABLE
from gis.detour import detour_index
from gis.network import RoadNetwork


def lattice(side, step_m):
    """A square lattice of two-way streets."""
    node = np.arange(side * side).reshape(side, side)
    pairs = np.concatenate(
        [np.stack([node[:, :-1].ravel(), node[:, 1:].ravel()], 1), np.stack([node[:-1].ravel(), node[1:].ravel()], 1)]
    )
    tail, head = pairs.reshape(-1), pairs[:, ::-1].reshape(-1)
    y, x = np.divmod(np.arange(side * side), side)
    twin = (np.arange(tail.size) ^ 1).astype(np.int32)
    return RoadNetwork(tail, head, np.ones(tail.size), x * float(step_m), y * float(step_m), twin=twin)


def test_on_a_diagonal_of_a_lattice_the_detour_is_root_two():
    corners = np.array([[0.0, 0.0], [9000.0, 9000.0]])
    index = detour_index(lattice(10, 1000), corners, rng=np.random.default_rng(1), pairs=10)
    assert index == pytest.approx(np.sqrt(2), abs=1e-6)


def test_near_pairs_do_not_count():
    near = np.array([[0.0, 0.0], [1000.0, 1000.0]])
    assert detour_index(lattice(3, 1000), near, rng=np.random.default_rng(1), pairs=10) is None


def test_the_same_seed_draws_the_same_pairs():
    xy = np.random.default_rng(5).uniform(0, 9000, (50, 2))
    drawn = {detour_index(lattice(10, 1000), xy, rng=np.random.default_rng(7), pairs=300) for _ in range(2)}
    assert len(drawn) == 1
    assert 1.3 < drawn.pop() < 1.45, "about 1.31 along the streets, and the walk to them"


def test_a_mode_without_any_road_has_no_detour_index():
    streets = lattice(10, 1000)
    closed = streets.with_seconds(np.full(streets.tail.size, UNREACHABLE))
    corners = np.array([[0.0, 0.0], [9000.0, 9000.0]])
    assert detour_index(closed, corners, rng=np.random.default_rng(1), pairs=10) is None
