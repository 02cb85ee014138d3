"""Schemes in common random futures: the same for all, whoever computes them, and nothing drawn is nothing changed."""

# ruff: noqa: PD011 - problems and weights are no frames

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.cost_matrix import UNREACHABLE
from gis.faults import FaultsError
from gis.network import RoadNetwork
from gis.snapping import snap
from gis.travel_time import travel_times
from planning.futures.chosen import FutureQuestion, choose_again
from planning.futures.draw import as_assumed, draw_futures
from planning.futures.evaluate import UsedRoads, evaluate, roads_used
from planning.futures.people import Counted
from planning.futures.ranges import spread_of, versus
from planning.futures.scheme import FIGURES, FutureScheme
from planning.futures.travel import Travel, class_of_arcs
from planning.population import demand_weights
from planning.scenario.ageing import aged
from planning.siting import MODELS, SitingProblem, Solution
from planning.siting.engine.allocation import allocate_nearest

SIDE = 5
IDS = np.array([f"v{k}" for k in range(9)], object)


def grid():
    """25 junctions 1 km apart; rows of the road table go east, then north; each has an arc there and one back."""
    node = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)
    ends = np.concatenate(
        [
            np.column_stack([node[:, :-1].ravel(), node[:, 1:].ravel()]),
            np.column_stack([node[:-1].ravel(), node[1:].ravel()]),
        ]
    )
    tail, head = ends.ravel(), ends[:, ::-1].ravel()
    x, y = (node.ravel() % SIDE) * 1000.0, (node.ravel() // SIDE) * 1000.0
    ms = np.repeat(np.where(np.arange(len(ends)) < SIDE * (SIDE - 1), 60_000, 120_000), 2)
    return RoadNetwork(tail, head, milliseconds=ms, x=x, y=y, twin=np.arange(tail.size) ^ 1), len(ends)


def people():
    rng = np.random.default_rng(5)
    resident = rng.integers(200, 900, 9)
    over_60 = (resident * 0.25).astype(int)
    return pd.DataFrame(
        {
            "resident": resident,
            "registered": resident + rng.integers(0, 400, 9),
            "age_60_plus": over_60,
            "age_65_plus": (over_60 * 0.7).astype(int),
            "age_80_plus": (over_60 * 0.1).astype(int),
            "age_5_14": (resident * 0.1).astype(int),
        },
        index=pd.Index(IDS),
    )


PEOPLE = people()
NETWORK, ROWS = grid()
XY = np.random.default_rng(2).uniform(0, 4000, (9, 2))
CLASSES = class_of_arcs(["tertiary"] * 20 + ["residential"] * 20, NETWORK.tail.size)
ORIGINS = snap(NETWORK, XY)
TRAVEL = Travel(NETWORK, "car", CLASSES, ROWS, ORIGINS, IDS)


def problem(group="60+", *, capacities=None, travel=TRAVEL):
    times = travel_times(travel.network, ORIGINS, ORIGINS, origin_ids=IDS, destination_ids=IDS)
    weights = demand_weights(PEOPLE, base="resident", group=group).values
    return SitingProblem.from_matrix(times, weights, capacities=capacities)


def scheme(key, opened, *, group="60+", capacities=None, travel=TRAVEL, **counted):
    asked = problem(group, capacities=capacities, travel=travel)
    opened = np.array(opened, np.int64)
    sent = allocate_nearest(asked, opened)
    plan = Solution("p-median", {}, "feasible", "min", "person-seconds", opened=opened, allocation=sent)
    who = Counted(PEOPLE, group, "resident", **counted)
    return FutureScheme(key, asked, plan, who, travel, ORIGINS.take(opened), 180)


def same(one, other):
    return np.array_equal(one.figures, other.figures, equal_nan=True) and np.array_equal(one.closed, other.closed)


def test_with_nothing_drawn_every_figure_is_the_scheme_s_own():
    neutral = as_assumed(base_share=0.0, year=2020)
    schemes = [scheme("A", [0, 4]), scheme("B", [2], group="all"), scheme("C", [1, 3], capacities=[90] * 9)]
    outcomes = evaluate(schemes, [neutral])
    assert np.array_equal(outcomes.figures[:, :, 0], outcomes.today, equal_nan=True)
    assert outcomes.closed.tolist() == [-1]
    told = dict(zip(FIGURES, outcomes.today[0], strict=True))
    seconds = problem().values[:, [0, 4]].min(axis=1)
    assert told["mean_s"] == pytest.approx(seconds @ problem().weights / problem().weights.sum())
    assert np.isnan(told["served_people"])
    assert dict(zip(FIGURES, outcomes.today[2], strict=True))["served_people"] > 0


@pytest.mark.parametrize("group", ["60+", "65+", "80+", "all", "5-14"])
@pytest.mark.parametrize(("share", "base"), [(0.0, "resident"), (1.0, "registered")])
def test_at_either_end_the_people_are_those_of_that_base(group, share, base):
    counted = Counted(PEOPLE, group, "resident").in_future(as_assumed(base_share=share, year=2020))
    assert (counted == demand_weights(PEOPLE, base=base, group=group).values).all()


@given(st.floats(0, 1), st.sampled_from([2020, 2025, 2035]), st.floats(0.85, 1.15))
def test_people_of_a_future_sum_to_the_rounded_county(share, year, mortality):
    future = replace(as_assumed(base_share=share, year=year), mortality=mortality)
    everyone = PEOPLE["resident"] + share * (PEOPLE["registered"] - PEOPLE["resident"])
    assert Counted(PEOPLE, "all", "resident").in_future(future).sum() == np.floor(everyone.sum() + 0.5)
    elders = Counted(PEOPLE, "60+", "resident").in_future(future)
    assert (elders >= 0).all()
    then = aged(PEOPLE, year, mortality=mortality)["age_60_plus"].sum()
    assert abs(elders.sum() - then * np.floor(everyone.sum() + 0.5) / PEOPLE["resident"].sum()) <= 0.5


def test_more_deaths_leave_fewer_elders_and_none_is_the_method_as_it_is():
    usual = aged(PEOPLE, 2035)["age_60_plus"].sum()
    assert aged(PEOPLE, 2035, mortality=1.15)["age_60_plus"].sum() < usual
    assert aged(PEOPLE, 2035, mortality=0.85)["age_60_plus"].sum() > usual


def test_a_named_year_and_people_that_a_scheme_says_stay_in_every_future():
    counted = Counted(PEOPLE, "60+", "resident", 2030, np.array([[3, 77]]))
    futures = [replace(as_assumed(base_share=0.0, year=year), road_at=None) for year in (2020, 2035)]
    one, other = (counted.in_future(future) for future in futures)
    assert (one == other).all()
    assert one[3] == 77
    assert one.sum() - 77 == aged(PEOPLE, 2030)["age_60_plus"].drop("v3").sum()


def test_workers_the_order_of_schemes_and_the_others_change_nothing():
    schemes = [scheme("A", [0, 4]), scheme("B", [2, 6]), scheme("C", [0, 8], group="all")]
    futures = draw_futures(7, 12)
    alone = evaluate(schemes, futures)
    with ThreadPoolExecutor(2) as threads:
        assert same(alone, evaluate(schemes, futures, threads=threads))
    turned = evaluate(schemes[::-1], futures)
    assert np.array_equal(turned.figures[::-1], alone.figures, equal_nan=True)
    assert np.array_equal(turned.closed, alone.closed)
    apart = evaluate([replace(one, travel=replace(TRAVEL)) for one in schemes], futures)
    assert same(alone, apart)
    first = evaluate(schemes, futures[:5])
    assert np.array_equal(first.figures, alone.figures[:, :, :5], equal_nan=True)


def test_every_scheme_counts_the_same_people_on_the_same_roads():
    schemes = [scheme("A", [0, 4]), scheme("B", [0, 4])]
    outcomes = evaluate(schemes, draw_futures(3, 8))
    assert np.array_equal(outcomes.figures[0], outcomes.figures[1], equal_nan=True)
    assert versus(outcomes, 0, 1, "mean_s").as_dict() == {"first": 0, "alike": 8, "second": 0}


@settings(max_examples=25)
@given(st.integers(0, 500))
def test_one_more_site_is_never_worse_in_any_future(seed):
    outcomes = evaluate([scheme("A", [0, 4]), scheme("B", [0, 4, 7])], draw_futures(seed, 3))
    found = versus(outcomes, 1, 0, "mean_s")
    assert found.second == 0
    assert found.first + found.alike == 3


def test_the_road_that_is_closed_is_one_that_people_take_and_closes_both_ways():
    schemes = [scheme("A", [0])]
    used = roads_used(schemes)
    assert 0 < len(used.rows) < ROWS
    closed = int(used.rows[0])
    arcs = TRAVEL.in_future(as_assumed(base_share=0, year=2020), [closed]).passable
    assert np.flatnonzero(~arcs).tolist() == [2 * closed, 2 * closed + 1]
    drawn = evaluate(schemes, draw_futures(1, 40)).closed
    assert set(drawn.tolist()) <= set(used.rows.tolist())
    assert len(set(drawn.tolist())) > 1


def test_a_road_is_closed_by_its_length():
    used = UsedRoads(np.array([3, 5, 9]), np.array([1.0, 2.0, 1.0]))
    assert [used.at(share) for share in (0.0, 0.24, 0.26, 0.74, 0.76, 1.0)] == [3, 3, 5, 5, 9, 9]
    assert used.at(None) == -1
    assert UsedRoads(np.empty(0, np.int64), np.empty(0)).at(0.5) == -1


def test_faster_roads_are_faster_and_built_ones_keep_their_speed():
    built = NETWORK.edit(added_ms=[(0, 24, 50_000), (24, 0, 50_000)])
    travel = replace(TRAVEL, network=built, road_class=class_of_arcs(["tertiary"] * ROWS, built.tail.size))
    future = as_assumed(base_share=0, year=2020)
    future.speeds["car"][:] = 1.25
    faster = travel.in_future(future)
    assert (faster.milliseconds[: 2 * ROWS] == np.rint(NETWORK.milliseconds / 1.25)).all()
    assert faster.milliseconds[-2:].tolist() == [50_000, 50_000]


def test_whom_a_plan_sends_elsewhere_than_to_the_nearest_stays_there():
    plan = scheme("A", [0, 4])
    sent = np.full(9, 4)
    kept = replace(plan, solution=replace(plan.solution, allocation=sent))
    assert not kept.goes_to_nearest
    times = problem().values[:, [0, 4]]
    assert (kept.seconds(times) == times[:, 1]).all()
    nobody = replace(plan, solution=replace(plan.solution, allocation=np.full(9, -1)))
    assert (nobody.seconds(times) <= UNREACHABLE).all()


def test_less_room_serves_fewer():
    plan = scheme("A", [0, 4], capacities=[60] * 9)
    times, who = problem().values[:, [0, 4]], problem().weights
    served = [
        plan.in_future(replace(as_assumed(base_share=0, year=2020), capacity=factor), times, who)["served_people"]
        for factor in (0.85, 1.0, 1.05)
    ]
    assert served[0] < served[1] < served[2]
    assert served[1] == plan.today()["served_people"]


def test_nothing_that_stands_serves_nobody():
    outcomes = evaluate([scheme("A", [0, 4]), scheme("0", [])], draw_futures(1, 4))
    spread = spread_of(outcomes, 1, "mean_s")
    assert spread is None
    assert spread_of(outcomes, 1, "unreachable_people").least > 0
    assert versus(outcomes, 0, 1, "people_within_limit").first == 4


def test_spreads_are_figures_that_occur():
    outcomes = evaluate([scheme("A", [0, 4]), scheme("B", [2])], draw_futures(1, 40))
    values = np.sort(outcomes.figures[0, FIGURES.index("mean_s")])
    spread = spread_of(outcomes, 0, "mean_s")
    assert (spread.p5, spread.median, spread.p95) == (values[1], values[19], values[37])
    assert (spread.least, spread.most, spread.none) == (values[0], values[-1], 0)
    assert spread_of(outcomes, 0, "served_people") is None
    assert versus(outcomes, 0, 1, "people_total") is None
    one, other = outcomes.figures[:, FIGURES.index("people_within_limit")]
    assert versus(outcomes, 0, 1, "people_within_limit").first == (one > other).sum()


def test_a_stop_leaves_the_futures_computed_so_far():
    looks = iter([False, False, True, True])
    outcomes = evaluate([scheme("A", [0, 4])], draw_futures(1, 4), stop=lambda: next(looks))
    assert outcomes.numbers.tolist() == [0, 1]
    assert outcomes.figures.shape[-1] == 2


def question(**options):
    asked = problem()
    options = options or {"p": 2}
    return FutureQuestion(asked, MODELS["p-median"].solve, options, Counted(PEOPLE, "60+", "resident"), TRAVEL, ORIGINS)


def test_chosen_counts_sum_to_the_sites_of_all_plans_and_each_is_the_best_of_its_future():
    futures, asked = draw_futures(4, 10), question()
    closed = evaluate([scheme("A", [0, 4])], futures).closed.tolist()
    chosen = choose_again(asked, futures, closed)
    assert chosen.times.sum() == 2 * 10
    assert dict(chosen.statuses) == {"optimal": 10}
    again = np.zeros(9, np.int64)
    for future, row in zip(futures, closed, strict=True):
        there = asked.in_future(future, () if row < 0 else (row,))
        again[MODELS["p-median"].solve(there, p=2).opened] += 1
    assert (chosen.times == again).all()
    with ThreadPoolExecutor(2) as threads:
        assert (choose_again(asked, futures, closed, threads=threads).times == again).all()


def test_a_question_without_any_plan_is_counted_as_such():
    asked = question()
    asked = replace(asked, problem=replace(asked.problem, max_time_s=1))
    chosen = choose_again(asked, draw_futures(1, 3), [-1] * 3)
    assert dict(chosen.statuses) == {"infeasible": 3}
    assert chosen.times.sum() == 0
    with pytest.raises(FaultsError, match="model-not-resolved"):
        choose_again(replace(asked, options={"upper": asked.problem}), draw_futures(1, 1), [-1])
