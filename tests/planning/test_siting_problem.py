"""What a siting problem refuses, all at once and by name."""

import numpy as np
import pytest

from gis.cost_matrix import UNREACHABLE, CostMatrix
from gis.faults import FaultsError
from planning.siting import SitingProblem, spent_yuan


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


@pytest.mark.parametrize("kind", [np.int8, np.int16, np.int32, np.int64, np.float16, np.float32, np.float64])
def test_narrow_numbers_are_unreachable_too(kind):
    rows = np.array([[1, -1 if np.dtype(kind).kind == "i" else np.inf], [3, 4]], kind)
    problem = SitingProblem.from_arrays(rows, np.array([2, 5], kind))
    assert problem.values.tolist() == [[1, UNREACHABLE], [3, 4]]
    assert problem.weights.tolist() == [2, 5]


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


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"demand_ids": [["a"], ["b", "c"]]}, "ids-shape"),
        ({"status": [["existing"], ["required", "excluded"]]}, "column-shape"),
        ({"status": [{}, {}]}, "status-unknown"),
        ({"opening_costs": [[1], [2, 3]]}, "column-shape"),
        ({"townships": ["A", "B"], "township_limits": {"A": 3}}, "township-limit"),
        ({"townships": ["A", "B"], "township_limits": {"A": (1, 2, 3)}}, "township-limit"),
        ({"townships": ["A", "B"], "township_limits": {"A": (2**80, None)}}, "township-limit"),
        ({"townships": ["A", "B"], "township_limits": [("A", 1, 2)]}, "township-limit"),
        ({"positions": [[0, 0], [1, 1]], "separation_m": "5"}, "separation-wrong"),
        ({"positions": [["a", "b"], ["c", "d"]], "separation_m": 5}, "positions-wrong"),
        ({"loads": [5, -2]}, "below-zero"),
        ({"included": [5, -2]}, "below-zero"),
    ],
)
def test_refuses_beside_the_matrix(options, code):
    assert codes([[1, 2], [3, 4]], [1, 2], **options) == [code]


def test_rows_of_unequal_length_are_a_fault():
    assert codes([[1, 2], [3]], [1, 2]) == ["matrix-shape", "not-numeric"]
    assert codes([[1, 2], [3, 4]], [1, [2, 3]]) == ["weights-shape", "not-numeric"]


def test_wrong_people_hide_no_other_fault():
    found = codes([[1, 2], [3, 4]], [1], status=["wished", "candidate"], max_time_s=-3, capacities=[-1, 2])
    assert found == ["weights-shape", "option-too-small", "status-unknown", "below-zero"]


def test_people_without_end_are_refused_as_such():
    assert codes([[1]], [np.inf]) == ["not-finite", "weight-too-large"]
    assert codes([[1]], [-np.inf]) == ["not-finite", "below-zero"]


@pytest.mark.parametrize(("seconds", "people", "fits"), [(1, 2**53 - 1, True), (2, 2**52, False), (2, 2**52 - 1, True)])
def test_an_objective_reaches_no_figure_that_json_would_round(seconds, people, fits):
    if fits:
        assert SitingProblem.from_arrays([[seconds]], [people]).weights.tolist() == [people]
    else:
        assert codes([[seconds]], [people]) == ["objective-too-large"]


def test_people_at_no_distance_count_once_each():
    assert codes([[0], [0]], [2**52, 2**52]) == ["objective-too-large"]
    assert codes([[1]], [2**53]) == ["weight-too-large", "objective-too-large"][:1]


@pytest.mark.parametrize("metres", [np.nan, np.inf, -np.inf, True, "5", -0.5])
def test_a_separation_is_a_finite_number_of_metres(metres):
    assert codes([[1, 2]], [1], positions=[[0, 0], [1, 1]], separation_m=metres) == ["separation-wrong"]


def test_a_township_that_asks_for_a_site_has_candidates():
    asked = {"townships": ["A", "A"], "township_limits": {"A": (0, 1), "B": (1, None)}}
    assert codes([[1, 2]], [1], **asked) == ["township-unknown"]
    none = {"townships": ["A", "A"], "township_limits": {"A": (0, 1), "B": (0, None)}}
    assert SitingProblem.from_arrays([[1, 2]], [1], **none).rules.townships.tolist() == ["A", "B"]


def test_whatever_a_site_can_take_is_included_unless_it_is_said_how_much():
    problem = SitingProblem.from_arrays([[1, 2]], [5], capacities=[7, 9], extension_costs=[3, 3])
    assert problem.capacity.included.tolist() == [7, 9]
    assert problem.capacity.loads.tolist() == [5]
    assert spent_yuan(problem, np.array([0]), np.array([0])) == 0


def test_an_array_that_no_problem_has_is_refused():
    with pytest.raises(TypeError, match="max_times"):
        SitingProblem.from_arrays([[1]], [1], max_times=3)
