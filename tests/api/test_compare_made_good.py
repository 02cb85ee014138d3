"""That nobody loses much: the fewest added sites over HTTP, with names, yuan and proof."""

import pytest
from callers import asked

from api.comparison_views import MadeGoodAnswer

WALK = {"service": "elder-centre", "mode": "walk", "limit_minutes": 30}


def scenario(client, name, sites, edits=()):
    body = {"name": name, "question": {**WALK, "sites": sites}, "edits": list(edits)}
    return client.post("/api/scenarios", json=body).json()["id"]


def made_good(client, before, after, **query):
    words = "&".join([f"runs={before},{after}", *(f"{name}={value}" for name, value in query.items())])
    answer = client.get(f"/api/compare/made-good?{words}")
    assert answer.status_code == 200, answer.text
    return MadeGoodAnswer.model_validate(answer.json()) and answer.json()


@pytest.fixture
def corners(client):
    """Sites in the west, and one in the far east."""
    west, east = scenario(client, "西", ["00001", "00002", "00003"]), scenario(client, "东", ["00006"])
    return west, east


def test_the_fewest_sites_that_make_losses_good_are_named_priced_and_proven(client, corners):
    west, east = corners
    found = made_good(client, west, east)
    assert (found["from"], found["to"], found["minutes"]) == ("A", "B", 5)
    assert (found["status"], found["proof"]) == ("optimal", "certificate")
    assert found["count"] == found["bound"] == len(found["added"]) == 3
    losers = client.get(f"/api/compare?runs={west},{east}").json()["differences"][0]["losers"]
    assert found["losing"] == losers
    assert sum(one["people"] for one in found["added"]) == sum(one["people"] for one in losers)
    assert sum(one["places"] for one in found["added"]) == len(losers)
    assert found["yuan"] == sum(one["yuan"] for one in found["added"])
    assert found["beyond_help"] == []


def test_with_them_nobody_loses_that_much_and_the_scheme_costs_that_much_more(client, corners):
    west, east = corners
    found = made_good(client, west, east)
    mended = scenario(client, "补", ["00006", *(one["id"] for one in found["added"])])
    told = client.get(f"/api/compare?runs={west},{east},{mended}").json()
    assert told["differences"][1]["losers"] == []
    spent = [one["spent_yuan"] for one in told["schemes"]]
    assert spent[2] - spent[1] == found["yuan"]


def test_fewer_are_needed_where_more_minutes_may_be_lost_and_none_where_any(client, corners):
    west, east = corners
    counts = [made_good(client, west, east, minutes=minutes)["count"] for minutes in (0, 5, 15, 600)]
    assert counts == sorted(counts, reverse=True)
    nothing = made_good(client, west, east, minutes=600)
    assert (nothing["status"], nothing["proof"], nothing["added"], nothing["yuan"]) == (
        "nothing-to-add",
        "enumerated",
        [],
        0,
    )


def test_places_that_no_candidate_can_help_are_named(client):
    before = scenario(client, "桥断之前", ["00001"])
    barred = [
        {"op": "site-status", "target": place, "status": "excluded"}
        for place in ("00001", "00002", "00003", "00004", "00005", "00007", "F4")
    ]
    found = made_good(client, before, scenario(client, "只在东北", ["00006"], barred))
    assert found["status"] == "nothing-to-add"
    assert found["beyond_help"] == found["losing"]
    assert "东庄" in {one["name"] for one in found["beyond_help"]}


def test_two_schemes_are_asked_for_and_minutes_within_bounds(client, corners):
    west, east = corners
    answer = client.get(f"/api/compare/made-good?runs=today,{west},{east}")
    assert answer.json()["faults"][0]["code"] == "compare-pair"
    for minutes in ("-1", "601", "nan", "x"):
        assert client.get(f"/api/compare/made-good?runs={west},{east}&minutes={minutes}").status_code == 422
    assert client.get("/api/compare/made-good?runs=today,none").status_code == 404


def test_a_proven_run_is_made_good_against_today(client):
    run = asked(client, "/api/plans", {"service": "elder-centre", "p": 1, "mode": "walk", "limit_minutes": 30})
    found = made_good(client, "today", run["id"], minutes=1)
    assert found["from"] == "0"
    assert found["without_capacities"] is False
