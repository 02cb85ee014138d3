"""The same question has one name, whether set-up, the page, the API or the command line asks it."""

import dataclasses
import json

import pytest
from callers import asked

from api.actions.kept import keep
from api.actions.page import default_plans, plan_page
from api.actions.plan import make_plan, plan_id
from api.actions.workplace import Workplace
from api.cli.plan_options import plan_question
from api.routes.plans import PlanBody
from planning.hub_rooms import DEFAULT_ROOMS
from planning.scenario.defaults import with_defaults
from planning.scenario.question import PlanQuestion
from planning.tables.services import SERVICES


@pytest.fixture
def toy_hand(settings):
    return Workplace(settings).county


def page_data(at_hand, settings):
    html = plan_page(at_hand, settings, lang="zh").html
    embedded = html.split('id="page-data">')[1].split("</script>")[0]
    return {service["name"]: service for service in json.loads(embedded)["services"]}


def asked_by_the_page(service):
    """What a click on the untouched form sends: every field that is shown, numbers as JavaScript writes them."""
    usual = service["defaults"]
    body = {"service": service["name"], **{name: usual[name] for name in ("model", "mode", "base", "limit_minutes")}}
    if usual["p"] is not None:
        body["p"] = usual["p"]
    return body


@pytest.mark.parametrize("service", SERVICES)
def test_the_default_question_has_one_name_from_every_door(toy_hand, settings, service):
    at_setup = plan_id(toy_hand, with_defaults(PlanQuestion(service), SERVICES))
    clicked = asked_by_the_page(page_data(toy_hand, settings)[service])
    names = {
        "first visit": PlanBody(service=service).as_question(SERVICES),
        "click": PlanBody(**clicked).as_question(SERVICES),
        "click with floats": PlanBody(**{**clicked, "limit_minutes": float(clicked["limit_minutes"])}).as_question(
            SERVICES
        ),
        "command line": plan_question(SERVICES, service=service),
        "command line, spelled out": plan_question(SERVICES, service=service, limit=float(clicked["limit_minutes"])),
    }
    assert {door: plan_id(toy_hand, asked) for door, asked in names.items()} == dict.fromkeys(names, at_setup)


@pytest.mark.parametrize("service", ["elder-centre", "hub"])
def test_what_setup_computes_is_answered_at_once(client, toy_hand, settings, service):
    default_plans(toy_hand)
    clicked = asked_by_the_page(page_data(toy_hand, settings)[service])
    answer = client.post("/api/plans", json=clicked)
    assert answer.status_code == 200
    assert answer.json()["run"]["state"] == "done"


def test_a_kept_plan_that_is_not_proven_is_answered_too_unless_a_limit_is_named(client, toy_hand):
    question = with_defaults(PlanQuestion("elder-centre", p=3, limit_minutes=17), SERVICES)
    made = make_plan(toy_hand, question)
    keep(toy_hand.cache, "plan", plan_id(toy_hand, question), {**made, "status": "feasible"})
    body = {"service": "elder-centre", "p": 3, "limit_minutes": 17.0}
    assert client.post("/api/plans", json=body).json()["run"]["result"]["status"] == "feasible"
    assert asked(client, "/api/plans", {**body, "time_limit_s": 30})["result"]["status"] == "optimal"


@pytest.mark.parametrize("service", SERVICES)
def test_costs_that_the_service_has_anyway_are_no_other_question_and_other_costs_are(toy_hand, service):
    usual = SERVICES[service]
    money = {"model": "budget", "budget_yuan": 10**8, "capacity": 900}
    stated = {name: getattr(usual, name) for name in ("opening_yuan", "closing_yuan", "included", "extension_yuan")}
    plain = plan_id(toy_hand, PlanBody(service=service, **money).as_question(SERVICES))
    assert plan_id(toy_hand, PlanBody(service=service, **money, **stated).as_question(SERVICES)) == plain
    for name, value in stated.items():
        other = PlanBody(service=service, **money, **{**stated, name: value + 1}).as_question(SERVICES)
        assert plan_id(toy_hand, other) != plain, name


@pytest.mark.parametrize(
    "change",
    [{"p": 3}, {"limit_minutes": 30.5}, {"mode": "walk"}, {"base": "registered"}, {"separation_km": 1.5}],
)
def test_another_question_has_another_name(toy_hand, change):
    asked = {"service": "elder-centre"}
    plain, other = (plan_id(toy_hand, PlanBody(**body).as_question(SERVICES)) for body in (asked, asked | change))
    assert plain != other


def test_limits_of_the_search_and_the_room_table_as_it_comes_are_no_part_of_the_name(toy_hand):
    plain = with_defaults(PlanQuestion("hub"), SERVICES)
    longer = dataclasses.replace(plain, time_limit_s=5.0, memory_limit_mb=1, rooms=DEFAULT_ROOMS)
    assert plan_id(toy_hand, longer) == plan_id(toy_hand, plain)
    assert plan_id(toy_hand, dataclasses.replace(plain, rooms=DEFAULT_ROOMS[:1])) != plan_id(toy_hand, plain)
