"""What hubs cost: what is missing, what is spent, and what no 64 bits hold."""

from dataclasses import replace

import pytest

from gis.faults import FaultsError
from planning.hub_rooms import hub_area_mm2, whole_figures
from planning.siting.models.hubs import hubs, spent_on_hubs
from planning.siting.problem import SitingProblem
from planning.siting.proof import verify as checker


@pytest.fixture
def verify():
    """Return the codes of what the checker finds."""
    return lambda problem, solution: [fault.code for fault in checker.verify(problem, solution)]


def test_what_is_missing_is_not_more_than_what_is_enough(verify):
    seconds = [[6, 8, 9, 4, 8], [5, 2, 2, 9, 6], [3, 5, 1, 0, 9]]
    places = [(5, 0), (5, 2), (0, 1), (0, 1), (0, 0)]
    problem = SitingProblem.from_arrays(
        seconds, [9000, 12000, 2500], opening_costs=[6, 6, 4, 4, 1], positions=places, separation_m=1
    )
    solution = hubs(problem, limit_s=4, budget_yuan=2_373_800)
    told = solution.reasons[0].params
    assert told["short"] == told["enough"] == 7_314_122
    assert (solution.proof, verify(problem, solution)) == ("certificate", [])
    wrong = solution.reasons[0]._replace(params={**told, "short": -1})
    assert verify(problem, replace(solution, reasons=(wrong,))) == ["reason-false"]


def test_a_budget_is_spent_to_the_yuan():
    costs = {"opening_costs": [10, 20], "closing_costs": [5, 0], "status": ["closable", "candidate"]}
    problem = SitingProblem.from_arrays([[9, 1]], [1000], **costs)
    solution = hubs(problem, limit_s=1, budget_yuan=10**7)
    area_mm2 = hub_area_mm2(1000, 0, whole_figures(ages_known=False))
    assert solution.opened.tolist() == [1]
    assert spent_on_hubs(problem, solution) == -(-2600 * area_mm2 // 10**6) + 20 + 5


def test_costs_beyond_64_bits_are_refused():
    problem = SitingProblem.from_arrays([[1] * 30], [9], closing_costs=[2**40] * 30, status=["closable"] * 30)
    with pytest.raises(FaultsError) as caught:
        hubs(problem, limit_s=5, budget_yuan=10**12)
    assert [fault.code for fault in caught.value.faults] == ["costs-too-large"]
