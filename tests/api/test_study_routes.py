"""Studies over HTTP and on the command line: why here, frontier, years; refused in words, cancellable."""

import json
from itertools import pairwise

import pytest
from callers import asked
from toy_county import lon_lat
from typer.testing import CliRunner

from api.cli.commands import app

PLAN = {"service": "elder-centre", "p": 2}
MONEY = {"opening_yuan": 100, "closing_yuan": 10}


def finished(client, body):
    return asked(client, "/api/studies", body)


@pytest.fixture
def run(toy_data, monkeypatch):
    monkeypatch.setenv("COUNTYGRID_DATA", str(toy_data))

    def call(*words):
        return CliRunner().invoke(app, list(words))

    return call


def test_why_here_weighs_every_site_and_lists_other_plans(client):
    study = finished(client, {"kind": "why-here", "plan": PLAN, "apart_km": 0.5, "within_percent": 50})["result"]
    found, places = study["why_here"], study["places"]
    assert [site["site"] for site in found["sites"]] == study["plan"]["opened"]
    assert sum(site["people"] for site in found["sites"]) == study["people_total"] == 750
    assert found["swap"]["loss"] >= 0, "the plan is optimal"
    assert found["alternatives"]["counted"]
    assert found["alternatives"]["plans"]
    for plan in found["alternatives"]["plans"]:
        assert plan["proven"]
        assert len(plan["to"]) == len(plan["seconds"]) == len(found["demand"]) == 7
        assert sum(site["people"] for site in plan["facilities"]) == 750
        assert set(plan["opened"]) <= set(places)
    assert study["units"]["loss"] == study["plan"]["objective_unit"] == "person-seconds"
    assert all(place["name"] for place in places.values())


def test_a_loss_is_what_the_listed_plan_costs_more(client):
    study = finished(client, {"kind": "why-here", "plan": PLAN, "apart_km": 0})["result"]
    plan = study["why_here"]["alternatives"]["plans"][0]
    worse = sum(site["people"] * site["mean_s"] for site in plan["facilities"]) - study["plan"]["objective"]
    assert worse == pytest.approx(plan["loss"])


def test_why_not_there_is_answered_for_a_village(client):
    first = finished(client, {"kind": "why-here", "plan": PLAN})["result"]
    elsewhere = next(id_ for id_ in first["why_here"]["demand"] if id_ not in first["plan"]["opened"])
    asked = finished(client, {"kind": "why-here", "plan": PLAN, "candidate": elsewhere})["result"]
    assert asked["why_here"]["there"]["entering"] == elsewhere


def test_a_plan_is_studied_by_its_run(client):
    run = asked(client, "/api/plans", PLAN)
    by_run = finished(client, {"kind": "why-here", "plan_id": run["id"]})
    assert by_run["id"] == finished(client, {"kind": "why-here", "plan": PLAN})["id"]
    for unknown in ("none", by_run["id"]):
        refused = client.post("/api/studies", json={"kind": "why-here", "plan_id": unknown})
        assert (refused.status_code, refused.json()["error"]) == (404, "unknown-plan")
    assert client.get(f"/api/runs/{by_run['id']}/plan-file").status_code == 404


@pytest.mark.parametrize(
    ("curve", "units", "more_is"),
    [
        ("mean-worst", ("person-seconds", "seconds"), "worse-first-better-second"),
        ("coverage-number", ("sites", "people"), "rising"),
        ("coverage-budget", ("people", "yuan"), "falling"),
    ],
)
def test_each_frontier_comes_with_units_proofs_and_plans_to_draw(client, curve, units, more_is):
    body = {"kind": "frontier", "plan": {**PLAN, **MONEY, "limit_minutes": 2}, "curve": curve, "budget_yuan": 300}
    study = finished(client, body)["result"]
    points = study["frontier"]["points"]
    assert (study["units"]["first"], study["units"]["second"]) == units
    assert points
    assert study["frontier"]["complete"]
    assert study["frontier"]["proven"]
    pairs = [(point["first"], point["second"]) for point in points]
    signs = {"worse-first-better-second": (1, -1), "rising": (1, 1), "falling": (-1, -1)}[more_is]
    for before, after in pairwise(pairs):
        assert all(sign * (b - a) > 0 for sign, a, b in zip(signs, before, after, strict=True))
    for point in points:
        assert len(point["opened"]) == len(point["facilities"])
        assert set(point["opened"]) <= set(study["places"])
    assert study["frontier"]["chart"].count('class="point"') == len(points)


def test_the_years_spend_no_more_than_there_is_and_end_with_the_plan(client):
    study = finished(client, {"kind": "phasing", "plan": {**PLAN, **MONEY}, "yearly_budget_yuan": 120})["result"]
    found, left = study["phasing"], 0
    assert found["status"] == "optimal"
    assert [year["year"] for year in found["years"]] == [1, 2]
    for year in found["years"]:
        left += 120 - year["spent_yuan"]
        assert year["carried_yuan"] == left >= 0
    assert sorted(id_ for year in found["years"] for id_ in year["opened"]) == sorted(study["plan"]["opened"])
    assert found["today"]["people_within_limit"] == found["today"]["people_total"] == 750, "the home that stands"
    assert "F4" in {id_ for year in found["years"] for id_ in year["closed"]}


def test_a_budget_that_takes_too_long_is_told_with_its_reason(client):
    body = {"kind": "phasing", "plan": {**PLAN, **MONEY}, "yearly_budget_yuan": 1}
    found = finished(client, body)["result"]["phasing"]
    assert found["status"] == "infeasible"
    assert found["reasons"][0]["code"] == "phasing-too-long"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "phasing", "plan": PLAN}, "yearly_budget_yuan"),
        ({"kind": "frontier", "plan": PLAN, "curve": "coverage-budget"}, "budget_yuan"),
        ({"kind": "frontier", "plan": {"service": "hub", "capacity": 400}}, "capacity"),
        ({"kind": "frontier", "plan": PLAN, "count": 61}, "count"),
        ({"kind": "frontier", "plan": PLAN, "time_limit_s": 61}, "time_limit_s"),
        ({"kind": "why-here", "plan": {**PLAN, "status": {"nowhere": "required"}}}, "status"),
        ({"kind": "why-here"}, ""),
        ({"kind": "magic", "plan": PLAN}, "kind"),
    ],
)
def test_a_wrong_question_is_refused_at_once_with_the_field(client, body, field):
    answer = client.post("/api/studies", json=body)
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["field"] == field
    assert answer.json()["faults"][0]["expected"]


def test_a_finished_study_cannot_be_undone(client):
    run = finished(client, {"kind": "frontier", "plan": PLAN})
    assert client.delete(f"/api/runs/{run['id']}").json()["run"]["state"] == "done"
    assert client.post(f"/api/runs/{run['id']}/repeat").json()["run"]["result"] == run["result"]


def test_the_command_line_tells_studies_in_both_languages_and_as_json(run):
    words = ("--service", "elder-centre", "--p", "2")
    told = run("why", *words, "--apart", "0.5", "--within", "50")
    assert "已证明" in told.stdout
    assert "人均增加用时" in told.stdout
    assert "proven" in run("why", *words, "--lang", "en").stdout
    points = run("frontier", *words, "--curve", "coverage-number", "--limit", "2")
    assert "1 处" in points.stdout
    assert "曲线完整" in points.stdout
    money = ("--opening-cost", "100", "--closing-cost", "10", "--yearly", "120")
    told = run("phase", *words, *money).stdout
    assert "第 2 年" in told
    assert "单价为假定值" in told
    assert len(json.loads(run("phase", *words, *money, "--json").stdout)["phasing"]["years"]) == 2


def test_the_command_line_refuses_in_words(run):
    told = run("why", "--service", "elder-centre", "--p", "2", "--candidate", "nowhere")
    assert told.exit_code == 1
    assert "nowhere" in told.output
    assert "Traceback" not in told.output
    assert run("phase", "--service", "elder-centre").exit_code == 2


@pytest.mark.parametrize("name", ["新" * 120, '点, "甲" 🏥 ' * 10, "facility 00001"])
def test_a_site_that_somebody_proposes_is_asked_about_by_whatever_name_it_has(client, name):
    must = {"op": "site-status", "target": name, "status": "required"}
    edits = [{"op": "new-candidate", "target": name, "at": lon_lat(2.3, 0.4)}, must]
    plan = asked(client, "/api/plans", PLAN | {"edits": edits})
    opened = plan["result"]["opened"]
    (site,) = [one for one in plan["result"]["facilities"] if one.get("origin") == "proposed"]
    assert site["id"] in opened
    for kind in ({"candidate": site["id"], "apart_km": 0.5}, {"candidate": "00005"}):
        study = finished(client, {"kind": "why-here", "plan_id": plan["id"], **kind})
        assert (study["state"], study["result"]["plan"]["opened"]) == ("done", opened)
