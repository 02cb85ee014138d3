"""Measures of plans, as they are asked for, kept in files and checked again."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from api.actions.plan_file import seal
from api.cli.commands import app
from planning.measures.catalogue import CATALOGUE
from planning.measures.plan_measures import EVER_SINCE, IN_COUNTY

QUESTIONS = {
    "hub": ("--service", "hub", "--limit", "5"),
    "centre": ("--service", "elder-centre", "--p", "2"),
    "scarce": ("--service", "service-room", "--model", "mclp", "--p", "1", "--limit", "20", "--capacity", "300"),
    "divided": ("--service", "elder-centre", "--model", "capacitated", "--p", "2", "--capacity", "20", "--split"),
    "fair": ("--service", "service-room", "--model", "kolm-pollak", "--p", "2"),
}


@pytest.fixture
def run(toy_data, monkeypatch):
    monkeypatch.setenv("COUNTYGRID_DATA", str(toy_data))
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture(scope="module")
def plans(toy_data, tmp_path_factory):
    folder, made = tmp_path_factory.mktemp("plans"), {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COUNTYGRID_DATA", str(toy_data))
        for name, words in QUESTIONS.items():
            result = CliRunner().invoke(app, ["plan", *words, "--out", str(folder / f"{name}.json")])
            assert result.exit_code == 0, result.output
            made[name] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return made


def verdict(run, folder, plan):
    """Return the verdict on a plan whose file was sealed after whatever was done to it."""
    plan["claim"]["seal"] = seal(plan)
    path = folder / "plan.json"
    path.write_text(json.dumps(plan, ensure_ascii=False), encoding="utf-8")
    told = json.loads(run("verify", path, "--json").stdout)
    return told["verdict"], [fault["field"] for fault in told["faults"]]


@pytest.mark.parametrize("name", QUESTIONS)
def test_served_over_capacity_and_outside_are_everyone(plans, name):
    found = plans[name]["measures"]
    parts = [found[f"{part}_people"] for part in ("served", "over_capacity", "outside")]
    assert sum(parts) == found["people_total"] > 0
    if name != "divided":
        assert parts[0] == found["people_within_limit"]
    assert (parts[1] > 0) == (name == "scarce")


@pytest.mark.parametrize("name", QUESTIONS)
def test_townships_and_ages_are_parts_of_the_same_people(plans, name):
    plan = plans[name]
    found = plan["measures"]
    assert sum(one["people_total"] for one in found["by_township"]) == found["people_total"]
    means = [one["mean_s"] for one in found["by_township"] if one["people_total"]]
    assert found["worst_township"]["mean_s"] == (None if None in means else max(means))
    assert found["equivalent"]["seconds"] >= found["mean_s"] - 1e-6
    assert 0 <= found["gini"] < 1
    for band in plan.get("by_age", ()):
        assert 0 <= band["people_within_limit"] <= band["people_total"]


def test_a_plan_tells_only_what_is_defined(plans):
    for plan in plans.values():
        assert plan["measures"].keys() <= CATALOGUE.keys()
        assert IN_COUNTY & plan.keys() <= CATALOGUE.keys()
    assert "floor_area" in plans["hub"]
    assert plans["hub"]["floor_area"]["floor_area_m2"] == sum(
        one["floor_area_m2"] for one in plans["hub"]["facilities"]
    )
    fair = plans["fair"]
    assert fair["measures"]["equivalent"]["seconds"] == pytest.approx(
        fair["equivalent"]["seconds"], abs=fair["equivalent"]["rounding_s"] + 1e-6
    )


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_file_from_before_these_measures_still_holds(run, tmp_path, plans, name):
    plan = json.loads(json.dumps(plans[name]))
    before = verdict(run, tmp_path, plan)
    assert before[1] == []
    plan["measures"] = {code: plan["measures"][code] for code in EVER_SINCE}
    for code in IN_COUNTY:
        plan.pop(code, None)
    assert verdict(run, tmp_path, plan) == before


@pytest.mark.parametrize("name", ["hub", "scarce"])
def test_each_measure_that_is_told_must_be_true(run, tmp_path, plans, name):
    told = plans[name]
    for code in told["measures"]:
        plan = json.loads(json.dumps(told))
        plan["measures"][code] = changed(plan["measures"][code])
        assert verdict(run, tmp_path, plan) == ("false", ["measures"]), code
    for code in IN_COUNTY & told.keys():
        plan = json.loads(json.dumps(told))
        plan[code] = changed(plan[code])
        assert verdict(run, tmp_path, plan) == ("false", [code]), code


def changed(value):
    if isinstance(value, dict):
        name = next(name for name, one in value.items() if isinstance(one, int | float))
        return {**value, name: changed(value[name])}
    return (
        value[1:] if isinstance(value, list) else np.nextafter(value, 10**9) if isinstance(value, float) else value + 1
    )


def test_a_measure_that_plans_have_always_had_may_not_be_left_out(run, tmp_path, plans):
    for code in EVER_SINCE:
        plan = json.loads(json.dumps(plans["centre"]))
        del plan["measures"][code]
        assert verdict(run, tmp_path, plan) == ("false", ["measures"]), code


def test_a_claim_too_strange_to_be_measured_is_false_and_no_trace(run, tmp_path, plans):
    plan = json.loads(json.dumps(plans["fair"]))
    del plan["claim"]["solution"]["options"]["kappa_e12"]
    assert verdict(run, tmp_path, plan)[0] == "false"


def test_the_command_says_what_everyone_gets(run):
    told = run("plan", *QUESTIONS["scarce"], "--lang", "en").stdout
    assert "within reach but over capacity" in told
    assert "Gini of times" in told
