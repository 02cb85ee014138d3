"""What a siting problem refuses, all at once and by name."""

import numpy as np
import pytest

from gis.cost_matrix import UNREACHABLE, CostMatrix
from gis.faults import FaultsError
from planning.siting import SitingProblem


def codes(values, weights, **options):
    with pytest.raises(FaultsError) as caught:
        SitingProblem.from_arrays(values, weights, **options)
    return [fault.code for fault in caught.value.faults]


def test_negative_integers_and_infinite_floats_are_unreachable():
    whole = SitingProblem.from_arrays([[1, -1]], [2])
    floats = SitingProblem.from_arrays([[1.0, np.inf]], [2.0])
    assert whole.values.tolist() == floats.values.tolist() == [[1, UNREACHABLE]]
    assert whole.reachable.tolist() == [[True, False]]
    assert whole.values.dtype == np.int32
    assert whole.weights.dtype == np.int64


def test_takes_a_cost_matrix_with_its_ids():
    ids = np.array(["a", "b"], object)
    matrix = CostMatrix(np.array([[0, UNREACHABLE]], np.int32), np.array(["v"], object), ids)
    problem = SitingProblem.from_matrix(matrix, [7])
    assert problem.candidate_ids.tolist() == ["a", "b"]
    assert problem.demand_ids.tolist() == ["v"]
    assert not problem.reachable[0, 1]


@pytest.mark.parametrize(
    ("values", "weights", "code"),
    [
        ([[np.nan]], [1], "not-finite"),
        ([[1.5]], [1], "fraction"),
        ([[-1.0]], [1], "below-zero"),
        ([[2**30]], [1], "cost-too-large"),
        ([[1]], [np.nan], "not-finite"),
        ([[1]], [0.5], "fraction"),
        ([[1]], [-1], "below-zero"),
        ([[1]], [2**60], "weight-too-large"),
        ([[2**20]], [2**40], "objective-too-large"),
        ([[1]], [1, 2], "weights-shape"),
        ([1], [1], "matrix-shape"),
        (np.empty((0, 3)), [], "no-demand"),
        (np.empty((2, 0)), [1, 1], "no-candidates"),
        ([["far"]], [1], "not-numeric"),
        ([[True]], [1], "not-numeric"),
    ],
)
def test_refuses(values, weights, code):
    assert codes(values, weights) == [code]


def test_tells_all_faults_at_once():
    found = codes([[np.nan, 0.5], [-2.0, 1.0]], [-1, 1.5], demand_ids=["a", "a"], candidate_ids=["x"])
    assert found == ["not-finite", "fraction", "below-zero", "fraction", "below-zero", "repeated-id", "ids-shape"]


def test_the_arrays_of_a_problem_cannot_be_changed():
    problem = SitingProblem.from_arrays([[1, 2]], [3])
    with pytest.raises(ValueError, match="read-only"):
        problem.values[0, 0] = 9
