"""The matrix cache returns what was computed and survives a damaged file."""

import numpy as np
import pytest

from gis.cost_matrix import UNREACHABLE, CostMatrix
from layers.cache import Cache
from layers.matrices import cached_matrix, content_key


@pytest.fixture
def matrix():
    ids = np.array(["甲", "乙"], dtype=object)
    return CostMatrix(np.array([[0, 5], [UNREACHABLE, 0]], dtype=np.int32), ids, ids, mode="car")


def test_a_matrix_is_computed_once_and_read_back_whole(tmp_path, matrix):
    calls = []
    for _ in range(2):
        got = cached_matrix(Cache(tmp_path), "k", lambda: calls.append(1) or matrix)
    assert len(calls) == 1
    assert got.seconds.tolist() == matrix.seconds.tolist()
    assert got.origin_ids.tolist() == ["甲", "乙"]
    assert got.mode == "car"


def test_a_damaged_cache_file_is_computed_anew(tmp_path, matrix):
    cached_matrix(Cache(tmp_path), "k", lambda: matrix)
    file = next(tmp_path.iterdir())
    file.write_bytes(file.read_bytes()[:100])
    assert cached_matrix(Cache(tmp_path), "k", lambda: matrix).seconds.tolist() == matrix.seconds.tolist()
    assert cached_matrix(Cache(tmp_path), "k", lambda: pytest.fail("computed again")).mode == "car"


def test_keys_tell_apart_what_differs_only_in_its_cuts():
    assert content_key("ab", "c") != content_key("a", "bc")
    assert content_key("a", b"b") == content_key("a", "b")
