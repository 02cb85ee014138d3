"""Conditions of a plan: kept whichever way they come in, told together when they name what is not there."""

import dataclasses
import json

import numpy as np
import pandas as pd
import pytest
from callers import asked
from typer.testing import CliRunner

from api.actions import plan as action
from api.cli.commands import app
from api.cli.plan_options import township_limits
from gis.faults import FaultsError
from planning.scenario.candidates import UNKNOWN, Site, candidates_of
from planning.scenario.means import means_of
from planning.scenario.places import Places
from planning.scenario.question import Conditions, PlanQuestion, TownshipLimit
from planning.tables.services import SERVICES


@pytest.fixture
def plan(toy_data, monkeypatch):
    monkeypatch.setenv("COUNTYGRID_DATA", str(toy_data))

    def call(*words, service="elder-centre"):
        return CliRunner().invoke(app, ["plan", "--service", service, *map(str, words), "--json"])

    return call


def made(result):
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_every_place_is_a_candidate_and_the_home_that_stands(plan):
    told = {"count": 8, "of": 8, "rule": "points-and-sites", "facility": 1, "proposed": 0}
    assert made(plan("--p", 2))["candidates"] == told
    assert made(plan("--service", "hub"))["candidates"] == {"count": 7, "of": 7, "rule": "all-points"}


def test_kept_and_required_places_are_opened_and_excluded_ones_never(plan):
    free = made(plan("--p", 2))
    bound = made(plan("--p", 2, "--keep", "河口", "--must", "00001", "--never", ",".join(free["opened"])))
    assert set(bound["opened"]) == {"00006", "00001"}
    assert bound["objective"] > free["objective"]
    standing = {site["id"]: site.get("stands", False) for site in bound["facilities"]}
    assert standing == {"00006": True, "00001": False}


def test_ids_and_names_may_be_listed_after_any_comma_and_repeated(plan):
    listed = made(plan("--p", 3, "--must", "河口,东庄", "--must", "00005"))
    assert set(listed["opened"]) == {"00006", "00001", "00005"}


def test_everything_that_is_not_known_is_told_at_once(plan):
    told = plan(
        "--p",
        2,
        "--must",
        "大王庄,无此村",
        "--never",
        "00009",
        "--township",
        "河中镇=1..2",
        "--keep",
        "河口",
        "--never",
        "河口",
    )
    assert told.exit_code == 1
    for word in ("无此村", "00009", "河中镇", "00003, 00004", "河口", "河西镇"):
        assert word in told.output, word
    assert "Traceback" not in told.output


@pytest.mark.parametrize(
    ("words", "limit"),
    [
        ("河西镇=1..3", TownshipLimit("河西镇", 1, 3)),
        ("河西镇=2..", TownshipLimit("河西镇", 2, None)),
        ("河西镇=..1", TownshipLimit("河西镇", 0, 1)),
        ("河西镇=2", TownshipLimit("河西镇", 2, 2)),
    ],
)
def test_a_township_limit_is_read(words, limit):
    assert township_limits([words]) == (limit,)


@pytest.mark.parametrize("words", ["河西镇", "河西镇=", "=1..2", "河西镇=x..2", "河西镇=3..1", "河西镇=-1..2"])
def test_a_malformed_township_limit_is_refused_with_the_form(plan, words):
    with pytest.raises(FaultsError) as refused:
        township_limits([words, "河西镇=1", "东镇=2..1"])
    assert [fault.value for fault in refused.value.faults] == [words, "东镇=2..1"]
    told = plan("--p", 2, "--township", words)
    assert told.exit_code == 1
    assert "NAME=LEAST..MOST" in told.output or "最少..最多" in told.output


def test_townships_get_what_they_are_promised(plan):
    east = ("河东乡", "00004", "00005", "00006")
    every = made(plan("--p", 2, "--every-township", 1))
    assert sum(id_ in east for id_ in every["opened"]) == 1
    both = made(plan("--p", 2, "--township", "河东乡=2..2"))
    assert all(id_ in east for id_ in both["opened"])
    single = made(plan("--p", 2, "--every-township", 1, "--township", "河西镇=0..0"))
    assert all(id_ in east for id_ in single["opened"]), "the single limit goes before the general one"


def test_sites_keep_their_distance_and_everyone_is_within_the_longest_time(plan):
    near = made(plan("--p", 2))
    apart = made(plan("--p", 2, "--separation", 4.5))
    where = {site["id"]: (site["lon"], site["lat"]) for site in apart["facilities"]}
    (lon, lat), (lon2, lat2) = where.values()
    assert (((lon - lon2) * 88.8) ** 2 + ((lat - lat2) * 111) ** 2) ** 0.5 > 4.4
    worst = near["measures"]["worst_s"]
    quick = made(plan("--p", 2, "--max-time", (worst - 1) / 60))
    assert quick["status"] == "infeasible" or quick["measures"]["worst_s"] < worst


def means_for(elders, service="elder-centre", *, model="p-median", beds=(), **conditions):
    """Return what sites can take and cost among the places and homes that stand with so many beds."""
    count = len(elders)
    places = Places(
        pd.DataFrame({"resident": elders}, index=[str(k) for k in range(count)]),
        names=np.array([f"V{k}" for k in range(count)], dtype=object),
        positions=np.zeros((count, 2)),
        lon_lat=np.zeros((count, 2)),
        townships=None,
    )
    homes = [Site(f"H{k}", f"home {k}", xy=(0, 0), lon_lat=(0, 0), capacity=one) for k, one in enumerate(beds)]
    asked = PlanQuestion(service, model=model, conditions=Conditions(**conditions))
    return means_of(asked, SERVICES[service], elders, candidates_of(places, homes))


def test_a_home_that_stands_has_the_beds_that_it_has_and_more_only_where_they_can_be_bought():
    elders = np.array([100, 90])
    as_it_stands = means_for(elders, capacity=300, model="capacitated", beds=(60, UNKNOWN))
    assert as_it_stands["capacities"].tolist() == [300, 300, 60, 300]
    extended = means_for(elders, capacity=300, model="budget", beds=(60, 400))
    assert extended["capacities"].tolist() == [300, 300, 300, 400]
    assert extended["included"].tolist() == [300, 300, 60, 400]


def test_beds_are_counted_by_the_thousand_and_the_villages_share_them_out_exactly():
    elders = np.array([100, 90, 150, 140, 80, 60, 130])
    means = means_for(elders, capacity=12)
    assert means["loads"].tolist() == [4, 4, 6, 6, 3, 2, 5], "40 of 1,000"
    assert set(means["capacities"].tolist()) == {12}
    assert means_for(elders, "hub", capacity=12)["loads"].tolist() == elders.tolist()
    assert "loads" not in means_for(elders, "hub")


def test_beds_beyond_those_of_a_site_cost_what_the_service_or_the_planner_says():
    elders = np.array([100, 90])
    means = means_for(elders, capacity=400)
    assert (set(means["included"]), set(means["extension_costs"])) == ({300}, {101_000})
    means = means_for(elders, capacity=400, included=50, extension_yuan=7)
    assert (set(means["included"]), set(means["extension_costs"])) == ({50}, {7})


def test_costs_are_those_of_the_service_unless_others_are_given():
    elders = np.array([1, 2])
    usual = means_for(elders)
    assert usual["opening_costs"].tolist() == [38_310_000] * 2
    assert usual["closing_costs"].tolist() == [150_000] * 2
    given = means_for(elders, opening_yuan=7, closing_yuan=0)
    assert (given["opening_costs"].tolist(), given["closing_costs"].tolist()) == ([7, 7], [0, 0])


def test_an_unknown_model_is_told_with_those_that_there_are(plan):
    told = plan("--model", "p-medium")
    assert told.exit_code == 1
    assert "p-median" in told.output
    assert "mclp" in told.output


def test_the_service_takes_the_same_conditions(client, plan):
    body = {
        "service": "elder-centre", "p": 3, "status": {"00006": "required", "东庄": "excluded"}, "every_township": 1,
        "townships": [{"township": "河西镇", "least": 1, "most": 1}], "separation_km": 0.5,
    }  # fmt: skip
    over_http = asked(client, "/api/plans", body)["result"]
    words = ("--must", "00006", "--never", "东庄", "--every-township", 1, "--township", "河西镇=1..1")
    by_command = made(plan("--p", 3, *words, "--separation", 0.5))
    assert over_http == by_command
    assert over_http["conditions"]["status"] == [["00006", "required"], ["东庄", "excluded"]]


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": {"00001": "wanted"}},
        {"status": {"无此村": "required"}},
        {"status": {"大王庄": "required"}},
        {"townships": [{"township": "河中镇", "least": 1}]},
        {"model": "p-medium"},
        {"separation_km": -1},
        {"max_minutes": 0},
        {"capacity": 0},
        {"budget_yuan": -5},
    ],
)
def test_a_wrong_condition_is_refused_at_once(client, wrong):
    answer = client.post("/api/plans", json={"service": "elder-centre", "p": 2, **wrong})
    assert answer.status_code == 422
    fault = answer.json()["faults"][0]
    assert fault["field"]
    assert fault["expected"]


def test_the_plan_file_is_downloaded_and_verified(client, toy_data, tmp_path, monkeypatch):
    run = asked(client, "/api/plans", {"service": "elder-centre", "p": 2})
    assert "claim" not in run["result"], "what is shown is not weighed down"
    answer = client.get(f"/api/runs/{run['id']}/plan-file")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="plan-{run["id"][:8]}.json"'
    (tmp_path / "plan.json").write_bytes(answer.content)
    monkeypatch.setenv("COUNTYGRID_DATA", str(toy_data))
    assert CliRunner().invoke(app, ["verify", str(tmp_path / "plan.json")]).exit_code == 0


def test_a_plan_whose_claim_was_removed_is_computed_again(plan, toy_data):
    first = made(plan("--p", 4))
    claim = toy_data / "cache" / f"claim-{first['claim_id']}.json"
    claim.unlink()
    assert made(plan("--p", 4)) == first
    assert claim.exists()


def test_progress_is_told_with_its_unit(client, monkeypatch):
    told = []
    solve = action.MODELS["p-median"].solve

    def watched(problem, *, report, **options):
        return solve(problem, report=lambda progress: (told.append(progress), report(progress)), **options)

    monkeypatch.setattr(
        action, "MODELS", {**action.MODELS, "p-median": dataclasses.replace(action.MODELS["p-median"], solve=watched)}
    )
    run = asked(client, "/api/plans", {"service": "elder-centre", "p": 3, "limit_minutes": 11})
    assert told
    assert run["progress"]["objective_unit"] == "person-seconds"
    assert run["progress"]["incumbent"] == run["result"]["objective"]


def test_what_a_model_would_pass_over_is_refused(client):
    for model, given in (
        ("p-median", {"budget_yuan": 5}),
        ("p-median", {"split": True}),
        ("p-median", {"included": 5}),
    ):
        refused = client.post("/api/plans", json={"service": "elder-centre", "model": model, **given})
        assert refused.status_code == 422
        assert [fault["code"] for fault in refused.json()["faults"]] == ["option-not-counted"]
    taken = client.post("/api/plans", json={"service": "elder-centre", "p": 2, "capacity": 900, "split": True})
    assert taken.status_code in {200, 202}
