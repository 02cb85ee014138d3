"""What becomes of each site, and that its yuan are those of the plan."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from planning.comparison.actions import actions_of
from planning.measures.loads import site_loads
from planning.measures.money import yuan_of
from planning.scenario.placed import at_the_nearest
from planning.siting import SitingProblem


def told(problem, opened, loads=None, **options):
    return [(one.act, one.site, one.yuan) for one in actions_of(problem, np.array(opened), loads, **options)]


def problem_of(**options):
    status = ["candidate", "closable", "closable", "existing", "candidate"]
    costs = {"opening_costs": [100] * 5, "closing_costs": [7] * 5}
    return SitingProblem.from_arrays(np.arange(15).reshape(3, 5), [5, 6, 7], status=status, **costs, **options)


def test_sites_are_built_kept_and_closed_in_this_order():
    assert told(problem_of(), [0, 2, 3]) == [("new", 0, 100), ("close", 1, 7), ("keep", 2, 0), ("keep", 3, 0)]


def test_what_carries_more_than_it_takes_as_it_stands_is_extended_as_far_as_its_capacity_goes():
    problem = problem_of(capacities=[20] * 5, included=[4] * 5, extension_costs=[10] * 5)
    loads = np.array([6, 0, 30, 4, 0])
    assert told(problem, [0, 2, 3], loads) == [
        ("new", 0, 100 + 20),
        ("extend", 2, 160),
        ("close", 1, 7),
        ("keep", 3, 0),
    ]


def test_what_becomes_more_than_it_is_is_raised():
    assert told(problem_of(), [0, 1, 2, 3], raised={0, 2}) == [
        ("new", 0, 100),
        ("upgrade", 2, 0),
        ("keep", 1, 0),
        ("keep", 3, 0),
    ]


@given(st.data())
def test_the_yuan_of_all_actions_are_those_of_the_plan(data):
    m = data.draw(st.integers(1, 5))

    def column(*values):
        return data.draw(st.lists(st.sampled_from(values), min_size=m, max_size=m))

    room = {}
    if data.draw(st.booleans()):
        room = {"capacities": column(1, 5, 50), "included": column(0, 1, 9), "extension_costs": column(0, 3)}
    problem = SitingProblem.from_arrays(
        np.arange(4 * m).reshape(4, m),
        [3, 0, 9, 4],
        status=column("candidate", "existing", "closable", "excluded", "closed"),
        opening_costs=column(0, 11),
        closing_costs=column(0, 5),
        **room,
    )
    opened = np.array(sorted(data.draw(st.sets(st.integers(0, m - 1), min_size=1))))
    solution = at_the_nearest(problem, opened, model="placed")
    found = actions_of(problem, opened, site_loads(problem, solution))
    assert sum(one.yuan for one in found) == yuan_of(problem, solution)
    assert sorted(one.site for one in found) == sorted({*opened, *np.flatnonzero(problem.rules.stands)})
