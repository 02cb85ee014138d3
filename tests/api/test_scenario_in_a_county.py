"""A scenario that leaves the roads alone is the county built so; one that closes a bridge is proven from its file."""

import csv
import dataclasses
import json
import re
from itertools import pairwise

import numpy as np
import pytest
from openpyxl import load_workbook
from toy_county import _UNIT_FIELDS, VILLAGES, lon_lat, write_toy_county
from typer.testing import CliRunner

from api.actions.open_county import OpenCounty
from api.actions.plan import make_plan, plan_id
from api.actions.plan_file import plan_file
from api.actions.posed import built_at, places_of
from api.cli.commands import app
from gis.faults import FaultsError
from layers.build import build_county
from layers.cache import Cache
from layers.county import open_county
from planning.scenario.defaults import with_defaults
from planning.scenario.edits import (
    Adopted,
    AdoptedSite,
    Counted,
    Flooded,
    NewCandidate,
    PlacePeople,
    RoadBuilt,
    RoadClosed,
    RoadSlowed,
    SiteStatus,
    Standard,
    told,
)
from planning.scenario.question import Conditions, PlanQuestion
from planning.scenario.resolve import resolve
from planning.tables.in_force import DEFAULTS

MOVES = [
    ({"00001": 12, "00006": 0}, (1.3, 2.1), (3.4, 0.2)),
    ({"00003": 700}, (0.0, 2.5), (1.0, 2.0)),
    ({"00005": 1, "00002": 99}, (4.0, 1.5), (0.7, 0.9)),
]


def opened(data, cache):
    return OpenCounty(open_county(data), cache=cache, tables=DEFAULTS)


def asked(*edits, p=2, **given):
    return with_defaults(PlanQuestion("elder-centre", p=p, edits=edits, **given), DEFAULTS.services)


def township_at(km):
    return "T1" if km[0] <= 2 else "T2"


def build_so(folder, elders, candidate, adopted):
    """Build a county in which all that stands already: other people, one empty place, one more home."""
    toml = write_toy_county(folder / "files")
    rows = [
        [id_, name, township, *lon_lat(x, y), resident, registered, *bands]
        for id_, (name, township, x, y, resident, registered, *bands) in VILLAGES.items()
    ]
    for row in rows:
        if row[0] in elders:
            row[7:11] = [elders[row[0]], 0, 0, row[10]]
    rows.append(["90000", "新点", township_at(candidate), *lon_lat(*candidate), 0, 0, 0, 0, 0, 0])
    with (folder / "files" / "villages.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([_UNIT_FIELDS, *rows])
    book = load_workbook(folder / "files" / "facilities.xlsx")
    book.active.append(
        ["A1", "采用点", "elder-home", "township", township_at(adopted), *lon_lat(*adopted), 60, "existing"]
    )
    book.save(folder / "files" / "facilities.xlsx")
    build_county(toml, data_dir=folder / "data")
    return folder / "data"


@pytest.mark.parametrize(("elders", "candidate", "adopted"), MOVES)
def test_where_no_road_changes_a_county_built_so_has_the_same_matrix_and_weights(
    elders, candidate, adopted, toy_data, tmp_path
):
    scheme = Adopted("elder-centre", (AdoptedSite("A1", "采用点", lon_lat(*adopted), 60),))
    people = [PlacePeople(id_, count) for id_, count in elders.items()]
    conditions = Conditions(capacity=300, status=(("00002", "required"),))
    edits = (NewCandidate("新点", lon_lat(*candidate)), scheme, *people)
    changed = built_at(opened(toy_data, Cache(tmp_path / "one")), asked(*edits, conditions=conditions))
    conditions = Conditions(capacity=300, status=(("00002", "required"), ("A1", "existing")))
    data = build_so(tmp_path / "built", elders, candidate, adopted)
    built = built_at(opened(data, Cache(tmp_path / "other")), asked(conditions=conditions))
    one, other = changed.resolved.candidates, built.resolved.candidates
    columns = [other.ids.tolist().index({"新点": "90000"}.get(id_, id_)) for id_ in one.ids]
    places = [other.ids.tolist().index(id_) for id_ in one.ids[: len(changed.problem.weights)]]
    assert np.array_equal(changed.problem.values, built.problem.values[np.ix_(places, columns)])
    assert np.array_equal(changed.problem.weights, built.problem.weights[places])
    assert built.problem.weights.sum() == changed.problem.weights.sum()
    assert np.array_equal(changed.problem.rules.status, built.problem.rules.status[columns])
    assert np.array_equal(one.capacities, other.capacities[columns])
    assert one.townships.tolist() == other.townships[columns].tolist()


def bridges(at_hand):
    return [str(id_) for id_, row in at_hand.roads.iterrows() if row["bridge"]]


def test_a_p_median_with_a_bridge_closed_is_proven_and_verified_from_its_file_alone(toy_data, settings, tmp_path):
    at_hand = opened(toy_data, settings.cache)
    first = bridges(at_hand)[1]
    plan = make_plan(at_hand, asked(RoadClosed(first), p=1))
    today = make_plan(at_hand, asked(p=1))
    assert (plan["status"], plan["proof"]) == ("optimal", "certificate")
    assert plan["objective"] > today["objective"]
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(plan_file(at_hand, plan)), encoding="utf-8")
    for data, told_of in ((toy_data, "county"), (tmp_path / "nothing", "alone")):
        run = CliRunner().invoke(app, ["verify", str(file), "--json"], env={"COUNTYGRID_DATA": str(data)})
        assert run.exit_code == 0, (told_of, run.output)


def test_a_changed_edit_in_a_plan_file_is_false_where_the_county_is(toy_data, settings, tmp_path):
    at_hand = opened(toy_data, settings.cache)
    one, other, *_ = bridges(at_hand)
    plan = plan_file(at_hand, make_plan(at_hand, asked(RoadClosed(one), p=1)))
    plan["edits"] = [told(RoadClosed(other))]
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(plan), encoding="utf-8")
    run = CliRunner().invoke(app, ["verify", str(file), "--json"], env={"COUNTYGRID_DATA": str(toy_data)})
    assert run.exit_code == 1


def test_a_plan_tells_what_its_edits_came_to_and_that_it_is_a_scenario(toy_data, settings):
    at_hand = opened(toy_data, settings.cache)
    area = tuple(lon_lat(x, y) for x, y in ((2.2, -0.2), (2.8, -0.2), (2.5, 3.2)))
    edits = (
        Flooded("徒骇河", area),
        PlacePeople("00001", 5),
        SiteStatus("00003", "required"),
        Counted(base="registered", year=2030),
        Standard(limit_minutes=12),
    )
    plan = make_plan(at_hand, asked(*edits))
    assert {"scenario-edits", "aged-estimate", "elders-estimated"} <= set(plan["notes"])
    assert plan["weights_basis"] == "2030-registered-age_60_plus"
    assert (plan["base"], plan["limit_minutes"]) == ("registered", 12)
    assert plan["edits"] == [told(edit) for edit in edits]
    assert [one["op"] for one in plan["edits_told"]] == [edit.op for edit in edits]
    assert plan["edits_told"][0] == {"op": "flooded", "target": "徒骇河", "pieces": 4}
    assert plan["edits_told"][1]["sites"] == ["00001"]
    assert plan["opened"].count("00003") == 1
    assert make_plan(at_hand, asked())["notes"].count("scenario-edits") == 0


def test_the_order_of_edits_makes_no_other_plan(toy_data, settings):
    at_hand = opened(toy_data, settings.cache)
    edits = [RoadClosed(id_) for id_ in bridges(at_hand)] + [PlacePeople("00001", 5), SiteStatus("2", "required")]
    names = {plan_id(at_hand, asked(*edits[k:], *edits[:k])) for k in range(len(edits))}
    assert len(names) == 1
    assert all(plan_id(at_hand, asked(one)) != plan_id(at_hand, asked(other)) for one, other in pairwise(edits))


def test_ways_of_weeks_are_refused_in_words(toy_data, tmp_path):
    at_hand = opened(toy_data, Cache(tmp_path))
    slow = [RoadSlowed(name, 1000) for name in sorted(set(at_hand.roads["name"]))]
    with pytest.raises(FaultsError) as error:
        built_at(at_hand, asked(*slow, mode="elder-walk"))
    assert [fault.code for fault in error.value.faults] == ["edit-ways-too-long"]


@pytest.mark.parametrize("far", [(27.0, 0.0), (-63.0, -37.0), (180.0, 90.0)])
@pytest.mark.parametrize("has_outline", [True, False])
def test_positions_at_the_other_end_of_the_earth_are_told_and_break_nothing(far, has_outline, toy_data, tmp_path):
    at_hand = opened(toy_data, Cache(tmp_path))
    places = places_of(at_hand)
    land = places.land()
    land = land if has_outline else dataclasses.replace(land, outline=None)
    edits = (
        NewCandidate("新点", far),
        RoadBuilt("新路", far, lon_lat(0, 0), 20.0),
        Flooded("水", (far, (far[0] - 0.5, far[1]), (far[0], far[1] - 0.5))),
        Adopted("hub", (AdoptedSite("X", at=far), AdoptedSite("00001", at=far))),
    )
    with pytest.raises(FaultsError) as error:
        resolve(asked(*edits), dataclasses.replace(places, land=lambda: land), at_hand.tables)
    assert [fault.row for fault in error.value.faults] == [1, 2, 3, 4, 4]


def test_everything_wrong_with_edits_is_told_by_the_api_at_once(client):
    edits = [
        {"op": "road-closed"},
        {"op": "road-close", "target": "a"},
        {"op": "site-capacity", "target": "a", "capacity": "3"},
    ]
    answer = client.post("/api/plans?lang=en", json={"service": "elder-centre", "edits": edits})
    assert answer.status_code == 422
    faults = answer.json()["faults"]
    assert [(fault["row"], fault["code"]) for fault in faults] == [
        (1, "edit-missing-field"),
        (2, "edit-unknown-op"),
        (3, "edit-not-whole"),
    ]
    assert all(fault["expected"] and not re.search("[一-鿿]", fault["expected"]) for fault in faults)


def test_contradictions_are_told_by_the_api_before_anything_runs(client):
    edits = [{"op": "road-closed", "target": "无此路"}, {"op": "place-people", "target": "大王庄", "people": 3}]
    answer = client.post("/api/plans", json={"service": "elder-centre", "edits": edits})
    assert answer.status_code == 422
    assert [(one["row"], one["code"]) for one in answer.json()["faults"]] == [
        (1, "edit-unknown-road"),
        (2, "edit-ambiguous-place"),
    ]
