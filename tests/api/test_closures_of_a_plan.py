"""Closed roads count the people of the plan: page, API, command line and closures agree to the person."""

import json

import pytest
from callers import asked
from toy_county import lon_lat
from typer.testing import CliRunner

from api.cli.commands import app
from planning.measures.travel_times import Measures

CAR = {"target": "residential", "mode": "car"}
ACROSS = {"target": "新路", "start": lon_lat(0, 0), "end": lon_lat(4, 3)}


def must(place):
    return {"op": "site-status", "target": place, "status": "required"}


QUESTIONS = [
    {"service": "elder-centre", "p": 2},
    {"service": "elder-centre", "p": 2, "base": "registered", "limit_minutes": 3},
    {"service": "elder-centre", "p": 2, "capacity": 15},
    {"service": "elder-centre", "model": "mclp", "p": 1, "limit_minutes": 4, "mode": "walk"},
    {"service": "hub"},
    {"service": "hub", "model": "hubs", "limit_minutes": 9},
    {"service": "hub", "model": "capacitated", "p": 3, "capacity": 2500, "split": True},
    {"service": "service-room", "p": 4},
    {"service": "service-room", "p": 3, "mode": "elder-walk", "base": "registered", "limit_minutes": 12},
    {"service": "service-room", "model": "two-tiers", "p": 4, "upper_p": 2},
]


def travel_of(plan):
    """Return those measures of a plan that follow from travel times alone."""
    return {name: plan["measures"][name] for name in Measures.__slots__}


def plan_of(client, question):
    run = asked(client, "/api/plans", question)
    return run["id"], run["result"]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: "-".join(map(str, question.values())))
def test_before_anything_is_closed_the_figures_are_those_of_the_plan(client, question):
    name, plan = plan_of(client, question)
    assert plan["opened"], plan["reasons"]
    answer = client.post("/api/closures", json={"plan_id": name}).json()
    assert answer["before"] == travel_of(plan) == answer["after"]
    assert answer["weights_basis"] == plan["weights_basis"]
    assert (answer["mode"], answer["base"], answer["limit_minutes"]) == (
        plan["mode"],
        plan["base"],
        plan["limit_minutes"],
    )
    seconds = {row["demand_id"]: row["seconds"] for row in plan["allocation"]}
    inhabited = {site: value for site, value in answer["seconds"].items() if seconds[site] is not None}
    assert inhabited == {site: seconds[site] for site in inhabited}


@pytest.mark.parametrize("question", QUESTIONS[:5], ids=lambda question: "-".join(map(str, question.values())))
def test_a_closed_road_changes_times_and_never_whom_it_counts(client, question):
    name, plan = plan_of(client, question)
    at = {axis: plan["facilities"][0][axis] for axis in ("lon", "lat")}
    answer = client.post("/api/closures", json={"plan_id": name, "at": at, "within_m": 2000, "streets": True}).json()
    assert len(answer["closed"]) == 1
    assert answer["before"] == travel_of(plan)
    assert answer["after"]["people_total"] == plan["measures"]["people_total"]


@pytest.mark.parametrize(
    "question", [QUESTIONS[0], QUESTIONS[4], QUESTIONS[7]], ids=lambda question: question["service"]
)
def test_people_who_go_to_their_nearest_site_choose_another_when_the_road_is_closed(client, question):
    name, plan = plan_of(client, question)
    at = {axis: plan["facilities"][0][axis] for axis in ("lon", "lat")}
    asked = {"at": at, "within_m": 2000, "streets": True}
    answer = client.post("/api/closures", json={"plan_id": name, **asked}).json()
    assert answer["goes"] == "nearest"
    sites = [site["id"] for site in plan["facilities"]]
    free = client.post("/api/closures", json={"facilities": sites, "mode": plan["mode"], **asked}).json()
    assert answer["seconds"] == free["seconds"]


def test_people_sent_to_a_site_that_is_not_their_nearest_keep_to_it(client):
    name, plan = plan_of(client, QUESTIONS[2])
    answer = client.post("/api/closures", json={"plan_id": name}).json()
    sites = [site["id"] for site in plan["facilities"]]
    free = client.post("/api/closures", json={"facilities": sites, "mode": plan["mode"], "group": "60+"}).json()
    assert free["goes"] == "nearest"
    assert answer["goes"] == "allocated"
    assert free["before"]["mean_s"] < answer["before"]["mean_s"] == plan["measures"]["mean_s"]


@pytest.mark.parametrize(("group", "total"), [("all", "resident"), ("60+", "age_60_plus"), ("80+", "age_80_plus")])
def test_without_a_plan_the_group_asked_for_is_counted(client, group, total):
    people = client.get("/api/county").json()["population"][total]
    answer = client.post("/api/closures", json={"group": group}).json()
    assert answer["before"]["people_total"] == people
    assert answer["weights_basis"] == total


def test_an_unknown_plan_and_an_unknown_group_are_refused(client):
    assert client.post("/api/closures", json={"plan_id": "0" * 32}).status_code == 404
    assert client.post("/api/closures", json={"group": "young"}).status_code == 422


def test_the_command_line_tells_the_same_people(client, toy_data, monkeypatch):
    monkeypatch.setenv("COUNTYGRID_DATA", str(toy_data))
    name, plan = plan_of(client, QUESTIONS[0])
    words = ("plan", "--service", "elder-centre", "--p", "2")
    by_command = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    before = client.post("/api/closures", json={"plan_id": name}).json()["before"]
    assert by_command["measures"] == plan["measures"]
    assert travel_of(plan) == before
    told = CliRunner().invoke(app, list(words)).stdout
    assert f"{before['people_within_limit']:,} 人 / 共 {before['people_total']:,} 人" in told


EDITED = [
    [{"op": "new-candidate", "target": "新点,甲", "at": lon_lat(2.4, 0.2)}, must("新点,甲")],
    [must("河西镇敬老院"), {"op": "road-closed", "target": "横1路"}],
    [{"op": "counted", "group": "80+", "year": 2035}, {"op": "counted", "base": "registered"}],
    [{"op": "place-people", "target": "河口", "people": 4000}, {"op": "road-speed", **CAR, "speed_kmh": 7}],
    [{"op": "standard", "limit_minutes": 4}, {"op": "road-built", **ACROSS, "speed_kmh": 60}],
    [{"op": "adopted", "target": "elder-centre", "sites": [{"target": "A1", "at": lon_lat(3.6, 2.7)}]}, must("00001")],
]


@pytest.mark.parametrize("edits", EDITED, ids=lambda edits: edits[0]["op"])
def test_roads_are_closed_on_the_ground_that_the_edits_of_the_plan_make(client, edits):
    name, plan = plan_of(client, {"service": "elder-centre", "p": 2, "edits": edits})
    answer = client.post("/api/closures", json={"plan_id": name}).json()
    assert answer["before"] == travel_of(plan) == answer["after"]
    assert answer["weights_basis"] == plan["weights_basis"]
    one = {"lon": plan["facilities"][0]["lon"], "lat": plan["facilities"][0]["lat"]}
    closed = client.post("/api/closures", json={"plan_id": name, "at": one, "within_m": 2000, "streets": True}).json()
    assert closed["before"] == travel_of(plan)
    (road,) = closed["closed"]
    more = [*edits, {"op": "road-closed", "target": road["id"]}]
    kept = [{"op": "site-status", "target": site, "status": "existing"} for site in plan["opened"]]
    said = {edit["target"] for edit in edits if edit["op"] in ("site-status", "adopted")} | {"A1"}
    kept = [one for one in kept if one["target"] not in said | {"F4"}]
    _, then = plan_of(client, {"service": "elder-centre", "p": 2, "edits": [*more, *kept]})
    assert (then["opened"], travel_of(then)) == (plan["opened"], closed["after"])
