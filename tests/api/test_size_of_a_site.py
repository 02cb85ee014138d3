"""What a site takes where nobody says: told as an assumption, the same at every door, and left out on demand."""

import json

import pytest
from callers import asked
from typer.testing import CliRunner

from api.actions.plan_file import seal
from api.cli.commands import app


@pytest.fixture
def run(toy_data, monkeypatch):
    monkeypatch.setenv("COUNTYGRID_DATA", str(toy_data))
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def test_an_assumed_size_is_told_and_no_limit_is_another_answer(client):
    sized = asked(client, "/api/plans", {"service": "hub"})["result"]
    assert (sized["conditions"]["capacity"], "capacity-assumed" in sized["notes"]) == (30_000, True)
    free = asked(client, "/api/plans", {"service": "hub", "unlimited": True})["result"]
    assert (free["conditions"]["capacity"], "capacity-assumed" in free["notes"]) == (None, False)
    own = asked(client, "/api/plans", {"service": "hub", "capacity": 1500})["result"]
    assert "capacity-assumed" not in own["notes"]
    assert 1000 <= max(site["people"] for site in own["facilities"]) <= 1500


def test_a_capacity_and_no_limit_together_are_refused_by_every_door(client, run):
    refused = client.post("/api/plans", json={"service": "hub", "unlimited": True, "capacity": 5})
    assert [fault["code"] for fault in refused.json()["faults"]] == ["capacity-and-none"]
    told = run("plan", "--service", "hub", "--unlimited", "--capacity", 5)
    assert (told.exit_code, "--unlimited" in told.output) == (1, True)


def test_a_trade_off_curve_leaves_the_assumed_size_out_but_not_one_that_was_given(client, run):
    shown = asked(client, "/api/plans", {"service": "hub"})
    for plan in ({"plan_id": shown["id"]}, {"plan": {"service": "hub"}}):
        study = asked(client, "/api/studies", {"kind": "frontier", "count": 2, **plan})["result"]
        assert study["question"]["conditions"]["capacity"] is None
    given = {"kind": "frontier", "plan": {"service": "hub", "capacity": 5000}}
    assert client.post("/api/studies", json=given).json()["faults"][0]["code"] == "study-without-capacity"
    assert run("frontier", "--service", "hub", "--count", 2).exit_code == 0


@pytest.mark.parametrize("service", ["hub", "elder-centre"])
def test_a_plan_file_from_before_sizes_were_assumed_is_read_as_it_was_meant(run, tmp_path, service):
    file = tmp_path / "plan.json"
    assert run("plan", "--service", service, "--unlimited", "--p", 2, "--out", file).exit_code == 0
    plan = json.loads(file.read_text(encoding="utf-8"))
    del plan["conditions"]["unlimited"], plan["edits"]
    plan["claim"]["seal"] = seal(plan)
    file.write_text(json.dumps(plan, ensure_ascii=False), encoding="utf-8")
    told = run("verify", file, "--json")
    assert told.exit_code == 0, told.output
