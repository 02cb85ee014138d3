"""A problem and its solution survive being written down, and nothing malformed is read."""

import dataclasses
import importlib
import json
import pkgutil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from siting_oracle import small_problems

import planning.siting.proof
from gis.faults import FaultsError
from planning.siting import SitingProblem, Solution
from planning.siting.proof.certificate import Certificate
from planning.siting.proof.claim import claim_of, read_claim, read_sides
from planning.siting.proof.packing import LARGEST_WHOLE, Reader, pack
from planning.siting.proof.written import CERTIFICATES
from planning.siting.solution import Reason, Tier


def same(one, other):
    """Whether two values are equal, arrays and dataclasses part by part."""
    if dataclasses.is_dataclass(one):
        names = [field.name for field in dataclasses.fields(one)]
        return type(one) is type(other) and all(same(getattr(one, name), getattr(other, name)) for name in names)
    if isinstance(one, np.ndarray):
        return one.shape == other.shape and one.tolist() == other.tolist()
    return one == other


@pytest.fixture
def problem():
    return SitingProblem.from_arrays(
        [[0, 60, -1], [60, 0, 30], [90, 30, 0]],
        [100, 0, 7],
        demand_ids=["a", "b", "c"],
        candidate_ids=["x", "y", "z"],
        status=["existing", "closable", "excluded"],
        townships=["东镇", "东镇", "西镇"],
        township_limits={"东镇": (1, None), "西镇": (0, 2)},
        positions=[[0, 0], [400, 0], [900, 0]],
        separation_m=500,
        max_time_s=3600,
        capacities=[50, 60, 70],
        loads=[5, 0, 1],
        minimum_loads=[1, 0, 2],
        demand_townships=["东镇", "", "西镇"],
        opening_costs=[1, 2, 3],
        closing_costs=[0, 5, 0],
    )


@pytest.fixture
def solution():
    return Solution(
        "p-median",
        {"p": 2, "weights": (1, 2)},
        "feasible",
        "min",
        "person-seconds",
        objective=10,
        bound=4,
        opened=np.array([0, 1]),
        allocation=np.array([0, 1, -1]),
        certificate=Certificate(
            2, 4, 8, np.array([[1, 2, 3]]), np.array([-1]), **_rest(Certificate, exactly=False, radius=np.array([0]))
        ),
        solver="HiGHS",
        reasons=(Reason("time-limit", {}), Reason("unreachable-demand", {"ids": ("a", "b"), "count": 2})),
        shares=np.array([[0, 0, 3], [0, 1, 2]]),
        second=Tier(np.array([1]), np.array([1, 1, 1])),
    )


def _rest(kind, **values):
    names = {field.name for field in dataclasses.fields(kind)}
    return {name: value for name, value in values.items() if name in names}


def through_json(problem, solution):
    return json.loads(json.dumps(claim_of(problem, solution)))


def test_everything_survives(problem, solution):
    again, told = read_claim(through_json(problem, solution))
    assert same(again, problem)
    assert same(told, solution)


def test_what_lies_beside_the_problem_survives(problem, solution):
    claim = json.loads(json.dumps(claim_of(problem, solution, upper=problem, children=np.array([4, 0, 9]))))
    sides = read_sides(claim)
    assert same(sides["upper"], problem)
    assert sides["children"].tolist() == [4, 0, 9]
    assert read_sides(through_json(problem, solution)) == {}
    with pytest.raises(FaultsError):
        read_sides({**claim, "sides": {"lower": 1}})


@given(small_problems())
def test_any_problem_survives(problem):
    empty = Solution("lscp", {"limit_s": 3}, "interrupted", "min", "sites")
    again, told = read_claim(through_json(problem, empty))
    assert same(again, problem)
    assert same(told, empty)


def test_every_kind_of_certificate_can_be_read_back():
    modules = [
        importlib.import_module(f"planning.siting.proof.{module.name}")
        for module in pkgutil.iter_modules(planning.siting.proof.__path__)
    ]
    kinds = {name for module in modules for name, kind in vars(module).items() if _is_certificate(kind)}
    assert kinds == set(CERTIFICATES)


def _is_certificate(kind):
    return isinstance(kind, type) and dataclasses.is_dataclass(kind) and kind.__name__.endswith("Certificate")


@given(st.lists(st.integers(-LARGEST_WHOLE, LARGEST_WHOLE), max_size=5), st.booleans())
def test_an_array_survives_short_or_long(numbers, long):
    array = np.array(numbers * (300 if long else 1), np.int64)
    assert Reader({"a": json.loads(json.dumps(pack(array)))}, "x").array("a").tolist() == array.tolist()


@pytest.mark.parametrize("dtype", ["bool", "int8", "int16", "int32", "int64"])
def test_an_array_keeps_its_shape_and_type(dtype):
    array = np.arange(6).reshape(2, 3).astype(dtype)
    again = Reader({"a": pack(array)}, "x").array("a")
    assert again.dtype == array.dtype
    assert again.tolist() == array.tolist()


@pytest.mark.parametrize(
    "value",
    [
        None, 3, "x", [1.5], [True], [2**63], {}, {"dtype": "float64", "shape": [1], "data": ""},
        {"dtype": "int64", "shape": [-1], "data": ""}, {"dtype": "int64", "shape": [10**9], "data": ""},
        {"dtype": "int64", "shape": [1], "data": "!!"}, {"dtype": "int64", "shape": [1], "data": "eJw="},
        {"dtype": "int64", "shape": [2], "data": pack(np.zeros((1, 1), np.int64))["data"]},
        {"dtype": "int64", "shape": [1], "data": pack(np.zeros((9, 9), np.int64))["data"]},
        {"dtype": "bool", "shape": [1, 1], "data": pack(np.full((1, 1), 7, np.int8))["data"]},
    ],
)  # fmt: skip
def test_a_malformed_array_is_refused_by_its_name(value):
    with pytest.raises(FaultsError) as refused:
        Reader({"a": value}, "claim").array("a")
    assert refused.value.faults[0].field.startswith("claim.a")


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("problem", "values"), [1, 2]),
        (("problem", "weights"), [1, 2]),
        (("problem", "weights"), [1, -2, 3]),
        (("problem", "demand_ids"), ["a", "a", "b"]),
        (("problem", "rules", "township"), [0, 0, 9]),
        (("problem", "rules", "status"), [0, 0, 9]),
        (("problem", "rules", "separation_m"), "far"),
        (("problem", "capacity", "capacities"), [1]),
        (("solution", "opened"), [0, 3]),
        (("solution", "allocation"), [0, 3, 1]),
        (("solution", "allocation"), [0]),
        (("solution", "status"), "best"),
        (("solution", "proof"), "word"),
        (("solution", "options"), []),
        (("solution", "shares"), {"dtype": "int64", "shape": [1, 3], "data": pack(np.full((1, 3), 9))["data"]}),
        (("certificate", "kind"), "Path"),
        (("certificate", "fields", "bound"), 2**70),
        (("certificate", "fields", "exactly"), 1),
    ],
)
def test_what_does_not_fit_is_refused(problem, solution, where, value):
    claim = through_json(problem, solution)
    part = claim
    for name in where[:-1]:
        part = part[name]
    part[where[-1]] = value
    with pytest.raises(FaultsError):
        read_claim(claim)


@pytest.mark.parametrize("shape", [[0, 10**19], [0, 10**30, 3], [2**40, 0]])
def test_an_array_of_nothing_has_a_size_that_can_be(shape):
    packed = pack(np.zeros((0, 2), np.int8)) | {"shape": shape}
    with pytest.raises(FaultsError):
        Reader({"apart": packed}, "claim").array("apart")


def test_the_edition_is_told_and_another_one_is_refused(problem, solution):
    claim = claim_of(problem, solution)
    assert claim["edition"] == 3, (
        "plan files at counties are of this edition or older: another one must still read them"
    )
    for edition in (1, 2):
        read_claim(claim | {"edition": edition})
    for edition in (0, 4):
        with pytest.raises(FaultsError):
            read_claim(claim | {"edition": edition})
