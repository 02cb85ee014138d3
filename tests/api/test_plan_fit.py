"""A model that is named for a capacity asks for one, and what a model needs is asked for at once, from every door."""

import json

import pytest
from typer.testing import CliRunner

from api.actions.page import plan_page
from api.actions.workplace import Workplace
from api.cli.commands import app
from planning.scenario.fit import NEED_CAPACITY
from planning.tables.services import SERVICES


@pytest.fixture
def run(toy_data, monkeypatch):
    monkeypatch.setenv("COUNTYGRID_DATA", str(toy_data))
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


@pytest.mark.parametrize("service", [name for name, one in SERVICES.items() if one.largest is None])
@pytest.mark.parametrize("model", NEED_CAPACITY)
def test_no_door_answers_a_capacity_model_without_a_capacity(client, run, service, model):
    asked = {"service": service, "model": model, "p": 2}
    for path, body in (
        ("/api/plans", asked),
        ("/api/studies", {"kind": "why-here", "plan": asked}),
        ("/api/studies", {"kind": "frontier", "plan": asked}),
        ("/api/studies", {"kind": "phasing", "plan": asked, "yearly_budget_yuan": 10**9}),
    ):
        refused = client.post(path, json=body)
        assert refused.status_code == 422, path
        fault = refused.json()["faults"][0]
        assert (fault["code"], fault["field"]) == ("capacity-missing", "capacity")
        assert "每处容量" in fault["mend"]
    for command, *more in (("plan",), ("why",), ("frontier",), ("phase", "--yearly", 10**9)):
        told = run(command, "--service", service, "--model", model, "--p", 2, *more)
        assert told.exit_code == 1, command
        assert "--capacity" in told.output


@pytest.mark.parametrize("service", SERVICES)
def test_with_a_capacity_it_is_answered(client, service):
    taken = client.post("/api/plans", json={"service": service, "model": "capacitated", "p": 2, "capacity": 10**6})
    assert taken.status_code in {200, 202}


def test_the_page_knows_that_the_model_needs_it(settings):
    html = plan_page(Workplace(settings).county, settings, lang="zh").html
    services = json.loads(html.split('id="page-data">')[1].split("</script>")[0])["services"]
    for service in services:
        needs = {model["name"]: model["needs"] for model in service["models"]}
        assert "capacity" in needs["capacitated"]
        assert "capacity" not in needs["p-median"]


@pytest.mark.parametrize("model", ["budget", "budget-coverage"])
def test_a_budget_left_empty_is_told_at_once_by_its_name(client, run, model):
    refused = client.post("/api/plans", json={"service": "hub", "model": model, "split": True})
    assert refused.status_code == 422
    told = {fault["field"]: fault for fault in refused.json()["faults"]}
    assert "budget_yuan" in told
    assert "预算(元)" in told["budget_yuan"]["mend"]
    assert "--budget" in run("plan", "--service", "hub", "--model", model).output
    assert "budget_yuan" not in run("plan", "--service", "hub", "--model", model).output


def test_all_that_does_not_fit_is_told_together(client):
    asked = {"service": "service-room", "model": "capacitated", "p": 2, "budget_yuan": 5, "extension_yuan": 3}
    faults = client.post("/api/plans", json=asked).json()["faults"]
    assert {fault["field"] for fault in faults} == {"budget_yuan", "extension_yuan", "capacity"}


def test_models_are_called_by_their_words_on_the_page_and_by_their_codes_on_the_command_line(client, run):
    asked = {"service": "service-room", "model": "p-median", "budget_yuan": 5, "p": 2}
    fault = client.post("/api/plans", json=asked).json()["faults"][0]
    assert "总用时最短" in fault["mend"]
    assert "p-median" in run("plan", "--service", "service-room", "--model", "p-median", "--p", 2, "--budget", 5).output
