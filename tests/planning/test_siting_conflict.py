"""Minimal conflicts: no plan exists, and without any one part one does; against trying everything."""

from dataclasses import replace
from itertools import combinations, product

import numpy as np
from counted import counted
from hypothesis import given, settings
from hypothesis import strategies as st
from siting_questions import as_solution, ruled_questions

from gis.cost_matrix import UNREACHABLE
from planning.siting import SitingProblem
from planning.siting.engine.conflict.conflict import find_conflict, minimal_conflict
from planning.siting.engine.conflict.figures import Figures
from planning.siting.engine.conflict.reasons import reasons_of
from planning.siting.engine.linear.compact import CompactQuestion, Part
from planning.siting.limits import Limits
from planning.siting.proof.statements.conflict import conflict_holds
from planning.siting.rules import STATUSES
from planning.siting.solution import Reason


def possible(asked, parts):
    """Whether any set of sites keeps the parts, by trying all."""
    m = len(asked.problem.candidate_ids)
    return any(_fits(asked, parts, set(sites)) for k in range(m + 1) for sites in combinations(range(m), k))


def _fits(asked, parts, opened):
    problem, rules = asked.problem, asked.problem.rules
    for kind, of in parts:
        if kind == "keep" and of not in opened:
            return False
        if kind == "bar" and of in opened:
            return False
        inside = sum(rules.township[j] == of for j in opened)
        if (kind == "least" and inside < rules.least[of]) or (kind == "most" and inside > rules.most[of]):
            return False
        if kind == "apart" and any(a in opened and b in opened for a, b in rules.apart.tolist()):
            return False
        if (kind == "fewest" and len(opened) < asked.p) or (kind == "most-sites" and len(opened) > asked.p):
            return False
        if kind == "budget":
            words = [STATUSES[status] for status in rules.status]
            stands = {j for j, word in enumerate(words) if word in ("existing", "closable", "closed")}
            yuan = sum(problem.opening_costs[j] for j in opened - stands)
            if yuan + sum(problem.closing_costs[j] for j in stands - opened) > asked.budget:
                return False
    return _serves(asked, {kind for kind, _ in parts}, opened)


def _serves(asked, kinds, opened):
    problem = asked.problem
    limit = min(
        [UNREACHABLE - 1]
        + ([problem.max_time_s] if "max-time" in kinds else [])
        + ([asked.limit_s] if "limit" in kinds else [])
    )
    must = bool(kinds & {"everyone", "max-time"})
    served = [i for i, w in enumerate(problem.weights) if w or asked.every_place]
    ways = [[j for j in opened if problem.values[i, j] <= limit] + ([] if must else [None]) for i in served]
    if problem.capacity is None or not kinds & {"capacity", "minimum"}:
        return all(ways)
    room = problem.capacity
    for plan in product(*ways):
        load = {j: sum(int(room.loads[i]) for i, to in zip(served, plan, strict=True) if to == j) for j in opened}
        full = "capacity" in kinds and any(load[j] > room.capacities[j] for j in opened)
        idle = "minimum" in kinds and any(load[j] < room.minimum_loads[j] for j in opened)
        if not full and not idle:
            return True
    return False


def check_conflict(seen, asked):
    conflict = minimal_conflict(asked, Limits())
    assert (not conflict) == possible(asked, frozenset(asked.parts()))
    seen["conflict" if conflict else "none"] += 1
    if not conflict:
        return
    assert not possible(asked, conflict)
    for part in conflict:
        assert possible(asked, conflict - {part})
    reasons = reasons_of(asked, conflict, Limits())
    figures = [reason.params.get(name) for reason in reasons for name in ("short", "needed", "possible")]
    assert reasons
    assert all(figure is None or figure >= (0 if asked.p else 1) for figure in figures)


@counted(conflict=60, none=20)
@settings(max_examples=250, deadline=None)
@given(ruled_questions())
def test_a_conflict_is_told_where_no_plan_exists_and_nothing_in_it_is_needless(seen, asked):
    check_conflict(seen, asked)


@counted(conflict=30, none=10)
@settings(max_examples=150, deadline=None)
@given(ruled_questions(loads=True))
def test_with_loads_as_well(seen, asked):
    check_conflict(seen, asked)


@counted(holds=30, counted=30, conflict=40, none=10)
@settings(max_examples=150, deadline=None)
@given(st.booleans().flatmap(lambda loads: ruled_questions(loads=loads)))
def test_the_checker_accepts_only_conflicts_that_are_there(seen, asked):
    rest = {"everyone": asked.everyone, "limited": True, "every_place": asked.every_place}
    solution = as_solution(asked)
    conflict = minimal_conflict(asked, Limits())
    seen["conflict" if conflict else "none"] += 1
    if conflict:
        solution = replace(solution, reasons=reasons_of(asked, conflict, Limits()))
        holds = conflict_holds(asked.problem, solution, **rest)
        seen["holds"] += holds
        # Where HiGHS worked a figure out that counting does not show, the conflict stands on its word.
        figures_counted = shown_by_counting(asked, solution.reasons)
        seen["counted"] += figures_counted
        assert holds or not figures_counted or not Figures(asked, conflict).contradictory()
        for k in range(len(solution.reasons)):  # nothing holds on fewer reasons
            fewer = replace(solution, reasons=solution.reasons[:k] + solution.reasons[k + 1 :])
            assert not conflict_holds(asked.problem, fewer, **rest)
    else:
        for reason in (Reason("nobody-reaches", {"ids": [0], "count": 1}), Reason("beds-short", {"short": 1})):
            assert not conflict_holds(asked.problem, replace(solution, reasons=(reason,)), **rest)


def shown_by_counting(asked, reasons):
    """Whether counting the whole question shows every figure of the reasons."""
    whole = Figures(asked, frozenset(asked.parts()))
    figures = {"beds-short": whole.beds_short, "load-short": whole.loads_short, "budget-short": whole.yuan_short}
    return all(
        reason.params["needed"] <= whole.needed()
        if reason.code == "sites-too-few"
        else reason.params["possible"] >= whole.most
        if reason.code == "sites-too-many"
        else reason.code not in figures or reason.params["short"] == figures[reason.code]()
        for reason in reasons
    )


def test_a_cancel_leaves_reasons_that_still_contradict_each_other():
    problem = SitingProblem.from_arrays(np.where(np.eye(3), 1, 99), [1, 1, 1], max_time_s=60)
    stopped = Limits(stop=lambda: True)
    reasons = find_conflict(problem, p=2, known=True, limits=stopped)
    assert {reason.code for reason in reasons} == {"sites-not-possible", "max-time"}
    assert find_conflict(problem, p=2, limits=stopped) == ()
    assert Part("max-time") in minimal_conflict(CompactQuestion(problem, p=2), stopped, known=True)
