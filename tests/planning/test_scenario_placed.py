"""Sites that somebody has named: nothing is chosen, everyone is sent, and what does not hold is told by name."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.cost_matrix import UNREACHABLE, CostMatrix
from gis.faults import FaultsError
from planning.measures.plan_measures import measure_plan
from planning.scenario.broken import broken_by
from planning.scenario.build import build
from planning.scenario.defaults import with_defaults
from planning.scenario.difference import difference
from planning.scenario.fit import misfits
from planning.scenario.identity import identity_of, question_told
from planning.scenario.placed import as_placed, at_the_nearest
from planning.scenario.places import Places
from planning.scenario.question import Conditions, PlanQuestion, TownshipLimit, question_from
from planning.scenario.resolve import resolve
from planning.scenario.scenario import Scenario
from planning.siting import MODELS
from planning.tables.in_force import DEFAULTS
from planning.tables.services import SERVICES

IDS = ["1", "2", "3", "4", "5"]
PEOPLE = pd.DataFrame({"resident": [10, 20, 30, 40, 50], "age_60_plus": [1, 2, 3, 4, 5]}, index=IDS)
PLACES = Places(
    PEOPLE,
    names=np.array(["东庄", "西庄", "西庄", "2", "南庄"], dtype=object),
    positions=np.array([[0.0, 0], [1000, 0], [2000, 0], [3000, 0], [4000, 0]]),
    lon_lat=np.array([[117.0 + k / 100, 37] for k in range(5)]),
    townships=np.array(["甲", "甲", "乙", "乙", "乙"], dtype=object),
)
MINUTE = np.abs(np.arange(5)[:, None] - np.arange(5)).astype(np.int32) * 60


def question(*sites, conditions=None, **asked):
    given = PlanQuestion("elder-centre", conditions=conditions or Conditions(), sites=sites, **asked)
    return with_defaults(given, SERVICES)


def built(asked, minutes=MINUTE):
    resolved = resolve(asked, PLACES, DEFAULTS, misfits(asked))
    return build(resolved, lambda _mode, candidates, _roads: CostMatrix(minutes, np.array(IDS, object), candidates.ids))


def refused(asked):
    with pytest.raises(FaultsError) as error:
        resolve(asked, PLACES, DEFAULTS, misfits(asked))
    return [(fault.code, fault.field, fault.value) for fault in error.value.faults]


def broken(asked):
    made = built(asked)
    return [(one.code, one.ids) for one in broken_by(made, as_placed(made).solution)]


def test_everyone_goes_to_the_nearest_of_the_sites_and_of_equally_near_ones_to_the_first():
    placed = as_placed(built(question("1", "3")))
    assert placed.solution.opened.tolist() == [0, 2]
    assert placed.solution.allocation.tolist() == [0, 0, 2, 2, 2]
    assert (placed.allocated_by, placed.is_provisional, placed.solution.objective) == ("nearest", False, None)


def test_whom_nothing_reaches_is_sent_nowhere_and_a_longest_time_sends_nobody_elsewhere():
    cut = MINUTE.copy()
    cut[4, :4] = UNREACHABLE
    made = built(question("1", conditions=Conditions(max_minutes=1)), cut)
    assert as_placed(made).solution.allocation.tolist() == [0, 0, 0, 0, -1]


def test_sites_are_named_as_other_places_are_and_all_that_is_wrong_is_told_together():
    asked = question("东庄", "1", "西庄", "北庄", conditions=Conditions(status=(("东山", "excluded"),)))
    assert refused(asked) == [
        ("unknown-place", "status", "东山"),
        ("site-twice", "sites", "1"),
        ("ambiguous-place", "sites", "西庄"),
        ("unknown-place", "sites", "北庄"),
    ]
    assert built(question("2", "南庄")).resolved.sites == (1, 4), "an id goes before a name that looks like one"


def test_a_number_of_sites_beside_them_says_nothing_and_is_missed_by_no_model():
    assert question("1", "3", p=5).p == 2
    assert question("1", "3", "4", model="budget", conditions=Conditions(budget_yuan=1)).p == 3
    assert question("1", model="lscp").p is None
    assert with_defaults(PlanQuestion("elder-centre", p=4), SERVICES).p == 4


def test_sites_are_kept_in_the_order_in_which_they_were_named_each_once():
    one = Scenario("甲", "v", question_from({"service": "hub", "sites": ["2", "1", "2"]}))
    same = Scenario("乙", "v", PlanQuestion("hub", sites=("2", "1")))
    other = Scenario("甲", "v", PlanQuestion("hub", sites=("1", "3")))
    free = Scenario("甲", "v", PlanQuestion("hub"))
    assert one.content_id == same.content_id
    assert len({one.content_id, other.content_id, free.content_id}) == 3
    assert same.body()["question"] == {"service": "hub", "sites": ["2", "1"]}
    assert difference(free, other)["question"] == [{"field": "sites", "before": None, "after": ["1", "3"]}]


def test_sites_are_part_of_what_names_a_plan_and_a_question_without_has_the_name_it_always_had():
    named, mixed, free = (identity_of(DEFAULTS, question(*sites)) for sites in (("1", "3"), ("3", "1"), ()))
    assert len({json.dumps(one, sort_keys=True) for one in (named, mixed, free)}) == 3  # the order numbers the sites
    assert "sites" not in free
    assert "sites" not in question_told(question())
    assert question_told(question("1"))["sites"] == ["1"]


def test_every_condition_that_does_not_hold_is_told_by_name():
    status = (("1", "existing"), ("2", "required"), ("4", "excluded"))
    limits = (TownshipLimit("甲", 1), TownshipLimit("乙", 0, 1))
    conditions = Conditions(status=status, townships=limits, separation_km=1.5, max_minutes=1)
    assert broken(question("3", "4", conditions=conditions)) == [
        ("existing", ("1",)),
        ("required", ("2",)),
        ("excluded", ("4",)),
        ("township-few", ()),
        ("township-many", ()),
        ("too-near", ("3", "4")),
        ("too-long", ("1",)),
    ]
    kept = Conditions(status=(("3", "required"),), townships=limits, separation_km=1.5, max_minutes=2)
    assert broken(question("1", "3", conditions=kept)) == []


def test_money_is_counted_and_told():
    conditions = Conditions(budget_yuan=5, opening_yuan=3)
    made = built(question("1", "3", model="budget", conditions=conditions))
    (one,) = broken_by(made, as_placed(made).solution)
    assert (one.code, one.params) == ("too-dear", {"spent_yuan": 6, "budget_yuan": 5})


def room_for(people, *sites, status=()):
    """Return service rooms that take so many people each; 10, 20, 30, 40 and 50 live in the places."""
    conditions = Conditions(capacity=people, status=status)
    asked = PlanQuestion("service-room", p=len(sites) or 2, sites=sites, conditions=conditions)
    return built(with_defaults(asked, SERVICES))


def test_who_goes_where_keeps_to_what_sites_take_if_that_can_be():
    assert as_placed(room_for(90, "3", "4")).allocated_by == "nearest", "60 and 90 people: nobody has to go farther"
    placed = as_placed(room_for(80, "3", "4"))
    assert (placed.allocated_by, placed.is_provisional) == ("capacity", False)
    only = tuple((id_, "required" if id_ in ("3", "4") else "excluded") for id_ in IDS)
    best = MODELS["capacitated"].solve(room_for(80, status=only).problem, p=2)
    assert placed.solution.opened.tolist() == best.opened.tolist() == [2, 3]
    assert placed.solution.allocation.tolist() == best.allocation.tolist()
    people = [sum(10 * (k + 1) for k in range(5) if placed.solution.allocation[k] == site) for site in (2, 3)]
    assert sorted(people) == [70, 80]


def test_where_no_allocation_keeps_to_it_the_reasons_are_told_and_sites_are_overloaded():
    made = room_for(70, "3", "4")
    placed = as_placed(made)
    assert (placed.allocated_by, placed.is_provisional) == ("nearest", False)
    assert placed.solution.allocation.tolist() == [2, 2, 2, 3, 3]
    assert [reason.code for reason in placed.solution.reasons]
    (one,) = broken_by(made, placed.solution)
    assert (one.code, one.ids, one.params) == ("overloaded", ("4",), {"load": 90, "most": 70})


def test_an_allocation_that_is_cut_short_is_provisional():
    placed = as_placed(room_for(80, "3", "4"), stop=lambda: True)
    assert placed.is_provisional


@given(st.sets(st.integers(0, 4), min_size=1), st.lists(st.integers(0, 9), min_size=25, max_size=25))
def test_it_is_measured_as_any_plan_that_sends_everyone_to_the_nearest(rows, minutes):
    seconds = np.array(minutes, np.int32).reshape(5, 5) * 60
    seconds[seconds == 540] = UNREACHABLE
    made = built(question(*(IDS[row] for row in rows)), seconds)
    placed = as_placed(made).solution
    for demand in range(5):
        best = min(sorted(rows), key=lambda row: (seconds[demand, row], row))
        assert placed.allocation[demand] == (best if seconds[demand, best] < UNREACHABLE else -1)
    oracle = at_the_nearest(made.problem, np.array(sorted(rows)), model="p-median")
    assert measure_plan(made.problem, placed, limit_s=300) == measure_plan(made.problem, oracle, limit_s=300)


@pytest.mark.parametrize("p", [1, 2, 3, 5])
def test_the_sites_of_the_best_plan_come_to_its_figures(p):
    made = built(question(p=p))
    best = MODELS["p-median"].solve(made.problem, p=p)
    placed = as_placed(built(question(*(IDS[row] for row in best.opened)))).solution
    assert placed.allocation.tolist() == best.allocation.tolist()
    assert measure_plan(made.problem, placed, limit_s=60) == measure_plan(made.problem, best, limit_s=60)
