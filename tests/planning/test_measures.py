"""Coverage is of people, by one function."""

import numpy as np
from counted import counted
from hypothesis import given
from hypothesis import strategies as st

from gis.cost_matrix import UNREACHABLE
from planning.measures.travel_times import Measures, compare_means, measures

PEOPLE = st.lists(st.tuples(st.integers(0, 50), st.integers(-1, 40)), min_size=1, max_size=30)


def test_counts_people_and_not_places():
    found = measures([900, 50, 50], [100, 2000, 2000], limit_s=600)
    assert found.people_within_limit == 900
    assert found.mean_s == 290.0
    assert found.worst_s == 2000


def test_unreachable_people_are_counted_but_not_averaged():
    found = measures([10, 5, 3], [60, UNREACHABLE, -1], limit_s=600)
    assert found == Measures(18, 10, 8, 60.0, 60, 60, 60)


def test_a_place_without_people_changes_no_figure():
    lived_in = measures([90, 10], [60, 300], limit_s=100)
    assert lived_in == Measures(100, 90, 0, 84.0, 300, 300, 60)
    for empty in (0, 30, 5000, UNREACHABLE, -1):
        assert measures([90, 0, 10], [60, empty, 300], limit_s=100) == lived_in
        assert measures([0, 0], [empty, 60], limit_s=100) == Measures(0, 0, 0, None, None, None, None)


def test_p95_is_the_least_time_that_95_percent_are_within():
    assert measures([95, 5], [1, 2], limit_s=None).p95_s == 1
    assert measures([94, 6], [1, 2], limit_s=None).p95_s == 2


def test_nobody_is_nobody_and_not_a_number():
    assert measures([0, 0], [1, 2], limit_s=5) == Measures(0, 0, 0, None, None, None, None)
    assert measures([4], [-1], limit_s=5) == Measures(4, 0, 4, None, None, None, None)


def test_without_a_limit_nobody_is_said_to_be_within():
    assert measures([1], [1], limit_s=None).as_dict()["people_within_limit"] is None


@counted(served=50)
@given(PEOPLE, st.integers(0, 40))
def test_agrees_with_a_list_of_every_single_person(seen, places, limit_s):
    weights, seconds = map(list, zip(*places, strict=True))
    each = sorted(t for w, t in places for _ in range(w) if t >= 0)
    found = measures(weights, seconds, limit_s=limit_s)
    assert found.people_total == sum(weights)
    assert found.people_total - found.unreachable_people == len(each)
    assert found.people_within_limit == sum(t <= limit_s for t in each)
    if each:
        seen["served"] += 1
        assert np.isclose(found.mean_s, np.mean(each))
        assert found.p95_s == each[-(-95 * len(each) // 100) - 1]
        assert found.worst_s == each[-1]
        assert found.median_s == each[(len(each) - 1) // 2]


@given(PEOPLE, st.integers(0, 39))
def test_a_wider_limit_never_covers_fewer(places, limit_s):
    weights, seconds = map(list, zip(*places, strict=True))
    narrow, wide = (measures(weights, seconds, limit_s=limit).people_within_limit for limit in (limit_s, limit_s + 1))
    assert narrow <= wide


@given(PEOPLE, st.data())
def test_cutting_people_off_makes_no_compared_mean_better(rows, data):
    people, before = np.array(rows).T
    lost = np.array([data.draw(st.integers(0, 9)) for _ in rows])
    after = np.where((before < 0) | (lost == 9), UNREACHABLE, before + lost)
    found = compare_means(people, before, after)
    both = (before >= 0) & (after < UNREACHABLE)
    assert found.people == people[both].sum()
    assert found.people + found.left_out == people.sum()
    if found.people:
        assert found.before_mean_s == sum(p * t for p, t in zip(people[both], before[both], strict=True)) / found.people
        assert found.after_mean_s >= found.before_mean_s
    else:
        assert found.before_mean_s is found.after_mean_s is None


def test_a_mean_that_falls_since_the_far_are_cut_off_is_told_over_the_same_people():
    before, after = [60, 600], [90, UNREACHABLE]
    assert measures([1, 1], after, limit_s=None).mean_s < measures([1, 1], before, limit_s=None).mean_s
    found = compare_means([1, 1], before, after)
    assert (found.people, found.left_out, found.before_mean_s, found.after_mean_s) == (1, 1, 60.0, 90.0)
