"""A question is resolved among plain arrays: names become rows, and all that contradicts it is told together."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from gis.cost_matrix import CostMatrix
from gis.faults import FaultsError
from planning.hub_rooms import Room
from planning.scenario.build import build
from planning.scenario.defaults import with_defaults
from planning.scenario.fit import misfits
from planning.scenario.places import Facility, Places, township_labels
from planning.scenario.question import Conditions, PlanQuestion, TownshipLimit
from planning.scenario.resolve import resolve
from planning.siting.spending import spent_yuan
from planning.tables.in_force import DEFAULTS
from planning.tables.services import SERVICES

IDS = ["1", "2", "3", "4"]
PEOPLE = pd.DataFrame({"resident": [10, 20, 30, 40], "age_60_plus": [1, 2, 3, 4], "age_5_14": [5, 6, 7, 8]}, index=IDS)
PLACES = Places(
    PEOPLE,
    names=np.array(["东庄", "西庄", "西庄", "2"], dtype=object),
    positions=np.array([[0.0, 0], [1000, 0], [2000, 0], [3000, 0]]),
    lon_lat=np.array([[117.0, 37], [117.01, 37], [117.02, 37], [117.03, 37]]),
    townships=np.array(["甲", "甲", "乙", ""], dtype=object),
)
MINUTE = np.abs(np.arange(4)[:, None] - np.arange(4)).astype(np.int32) * 60


def question(service="elder-centre", conditions=None, **asked):
    return with_defaults(PlanQuestion(service, conditions=conditions or Conditions(), **asked), SERVICES)


def resolved(asked, places=PLACES):
    return resolve(asked, places, DEFAULTS, misfits(asked))


def refused(asked, places=PLACES):
    with pytest.raises(FaultsError) as error:
        resolved(asked, places)
    return [(fault.code, fault.value) for fault in error.value.faults]


def times(mode, candidates, _roads):
    return CostMatrix(MINUTE * (2 if mode == "car" else 1), np.array(IDS, object), candidates.ids)


def a_minute_away(_mode, candidates, _roads):
    return CostMatrix(np.full((len(IDS), len(candidates.ids)), 60, np.int32), np.array(IDS, object), candidates.ids)


def test_names_and_ids_become_rows_and_an_id_goes_before_a_name():
    found = resolved(question(p=2, conditions=Conditions(status=(("2", "excluded"), ("东庄", "required")))))
    assert found.rules["status"].tolist() == ["required", "excluded", "candidate", "candidate"]
    assert found.weights.values.tolist() == [1, 2, 3, 4]  # noqa: PD011 - our own array, not a frame


def test_all_that_contradicts_a_question_is_told_together():
    status = (("东庄", "required"), ("1", "excluded"), ("西庄", "required"), ("南庄", "excluded"))
    limits = (TownshipLimit("丙", 1),)
    conditions = Conditions(status=status, townships=limits, split=True)
    assert refused(question(p=2, base="registered", conditions=conditions)) == [
        ("option-not-counted", "p-median"),
        ("unknown-township", "丙"),
        ("status-twice", "1"),
        ("ambiguous-place", "西庄"),
        ("unknown-place", "南庄"),
        ("base-missing", "registered"),
    ]


def test_a_single_limit_goes_before_the_general_one_and_a_place_without_township_has_none():
    conditions = Conditions(every_township=1, townships=(TownshipLimit("甲", 0, 0),))
    assert resolved(question(p=2, conditions=conditions)).rules["township_limits"] == {"甲": (0, 0), "乙": (1, None)}


def test_limits_of_townships_need_townships():
    without = dataclasses.replace(PLACES, townships=None)
    assert "demand_townships" not in resolved(question(p=2), without).rules
    assert refused(question(p=2, conditions=Conditions(every_township=1)), without) == [("missing-layer", "")]


def test_of_two_tiers_the_upper_one_is_an_elder_centre_and_each_township_gets_a_room():
    asked = question("service-room", model="two-tiers", p=3, upper_p=1)
    found = resolved(asked)
    assert found.rules["township_limits"] == {"甲": (1, None), "乙": (1, None)}
    assert found.upper.question == question()
    built = build(found, times)
    assert built.options["upper"].values[0, 3] == 6 * 60, "elders are driven"  # noqa: PD011 - our own array, not a frame
    assert built.problem.values[0, 3] == 3 * 60  # noqa: PD011 - our own array, not a frame
    assert (built.options["p"], built.options["upper_p"]) == (3, 1)
    assert set(built.sides) == {"upper"}


def test_a_model_gets_what_it_needs_and_of_the_rest_what_is_said():
    assert build(resolved(question(p=2)), times).options == {"p": 2}
    rooms = (Room("hall", base_m2=50),)
    hubs = build(resolved(question("hub", model="hubs", rooms=rooms)), times)
    assert (hubs.options["limit_s"], hubs.options["rooms"]) == (900, rooms)
    assert hubs.sides["children"].tolist() == [5, 6, 7, 8]
    assert "rooms" not in build(resolved(question("hub", model="hubs")), times).options, "the table that comes along"


def test_townships_of_one_name_are_told_apart_by_their_ids():
    ids = pd.Series(["a", "b", "c", None, "d"])
    assert township_labels(ids, {"a": "甲", "b": "甲", "c": "乙"}).tolist() == ["甲 (a)", "甲 (b)", "乙", "", "d"]


def test_what_stands_need_not_be_built_where_it_is_required_and_is_closed_where_it_is_excluded():
    at = {"kind": "elder-home", "lon_lat": (117.0, 37.0), "capacity": 50}
    homes = (Facility("a", "甲院", xy=(0.0, 0.0), **at), Facility("b", "乙院", xy=(3000.0, 0.0), **at))
    asked = question(p=1, conditions=Conditions(status=(("a", "required"), ("b", "excluded"))))
    found = resolved(asked, dataclasses.replace(PLACES, facilities=homes))
    assert found.rules["status"].tolist() == ["candidate"] * 4 + ["existing", "closed"]
    problem = build(found, a_minute_away).problem
    service = SERVICES["elder-centre"]
    assert spent_yuan(problem, np.array([4])) == service.closing_yuan > 0
