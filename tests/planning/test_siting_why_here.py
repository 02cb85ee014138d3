"""Worth of sites, exchanges and plans that stand apart, against figures by hand and against every plan."""

import json
from itertools import combinations

import numpy as np
import pytest
from counted import counted
from hypothesis import given, settings
from hypothesis import strategies as st
from siting_towns import county_of_24

from gis.cost_matrix import UNREACHABLE
from gis.faults import FaultsError
from planning.siting import SitingProblem, Solution, kolm_pollak
from planning.siting.payments import Payments
from planning.siting.study.alternatives import alternatives
from planning.siting.study.worth import best_swap, marginal_worth, swap_for

SENSES = {"p-median": "min", "p-center": "min", "lscp": "min", "mclp": "max"}
LIMIT_S = 4
ROAD = np.array([[0, 0], [5000, 0], [10_000, 0], [15_000, 0]])


def figures(problem, model, opened):
    """Return (places unserved that must not be, cost to keep small, people without a site, person-seconds)."""
    limit = min(UNREACHABLE - 1, UNREACHABLE if problem.max_time_s is None else problem.max_time_s)
    if model == "lscp":
        limit = min(limit, LIMIT_S)
    unserved, cost, without, travel = 0, 0, 0, 0
    for row, people in zip(problem.values.tolist(), problem.weights.tolist(), strict=True):
        if not people and model != "lscp":
            continue
        seconds = min(row[j] for j in opened)
        served = seconds <= limit
        unserved += not served and (model != "mclp" or problem.max_time_s is not None)
        without += 0 if served else people
        travel += people * seconds if served else 0
        if model == "p-median":
            cost += people * seconds if served else 0
        elif model == "p-center":
            cost = max(cost, seconds if served else 0)
        elif model == "mclp" and (served or problem.max_time_s is None):
            cost += people if seconds > LIMIT_S else 0
    return unserved, cost, without, travel


def plan_of(problem, model, opened):
    objective = figures(problem, model, opened)[1]
    if model == "mclp":
        objective = int(problem.weights.sum()) - objective
    options = {"p": len(opened), "limit_s": LIMIT_S}
    return Solution(model, options, "feasible", SENSES[model], "", objective, opened=np.array(opened, np.int64))


@st.composite
def questions(draw, *, models=tuple(SENSES)):
    """Draw a small problem with ties, rules and gaps, positions, and a plan that the rules allow."""
    n, m = draw(st.integers(1, 6)), draw(st.integers(2, 7))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    times = rng.integers(0, draw(st.sampled_from([3, 9, 1000])), (n, m))
    if draw(st.booleans()):
        times[rng.random((n, m)) < 0.25] = -1
    places = rng.integers(0, 4, (m, 2)) * 1000.0
    rules = {}
    if draw(st.booleans()):
        kinds = ["candidate", "existing", "closable", "required", "excluded", "closed"]
        rules["status"] = rng.choice(kinds, m, p=[0.5, 0.1, 0.1, 0.1, 0.1, 0.1])
    if draw(st.booleans()):
        rules |= {"townships": rng.choice(["A", "B", "C"], m), "township_limits": {"A": (0, 1), "B": (1, 2)}}
        rules["township_limits"] = {k: v for k, v in rules["township_limits"].items() if k in rules["townships"]}
    if draw(st.booleans()):
        rules |= {"positions": places, "separation_m": 1100.0}
    if draw(st.booleans()):
        rules["max_time_s"] = int(rng.integers(2, 10))
    problem = SitingProblem.from_arrays(times, rng.choice([0, 1, 1, 3, 500], n), **rules)
    p = draw(st.integers(1, min(4, m)))
    model = draw(st.sampled_from(models))
    plans = [plan for plan in combinations(range(m), p) if not problem.rules.broken_by(np.array(plan))]
    good = [plan for plan in plans if figures(problem, model, plan)[0] == 0]
    chosen = min(good or plans, key=lambda plan: figures(problem, model, plan), default=None)
    return problem, model, chosen, good, places


def town():
    """Three villages on a road, minutes apart, and one across the river that only the last site reaches."""
    times = [[0, 600, 1800, 2400], [600, 0, 1200, 1800], [1800, 1200, 0, 600], [-1, -1, -1, 60]]
    return SitingProblem.from_arrays(
        times, [100, 50, 10, 7], demand_ids=["a", "b", "c", "d"], candidate_ids=["A", "B", "C", "D"]
    )


def test_worth_of_a_site_counts_seconds_people_and_those_cut_off():
    near, far = marginal_worth(town(), plan_of(town(), "p-median", (0, 3)))
    assert (near.site, near.people, near.loss, near.without_people) == ("A", 150, 100 * 2400 + 50 * 1200, 0)
    assert (near.extra_person_seconds, near.longest_extra_s, near.mean_extra_s) == (300_000, 2400, 2000.0)
    assert (far.site, far.people, far.loss, far.longest_extra_s) == ("D", 17, 10 * 1200, 1200)
    assert (far.without_people, far.without_places, far.unreachable_people, far.mean_extra_s) == (7, 1, 7, 1200.0)


def test_worth_under_p_center_mclp_and_lscp():
    problem = town()
    near, far = marginal_worth(problem, plan_of(problem, "p-center", (0, 3)))
    assert (near.loss, far.loss) == (2400 - 600, 1800 - 600)
    mclp = Solution("mclp", {"p": 2, "limit_s": 600}, "optimal", "max", "people", 167, opened=np.array([0, 3]))
    near, far = marginal_worth(problem, mclp)
    assert (near.loss, far.loss) == (150, 17)
    lscp = Solution("lscp", {"limit_s": 600}, "optimal", "min", "sites", 2, opened=np.array([0, 3]))
    near, far = marginal_worth(problem, lscp)
    assert [(site.loss, site.without_people, site.unreachable_people) for site in (near, far)] == [
        (0, 150, 0),
        (0, 17, 7),
    ]


def test_people_beyond_the_longest_time_are_not_called_unreachable():
    problem = SitingProblem.from_arrays([[0, 50], [40, 0]], [5, 3], max_time_s=45)
    first, second = marginal_worth(problem, plan_of(problem, "p-median", (0, 1)))
    assert (first.without_people, first.unreachable_people, first.loss) == (5, 0, 0)
    assert (second.without_people, second.loss) == (0, 120)


def test_a_swap_says_whom_it_helps_and_hurts():
    problem = town()
    swap = swap_for(problem, plan_of(problem, "p-median", (0, 3)), "B")
    assert (swap.leaving, swap.entering, swap.loss, swap.feasible) == ("A", "B", 60_000 - 30_000, True)
    assert (swap.gaining_people, swap.gained_person_seconds, swap.mean_gain_s) == (50, 30_000, 600.0)
    assert (swap.losing_people, swap.lost_person_seconds, swap.mean_loss_s) == (100, 60_000, 600.0)
    assert [effect.as_dict() for effect in swap.most_helped] == [
        {"demand": "b", "people": 50, "before_s": 600, "after_s": 0}
    ]
    assert [effect.demand for effect in swap.most_hurt] == ["a"]
    assert swap_for(problem, plan_of(problem, "p-median", (0, 3)), "A") is None
    with pytest.raises(FaultsError, match="candidate-unknown"):
        swap_for(problem, plan_of(problem, "p-median", (0, 3)), "Z")


def test_a_swap_that_cuts_people_off_is_told_as_such():
    problem = SitingProblem.from_arrays([[0, 9, -1], [-1, 9, 0]], [5, 3])
    swap = swap_for(problem, plan_of(problem, "p-median", (0, 2)), 1)
    assert (swap.feasible, swap.without_people, swap.leaving, swap.loss) == (True, 0, 2, 27)
    alone = swap_for(problem, plan_of(problem, "p-median", (1,)), 0)
    assert (alone.feasible, alone.without_people, alone.most_hurt[0].after_s) == (False, 3, None)


def test_figures_go_to_json():
    problem, plan = town(), plan_of(town(), "p-median", (0, 3))
    told = [worth.as_dict() for worth in marginal_worth(problem, plan)]
    told += [best_swap(problem, plan).as_dict()]
    told += [alternatives(problem, plan, positions=ROAD).as_dict()]
    assert json.loads(json.dumps(told))[0]["mean_extra_s"] == 2000.0


def test_a_model_unknown_here_is_studied_by_its_payments():
    problem = town()
    plan = Solution("worst-township", {}, "optimal", "min", "", 0, opened=np.array([0, 3]))
    with pytest.raises(FaultsError, match="model-not-studied"):
        marginal_worth(problem, plan)
    squares = np.where(problem.allowed, problem.values.clip(max=3000).astype(np.int64) ** 2, -1)
    near, _ = marginal_worth(problem, plan, payments=Payments(squares))
    assert near.loss == 100 * 2400**2 + 50 * (1800**2 - 600**2)
    found = alternatives(problem, plan, positions=ROAD, payments=Payments(squares), count=1)
    assert found.plans[0].proven


def test_kolm_pollak_is_studied_by_its_own_costs():
    problem, places = county_of_24()
    plan = kolm_pollak(problem, p=4)
    worth = marginal_worth(problem, plan)
    assert all(site.loss > 0 for site in worth)
    found = alternatives(problem, plan, positions=places, count=2)
    assert [other.proven for other in found.plans] == [True, True]
    assert best_swap(problem, plan).loss >= 0
    with pytest.raises(FaultsError, match="model-not-studied"):
        alternatives(problem, plan_of(problem, "p-center", (0, 1)), positions=places)


@counted(swap=20)
@settings(max_examples=80, deadline=None)
@given(questions())
def test_the_best_swap_is_the_best_of_all(seen, question):
    problem, model, opened, _, _ = question
    if opened is None:
        return
    best = None
    for leaving in opened:
        for entering in set(range(problem.values.shape[1])) - set(opened):
            plan = (*(j for j in opened if j != leaving), entering)
            if not problem.rules.broken_by(np.array(plan)):
                found = figures(problem, model, plan)
                best = found if best is None else min(best, found)
    swap = best_swap(problem, plan_of(problem, model, opened))
    assert (swap is None) == (best is None)
    seen["swap"] += swap is not None
    if swap is not None:
        before = figures(problem, model, opened)
        plan = (*(j for j in opened if j != swap.leaving), swap.entering)
        assert figures(problem, model, plan) == best
        assert (swap.feasible, swap.loss) == (best[0] == 0, best[1] - before[1])
        assert swap.without_people - swap.newly_served_people == best[2] - before[2]


@counted(site=40, served=20)
@settings(max_examples=80, deadline=None)
@given(questions())
def test_the_worth_of_a_site_is_what_the_rest_would_pay_more(seen, question):
    problem, model, opened, _, _ = question
    if opened is None or len(opened) < 2:
        return
    before = figures(problem, model, opened)
    for site in marginal_worth(problem, plan_of(problem, model, opened)):
        after = figures(problem, model, tuple(j for j in opened if j != site.site))
        seen["site"] += 1
        assert site.without_people == after[2] - before[2]
        if not site.without_places:
            seen["served"] += 1
            assert site.extra_person_seconds == after[3] - before[3]
            assert site.loss == after[1] - before[1]


@counted(good=20)
@settings(max_examples=80, deadline=None)
@given(questions(models=("p-median", "mclp")), st.sampled_from([0.0, 0.01, 0.5, 3.0]))
def test_alternatives_are_the_best_of_all_plans(seen, question, within):
    problem, model, opened, good, places = question
    if not good:
        return
    seen["good"] += 1
    plan = plan_of(problem, model, opened)
    found = alternatives(problem, plan, positions=places, count=4, apart_m=1500.0, within=within)
    cost = {other: figures(problem, model, other)[1] for other in good}
    assert found.complete
    assert found.counted
    assert found.within == sum(c - cost[opened] <= found.largest_loss for c in cost.values())

    def has_far(other, listed):
        gaps = [min(np.hypot(*(places[j] - places[k])) for k in listed) for j in other]
        return max(gaps) >= 1500.0

    apart = [other for other in good if has_far(other, opened)]
    assert found.within_far == sum(cost[other] - cost[opened] <= found.largest_loss for other in apart)
    listed = set(opened)
    for alternative in found.plans:
        assert alternative.opened in apart
        assert cost[alternative.opened] - cost[opened] == alternative.loss == min(cost[o] for o in apart) - cost[opened]
        listed |= set(alternative.opened)
        apart = [other for other in apart if has_far(other, listed)]
    assert len(found.plans) == 4 or not apart


def test_positions_must_be_there():
    for positions in (ROAD[:3], ROAD * np.nan):
        with pytest.raises(FaultsError, match="positions-wrong"):
            alternatives(town(), plan_of(town(), "p-median", (0, 3)), positions=positions)
