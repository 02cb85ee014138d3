"""A packed matrix says exactly what was packed, in few bytes."""

import gzip
import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from gis.cost_matrix import LONGEST_S, UNREACHABLE
from gis.matrix_bytes import pack_matrix, unpack_matrix

SECONDS = st.sampled_from([0, 1, 254, 255, 65534, 65535, LONGEST_S, UNREACHABLE - 1, UNREACHABLE]) | st.integers(
    0, 9000
)
MATRICES = array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=9).flatmap(
    lambda shape: arrays(np.int32, shape, elements=SECONDS)
)
ABOUT = {"weights": [3, 0], "name": "县", "none": None}


def head_of(packed):
    content = gzip.decompress(packed)
    length = int.from_bytes(content[:4], "little")
    return json.loads(content[4 : 4 + length])


@given(MATRICES)
def test_any_matrix_comes_back(seconds):
    found, about = unpack_matrix(pack_matrix(seconds, ABOUT))
    np.testing.assert_array_equal(found, seconds)
    assert found.dtype == np.int32
    assert about == ABOUT


PLACES = st.tuples(st.integers(1, 8), st.integers(0, 3)).flatmap(
    lambda sides: arrays(np.int32, (sides[0], sum(sides)), elements=SECONDS)
)


@given(PLACES, st.booleans())
def test_one_whose_rows_are_its_first_columns_comes_back(seconds, same_both_ways):
    n = len(seconds)
    if same_both_ways:
        seconds[:, :n] = np.maximum(seconds[:, :n], seconds[:, :n].T)
    np.fill_diagonal(seconds, 0)
    packed = pack_matrix(seconds, {})
    np.testing.assert_array_equal(unpack_matrix(packed)[0], seconds)
    assert sorted(head_of(packed)["order"]) == list(range(n))


def test_neighbours_follow_one_another():
    line = np.array([0, 50, 10, 40, 20])
    assert head_of(pack_matrix(abs(line[:, None] - line).astype(np.int32), {}))["order"] == [0, 2, 4, 3, 1]


def test_a_number_takes_no_more_bytes_than_it_needs():
    for most, width in ((254, 1), (255, 2), (65534, 2), (65535, 3), (UNREACHABLE - 1, 4)):
        assert head_of(pack_matrix(np.array([[0, most]], np.int32), {}))["bytes"] == width


def between_places(count):
    places = np.random.default_rng(14).uniform(0, 4000, (count, 2))
    return np.hypot(*(places[:, None] - places).T).round().astype(np.int32)


def test_times_on_a_plane_take_a_third_of_their_size_and_no_two_are_alike():
    seconds = between_places(300)
    packed = pack_matrix(seconds, {})
    assert len(packed) < seconds.size * 2 / 3
    assert packed == pack_matrix(seconds, {})


def test_a_few_one_way_streets_cost_little():
    seconds = between_places(300)
    one_way = seconds.copy()
    one_way[20:50, 7] += 60
    assert len(pack_matrix(one_way, {})) < len(pack_matrix(seconds, {})) + 1500
