"""Claims changed one part at a time: what is false is refused, and garbage is refused in words."""

import dataclasses
import math
from dataclasses import replace

import numpy as np
import pytest
from counted import counted
from hypothesis import given, settings
from hypothesis import strategies as st
from siting_truth import KAPPA, ask, best, pose, worth

from planning.siting import Reason, Solution, verify

SEED = np.random.default_rng(11)
COUNTY = {
    "rows": SEED.integers(1, 60, (9, 6)).tolist(),
    "weights": [5, 1, 0, 3, 700, 2, 9, 4, 30],
    "floats": False,
    "kinds": ["candidate", "closable", "candidate", "candidate", "existing", "candidate"],
    "towns": list("aabbcc"),
    "limits": {"a": (0, 2), "b": (0, 1)},
    "spots": [0, 5, 10, 15, 20, 20],
    "apart": 1,
    "longest": None,
    "homes": list("xyxyxyxyx"),
    "open": [3, 1, 2, 4, 2, 3],
    "close": [1] * 6,
    "room": None,
}
TIGHT = COUNTY | {"room": [40, 703, 40, 705, 40, 700], "loads": COUNTY["weights"], "least": [1] * 6}
UPPER = COUNTY | {"weights": [1, 2, 3, 4, 5, 0, 1, 1, 9]}
ASKED = {
    "p-median": {"p": 3},
    "p-center": {"p": 3},
    "lscp": {"limit_s": 40},
    "mclp": {"p": 3, "limit_s": 20},
    "backup": {"p": 2, "limit_s": 30, "require_first": False},
    "capacitated": {"p": 3},
    "split": {"p": 3, "split": True},
    "budget": {"budget_yuan": 6},
    "budget-coverage": {"budget_yuan": 4, "limit_s": 9},
    "facility-location": {"hour_yuan": 1800, "trips": 2},
    "kolm-pollak": {"p": 3, "kappa": KAPPA},
    "worst-township": {"p": 3},
    "hubs": {"limit_s": 40},
    "two-tiers": {"p": 3, "upper_p": 2, "upper": UPPER},
}
SOLVED = {}


def solved(case):
    """Return county, what was asked, problem, the checker's extra and the solution; solved once."""
    if case not in SOLVED:
        name = "capacitated" if case == "split" else case
        county = TIGHT if name == "capacitated" else COUNTY
        problem, solution, faults = ask(county, name, ASKED[case])
        assert (solution.status, solution.proof, faults) == ("optimal", "certificate", [])
        SOLVED[case] = county, ASKED[case], problem, {"upper": pose(UPPER)} if case == "two-tiers" else {}, solution
    return SOLVED[case]


def refused(problem, solution, extra):
    return [fault.code for fault in verify(problem, solution, **extra)] != []


@pytest.mark.parametrize("case", ASKED)
def test_every_figure_and_word_of_a_proven_plan_counts(case):
    *_, problem, extra, true = solved(case)
    for objective, bound in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1)):
        said = replace(true, objective=true.objective + objective, bound=true.bound + bound)
        assert refused(problem, said, extra), (objective, bound)
    for change in (
        {"status": "feasible"},
        {"status": "infeasible"},
        {"proof": None},
        {"proof": "solver", "solver": ""},
        {"objective": None},
        {"bound": None},
        {"sense": "max" if true.sense == "min" else "min"},
        {"objective_unit": "points"},
        {"model": "p-centre"},
    ):
        assert refused(problem, replace(true, **change), extra), change
    # Words that claim no more than what is proven stay: a plan with its bound, found before time was up.
    humble = replace(true, status="feasible", proof=None, reasons=(Reason("time-limit", {}),))
    assert not refused(problem, humble, extra)


@pytest.mark.parametrize("case", ASKED)
@counted(sites=4, allocation=3)
@settings(max_examples=25)
@given(data=st.data())
def test_other_sites_or_another_allocation_are_refused(seen, case, data):
    county, _, problem, extra, true = solved(case)
    m = len(county["kinds"])
    if data.draw(st.booleans()):
        chosen = data.draw(st.sets(st.integers(0, m - 1), min_size=1))
        if sorted(chosen) == true.opened.tolist():
            return
        seen["sites"] += 1
        said = replace(true, opened=np.array(sorted(chosen)))
        # Another set of sites with the old allocation would need that nobody used what it leaves out.
        assert refused(problem, said, extra) or set(true.allocation.tolist()) <= chosen
        return
    who = data.draw(st.integers(0, len(county["rows"]) - 1))
    where = data.draw(st.integers(-1, m + 3))
    allocation = true.allocation.copy()
    if allocation[who] == where or county["weights"][who] == 0:
        return
    same = (
        0 <= where < m and where in true.opened and county["rows"][who][where] == county["rows"][who][allocation[who]]
    )
    allocation[who] = where
    seen["allocation"] += 1
    free = case in {"hubs", "capacitated"} and where in true.opened  # judged by loads, area and total alone
    assert same or free or refused(problem, replace(true, allocation=allocation), extra)


@pytest.mark.parametrize("case", [case for case in ASKED if case not in {"kolm-pollak", "split"}])
@counted(refused=1)
@settings(max_examples=16)
@given(data=st.data())
def test_the_plan_of_another_county_is_refused_when_it_is_not_its_best(seen, case, data):
    county, asked, _, extra, true = solved(case)
    name = "capacitated" if case == "split" else case
    i, j = data.draw(st.integers(0, 8)), data.draw(st.integers(0, 5))
    if data.draw(st.booleans()):
        rows = [list(row) for row in county["rows"]]
        rows[i][j] = data.draw(st.sampled_from([None, 0, rows[i][j] + 1, max(0, rows[i][j] - 1), 500]))
        other = county | {"rows": rows}
    else:
        weights = list(county["weights"])
        weights[i] = data.draw(st.sampled_from([0, weights[i] + 1, 10**6]))
        other = county | {"weights": weights}
    truth = best(other, name, asked)
    was_refused = refused(pose(other), true, extra)
    seen["refused"] += was_refused
    if not was_refused:
        assert true.objective == truth
        assert case == "two-tiers" or worth(other, name, asked, tuple(true.opened.tolist())) == truth


def altered(draw, value):
    """Return a value of the same kind with one part changed, or garbage."""
    wild = st.sampled_from([-(2**63), -(2**40), -7, -2, -1, 0, 1, 2, 3, 6, 7, 50, 2**31, 2**62, 2**63 - 1])
    if draw(st.integers(0, 3)) == 0:
        return draw(st.sampled_from(GARBAGE))
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return draw(st.one_of(wild, st.sampled_from([value - 1, value + 1, 2 * value, -value])))
    if not isinstance(value, np.ndarray) or value.size == 0:
        return draw(st.sampled_from(GARBAGE))
    how = draw(st.sampled_from(["entry", "entry", "entry", "cut", "repeat", "zero", "turn"]))
    if how == "cut":
        return value[: draw(st.integers(0, len(value)))]
    if how == "repeat":
        return np.concatenate([value, value[-1:]])
    if how in {"zero", "turn"}:
        return value * 0 if how == "zero" else value.T[..., None]
    changed, at = value.copy(), draw(st.integers(0, value.size - 1))
    to = draw(st.one_of(wild, st.sampled_from([-1, 1]).map(lambda d: int(changed.flat[at]) + d)))
    info = np.iinfo(value.dtype)
    changed.flat[at] = min(max(to, info.min), info.max)
    return changed


CODES = (
    "unreachable-demand", "uncovered-demand", "too-few-sites", "capacity-short", "load-too-large", "budget-short",
    "tiers-conflict", "hubs-conflict", "rules-contradict", "must-open", "township-short", "sites-too-few", "max-time",
    "limit-short", "beds-short", "nonsense",
)  # fmt: skip
GARBAGE = [
    None, 0, -1, 2**70, 1.5, math.nan, "x", [], object(), np.array(3), np.zeros(0), np.zeros((2, 2)), np.array([None]),
    np.full((3, 4), 2**62), np.full(3, -(2**63)), np.array([99]), np.full((1, 8), 0.5), np.full((1, 8), np.nan),
    np.ones((1, 8), bool), np.array([2**63], np.uint64),
]  # fmt: skip


@pytest.mark.parametrize("case", ASKED)
@settings(max_examples=80)
@given(data=st.data())
def test_no_changed_certificate_proves_a_false_bound_or_stops_the_checker(case, data):
    *_, problem, extra, true = solved(case)
    if true.certificate is None:
        return
    names = [field.name for field in dataclasses.fields(true.certificate)]
    # The lie: nothing is better than something that the best plan beats.
    sign = 1 if true.sense == "min" else -1
    more = data.draw(st.sampled_from([1, 1, 2, 10, 10**9]))
    lie = replace(true, status="feasible", proof=None, bound=true.bound + sign * more)
    lie = replace(lie, objective=None, opened=true.opened[:0], allocation=true.allocation[:0], status="interrupted")
    lie = replace(lie, solver="")
    certificate = true.certificate
    if data.draw(st.booleans()):
        claimed = {"lscp": {"sites": more}, "p-center": {}, "hubs": {"bound": more * 10**6}}.get(case, {"bound": more})
        changes = {name: getattr(certificate, name) + beyond for name, beyond in claimed.items()}
        certificate = replace(certificate, **changes)
    for name in data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)):
        certificate = replace(certificate, **{name: altered(data.draw, getattr(certificate, name))})
    assert refused(problem, replace(lie, certificate=certificate), extra)
    verify(problem, replace(true, certificate=certificate), **extra)


@pytest.mark.parametrize("case", ASKED)
def test_garbage_anywhere_is_a_fault_and_not_an_exception(case):
    *_, problem, extra, true = solved(case)
    others = [solved(other)[-1].certificate for other in ASKED]
    for field in (field.name for field in dataclasses.fields(Solution)):
        for garbage in [*GARBAGE, *others]:
            harmless = field == "certificate" and type(garbage) is type(true.certificate)
            harmless = harmless or garbage is getattr(true, field) or field in {"reasons", "solver", "second", "shares"}
            assert refused(problem, replace(true, **{field: garbage}), extra) or harmless, (field, garbage)
    for option in true.options:
        for garbage in GARBAGE:
            verify(problem, replace(true, options={**true.options, option: garbage}), **extra)
    nothing = replace(true, status="infeasible", proof="enumerated", objective=None, bound=None)
    nothing = replace(nothing, opened=true.opened[:0], allocation=true.allocation[:0])
    for code in CODES:
        for told in (
            {},
            dict.fromkeys(["ids", "short", "needed", "p", "tier", "count"]),
            {"ids": [], "count": 0},
            None,
        ):
            for certificate in (None, true.certificate):
                claim = replace(nothing, reasons=(Reason(code, told),), certificate=certificate)
                assert refused(problem, claim, extra), (code, told)


@pytest.mark.parametrize("case", [case for case in ASKED if case != "p-center"])  # its proof is one of covers
def test_a_multiplier_below_zero_is_refused_wherever_it_stands(case):
    *_, problem, extra, true = solved(case)
    for one in dataclasses.fields(true.certificate):
        array = getattr(true.certificate, one.name)
        if one.metadata.get("least") != 0 or not array.size:
            continue
        for place in {0, array.size // 2, array.size - 1}:
            below = array.copy()
            below.flat[place] = -1
            claim = replace(true, certificate=replace(true.certificate, **{one.name: below}))
            assert "certificate-false" in {fault.code for fault in verify(problem, claim, **extra)}, (one.name, place)
