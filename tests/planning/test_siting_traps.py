"""Traps that other systems fell into, and what a problem refuses before anything is solved."""

import math
from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from siting_truth import ask, best, obeys, questions

from api.actions.plan_figures import figures_of
from gis.faults import FaultsError
from planning.measures.travel_times import measures
from planning.siting import MODELS, Progress, SitingProblem, lscp, mclp, p_median, verify

# Trap 1: rules that come after the solve.


@pytest.mark.parametrize("name", MODELS)
def test_a_site_that_stands_or_must_stand_shapes_the_search_itself(name):
    """Two good sites and a poor one: keeping the poor one leaves room for one good one, and the best is another."""
    seconds = [[0, 50, 90, 20], [50, 0, 90, 20], [9, 9, 90, 9]]
    means = {"demand_townships": ["x", "y", "x"], "opening_costs": [1, 1, 1, 1]}
    asked = {"p": 2, "limit_s": 60, "budget_yuan": 1, "upper_p": 1}
    asked = {need: asked.get(need) for need in MODELS[name].needs}
    for status in ("existing", "required"):
        means["opening_costs"] = [1, 1, 0, 1]
        problem = SitingProblem.from_arrays(
            seconds, [40, 40, 1], status=["candidate", "candidate", status, "candidate"], **means
        )
        if "upper" in asked:
            asked["upper"] = SitingProblem.from_arrays(seconds, [1, 1, 1])
        solution = MODELS[name].solve(problem, **asked)
        assert solution.status == "optimal"
        assert 2 in solution.opened
        # Solved first and kept afterwards, one of the corners would stand beside it; within the search the middle does.
        if name in {"p-median", "p-center", "capacitated", "worst-township", "kolm-pollak", "budget"}:
            assert solution.opened.tolist() == [2, 3]
        extra = {"upper": asked["upper"]} if "upper" in asked else {}
        assert verify(problem, solution, **extra) == []


# Trap 2: coverage in points.


def test_coverage_counts_people_and_never_places():
    problem = SitingProblem.from_arrays([[0, 99], [0, 99], [0, 99], [99, 0]], [1, 1, 1, 1000])
    solution = mclp(problem, p=1, limit_s=10)
    assert solution.opened.tolist() == [1]
    assert (solution.objective, solution.bound) == (1000, 1000)
    found = figures_of(problem, solution, limit_s=10)["measures"]
    assert (found["people_within_limit"], found["people_total"]) == (1000, 1003)


# Trap 3: a limit is an exception, or "optimal" is claimed.


@pytest.mark.parametrize("limit", [{"stop": lambda: True}, {"time_limit_s": 0.0}, {"time_limit_s": 1e-3}])
@pytest.mark.parametrize("name", MODELS)
def test_a_limit_returns_an_honest_plan_and_bound(name, limit):
    seen = Counter()

    @settings(max_examples=12)
    @given(questions(name))
    def check(question):
        county, asked = question
        truth = best(county, name, asked)
        _, solution, faults = ask(county, name, asked, **limit)
        seen[solution.status] += 1
        seen["plan"] += solution.objective is not None
        assert faults == []
        assert solution.status != "infeasible" or truth is None
        if solution.status in {"feasible", "interrupted"}:
            assert [reason.code for reason in solution.reasons] == ["cancelled" if "stop" in limit else "time-limit"]
        if solution.objective is not None and name != "kolm-pollak":
            low, high = sorted([solution.objective, solution.bound])
            assert low <= truth <= high
            assert solution.status != "optimal" or low == high

    check()
    assert seen["feasible"] + seen["interrupted"] + seen["plan"] > 0, seen


@pytest.mark.parametrize("after", [1, 3, 10])
def test_a_cancel_in_the_middle_keeps_plan_and_bound(after):
    rng = np.random.default_rng(after)
    problem = SitingProblem.from_arrays(rng.integers(0, 10**6, (60, 40)), rng.integers(1, 10**4, 60))
    whole, told, asked = p_median(problem, p=8), [], [0]

    def stop():
        asked[0] += 1
        return asked[0] > after

    solution = p_median(problem, p=8, stop=stop, report=told.append)
    assert verify(problem, solution) == []
    assert all(isinstance(progress, Progress) for progress in told)
    assert solution.status == "interrupted" or (solution.status, solution.bound) == ("optimal", whole.objective)
    if solution.objective is not None:
        assert solution.bound <= whole.objective <= solution.objective
        assert solution.proof is None or solution.gap == 0


# Trap 4: two formulas for one coverage figure.


@pytest.mark.parametrize("name", ["mclp", "budget-coverage"])
def test_objective_measures_and_page_say_the_same_coverage(name):
    @settings(max_examples=30)
    @given(questions(name))
    def check(question):
        county, asked = question
        problem, solution, _ = ask(county, name, asked)
        if solution.objective is None or not len(solution.opened):
            return
        page = figures_of(problem, solution, limit_s=asked["limit_s"])["measures"]
        seconds = [
            math.inf if j < 0 or county["rows"][i][j] is None else county["rows"][i][j]
            for i, j in enumerate(solution.allocation.tolist())
        ]
        people = sum(w for w, t in zip(county["weights"], seconds, strict=True) if t <= asked["limit_s"])
        plain = measures(county["weights"], [-1 if t == math.inf else t for t in seconds], limit_s=asked["limit_s"])
        assert page["people_within_limit"] == plain.people_within_limit == solution.objective == people
        assert page["people_total"] == sum(county["weights"])

    check()


# What a problem refuses.


def refusals(make):
    with pytest.raises(FaultsError) as caught:
        make()
    return [(fault.code, fault.field) for fault in caught.value.faults]


def test_every_fault_of_every_array_is_told_at_once():
    found = refusals(
        lambda: SitingProblem.from_arrays(
            [[math.nan, 1.5], [-1.0, math.inf]],
            [0.5, math.nan],
            demand_ids=["a", "a"],
            candidate_ids=["x"],
            status=["candidate", "wished"],
            townships=["t"],
            township_limits={"t": (3, 1)},
            positions=[(0, math.nan), (1, 1)],
            separation_m=5,
            max_time_s=1.5,
            demand_townships=["t"],
            opening_costs=[1, 2, 3],
            closing_costs=[-1, 0.5],
        )
    )
    assert set(found) == {
        ("not-finite", "values"), ("fraction", "values"), ("below-zero", "values"), ("fraction", "weights"),
        ("not-finite", "weights"), ("repeated-id", "demand_ids"), ("ids-shape", "candidate_ids"),
        ("ids-shape", "demand_townships"), ("column-shape", "opening_costs"), ("below-zero", "closing_costs"),
        ("fraction", "closing_costs"), ("option-not-whole", "max_time_s"), ("column-shape", "townships"),
        ("township-limit", "township_limits"), ("status-unknown", "status"), ("positions-wrong", "positions"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "field",
    ["demand_ids", "candidate_ids", "status", "townships", "positions", "capacities", "loads", "minimum_loads",
     "demand_townships", "opening_costs", "closing_costs"],
)  # fmt: skip
@pytest.mark.parametrize("wrong", [[], [1], [1, 2, 3, 4], [[1, 2, 3]], 7])
def test_an_array_of_another_shape_is_refused_by_its_name(field, wrong):
    beside = {"positions": {"separation_m": 1}, "loads": {"capacities": [1, 1, 1]}}.get(field, {})
    found = refusals(lambda: SitingProblem.from_arrays([[1, 2, 3]] * 3, [1, 1, 1], **{field: wrong}, **beside))
    assert {where for _, where in found} == {field}


@pytest.mark.parametrize("field", ["capacities", "loads", "minimum_loads", "opening_costs", "closing_costs"])
@pytest.mark.parametrize("wrong", [-1, 0.5, math.nan, math.inf, 2**50, "many", None, True])
def test_a_figure_that_is_no_whole_count_is_refused(field, wrong):
    beside = {"capacities": [1, 1]} if field == "loads" else {}
    found = refusals(lambda: SitingProblem.from_arrays([[1, 2]] * 2, [1, 1], **{field: [wrong, wrong]}, **beside))
    assert {where for _, where in found} == {field}


@given(st.lists(st.lists(st.one_of(st.integers(0, 9), st.none()), min_size=2, max_size=2), min_size=1, max_size=4))
def test_negative_and_infinite_are_one_unreachable(rows):
    whole = SitingProblem.from_arrays([[-5 if t is None else t for t in row] for row in rows], [1] * len(rows))
    floats = SitingProblem.from_arrays([[math.inf if t is None else t for t in row] for row in rows], [1.0] * len(rows))
    assert whole.values.tolist() == floats.values.tolist()
    assert whole.reachable.tolist() == [[t is not None for t in row] for row in rows]


@pytest.mark.parametrize("wrong", [None, 0, -1, 4, 1.5, math.nan, math.inf, "2", True, [1]])
@pytest.mark.parametrize("name", [name for name in MODELS if "p" in MODELS[name].needs])
def test_p_out_of_range_is_refused_by_name(name, wrong):
    problem = SitingProblem.from_arrays([[1, 2, 3]] * 2, [1, 1], demand_townships=["x", "y"])
    usual = {"limit_s": 5, "budget_yuan": 5, "upper_p": 1, "upper": problem}
    asked = {need: usual[need] for need in MODELS[name].needs if need != "p"}
    assert {where for _, where in refusals(lambda: MODELS[name].solve(problem, p=wrong, **asked))} == {"p"}


@pytest.mark.parametrize("field", ["limit_s", "budget_yuan"])
@pytest.mark.parametrize("wrong", [None, -1, 1.5, math.nan, math.inf, "9", False])
@pytest.mark.parametrize("name", MODELS)
def test_a_limit_that_is_not_whole_is_refused_by_name(name, wrong, field):
    if field not in MODELS[name].needs:
        return
    problem = SitingProblem.from_arrays([[1, 2, 3]] * 2, [1, 1])
    asked = dict.fromkeys(MODELS[name].needs, 1) | {field: wrong}
    assert {where for _, where in refusals(lambda: MODELS[name].solve(problem, **asked))} == {field}


def test_whole_floats_and_integers_of_any_kind_ask_the_same():
    problem = SitingProblem.from_arrays([[1, 9], [9, 1]], [1, 1])
    for one in (1, 1.0, np.int64(1), np.int32(1), np.float64(1)):
        assert p_median(problem, p=one).objective == 10
        assert lscp(problem, limit_s=one).objective == 2


# Contradictions: drop any one part of what is told, and what is left is possible.
PARTS = {
    "township-least": "least", "township-short": "least", "township-most": "most", "township-over": "most",
    "must-open": "keep", "excluded-sites": "bar", "sites-too-few": "few", "sites-too-many": "many", "too-near": "apart",
    "nobody-reaches": "everyone", "everyone-served": "everyone", "max-time": "longest", "limit-short": "limit",
}  # fmt: skip


def parts_of(reasons):
    """Return the parts that reasons name, each site and township for itself; None for those not counted here."""
    parts = set()
    for code, told in reasons:
        if code == "sites-not-possible":
            parts |= {("few", None), ("many", None)}
        elif code == "kept-too-near":
            parts |= {("apart", None), *(("keep", site) for site in told["ids"])}
        elif code in PARTS:
            named = told["ids"] if PARTS[code] in {"keep", "bar"} else [told.get("township")]
            parts |= {(PARTS[code], name) for name in named}
        else:
            return None
    return parts


def possible(county, name, asked, parts):
    """Whether some set of sites does everything that these parts ask, and nothing else."""
    kinds, m = {kind for kind, _ in parts}, len(county["kinds"])
    longest = county["longest"] if "longest" in kinds else math.inf
    far = min(longest, asked["limit_s"] if "limit" in kinds else math.inf)
    served = [row for row, w in zip(county["rows"], county["weights"], strict=True) if w or name == "lscp"]
    alone = {"spots": [0] * m, "apart": 0} if "apart" not in kinds else {}
    for chosen in (sites for k in range(m + 1) for sites in combinations(range(m), k)):
        names = {f"site {j}" for j in chosen}
        there = [county["towns"][j] for j in chosen]
        if any(
            (kind == "keep" and of not in names)
            or (kind == "bar" and of in names)
            or (kind == "least" and there.count(of) < county["limits"][of][0])
            or (kind == "most" and there.count(of) > county["limits"][of][1])
            or (kind == "few" and len(chosen) > asked["p"])
            or (kind == "many" and len(chosen) < asked["p"])
            for kind, of in parts
        ):
            continue
        free = (
            county | {"limits": {}, "kinds": [k if k == "existing" else "candidate" for k in county["kinds"]]} | alone
        )
        free["kinds"] = [k if j in chosen else "candidate" for j, k in enumerate(free["kinds"])]
        if not obeys(free, chosen):
            continue
        reached = all(any(row[j] is not None and row[j] <= far for j in chosen) for row in served)
        if reached or not kinds & {"everyone", "longest"}:
            return True
    return False


@pytest.mark.parametrize("name", ["p-median", "p-center", "lscp", "mclp", "backup", "worst-township"])
def test_a_conflict_is_one_and_loses_nothing_needless(name):
    seen = []

    @settings(max_examples=120)
    @given(questions(name, room=False))
    def check(question):
        county, asked = question
        _, solution, _ = ask(county, name, asked)
        parts = parts_of(solution.reasons) if solution.status == "infeasible" else None
        if parts:
            seen.append(parts)
            assert not possible(county, name, asked, parts)
            for part in sorted(parts, key=str):
                assert possible(county, name, asked, parts - {part}), part

    check()
    assert seen
