"""A budget with beds is spent to the yuan among given sites."""

from dataclasses import replace

import numpy as np
import pytest

from planning.siting import SitingProblem, budget
from planning.siting.engine.capacity import within_budget
from planning.siting.engine.capacity.affordable import AffordablePlans
from planning.siting.engine.linear.compact import CompactQuestion
from planning.siting.limits import Limits


def two_homes(**more):
    """Two villages, two homes at them and one that stands far away; every bed beyond the one included is paid for."""
    means = {
        "status": ["candidate", "candidate", "closable"],
        "loads": [2, 2],
        "capacities": [4, 4, 4],
        "included": [1, 1, 1],
        "extension_costs": [10, 10, 10],
        "opening_costs": [100, 100, 0],
        "closing_costs": [0, 0, 7],
    }
    return SitingProblem.from_arrays([[0, 5, 60], [5, 0, 60]], [10, 10], **(means | more))


@pytest.mark.parametrize(("yuan", "cost"), [(227, 0), (226, None), (1000, 0), (0, None)])
def test_sites_are_taken_where_the_money_is_enough_to_the_yuan(yuan, cost):
    problem = two_homes()
    asked = CompactQuestion(problem, everyone=True)
    costs = problem.values * problem.weights[:, None]
    plans = AffordablePlans(asked, problem.capacity, costs, None, budget=yuan, limits=Limits())
    assert plans.try_sites(np.array([0, 1])) is (cost is not None)  # 200 to open, 7 to close, 20 for two beds more
    assert (plans.plan is None) is (cost is None)
    assert cost is None or plans.cost == cost


def near_and_far(yuan):
    """Plans for 32 villages whose bed costs a yuan at the near home, and nothing at the far one a second away."""
    problem = SitingProblem.from_arrays(
        [[0, 1]] * 32,
        [1] * 32,
        capacities=[32, 32],
        included=[0, 32],
        extension_costs=[1, 0],
        opening_costs=[0, 0],
    )
    asked = CompactQuestion(problem, everyone=True)
    return AffordablePlans(asked, problem.capacity, problem.values * 1, None, budget=yuan, limits=Limits())


@pytest.mark.parametrize("yuan", [32, 31, 23, 16, 9, 1])
def test_as_many_beds_are_paid_for_as_there_is_money(yuan):
    plans = near_and_far(yuan)
    assert plans.try_sites(np.array([0, 1]))
    assert plans.cost == 32 - yuan


def test_sites_that_are_no_better_with_all_their_room_are_not_tried_with_less(monkeypatch):
    plans, rooms = near_and_far(23), []
    whole = AffordablePlans._divide
    monkeypatch.setattr(AffordablePlans, "_divide", lambda run, *how: rooms.append(how[1]) or whole(run, *how))
    assert plans.try_sites(np.array([1]))
    plans.cost = 0
    assert not plans.try_sites(np.array([0, 1]))
    assert len(rooms) == 2


@pytest.mark.parametrize(("yuan", "opened"), [(137, [0]), (136, None)])
def test_highs_pays_for_closing_what_it_is_not_shown(yuan, opened):
    problem = two_homes(closing_costs=[0, 0, 7])
    answer = budget(problem, budget_yuan=1000)
    run = within_budget._Run(
        replace(answer, options={"budget_yuan": yuan}),
        problem,
        problem.capacity,
        problem.values * problem.weights[:, None],
    )
    run.solve(Limits(), only=np.array([0]))  # 100 to open, 7 to close the far one, 30 for three beds more
    assert (None if run.opened is None else run.opened.tolist()) == opened
    assert run._least_spent(Limits(), only=np.array([0])) == 137


def test_the_sites_of_a_plan_that_is_too_dear_are_tried_with_less_room():
    plans = near_and_far(23)
    assert plans._ask(2, Limits()) == (False, True)
    assert plans.cost == 32 - 23
