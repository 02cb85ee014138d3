"""Counter-proposals of a plan of the toy county, as a publication keeps them."""

import json

import pytest
from callers import asked

from api.actions.counter_proposals import make_counter_proposals
from api.runs.computing import read_plan

PLAN = {"service": "elder-centre", "p": 2}


@pytest.fixture
def at_work(client):
    return client.app.state.workplace


def file_of(client, at_work, **question):
    run = at_work.runs.of_any(asked(client, "/api/plans", PLAN | question)["id"])
    plan = read_plan(at_work.files, run)
    return run, json.loads(json.dumps(make_counter_proposals(at_work.county_of(plan.answer), plan)))


def test_each_candidate_is_answered_as_the_plan_that_requires_it(client, at_work):
    run, told = file_of(client, at_work)
    plan = read_plan(at_work.files, run).answer
    assert told["opened"] == plan["opened"]
    assert told["counts"] == {"proven": len(told["candidates"])}
    assert [one["candidate"] for one in told["proposals"]] == [one["id"] for one in told["candidates"]]
    before = {one["demand_id"]: one["seconds"] for one in plan["allocation"]}
    assert told["before_s"] == [before[id_] for id_ in told["demand"]]
    for one, candidate in zip(told["proposals"], told["candidates"], strict=True):
        status = "existing" if candidate.get("origin") == "facility" else "required"  # what stands is not built again
        alone = asked(client, "/api/plans", PLAN | {"status": {one["candidate"]: status}})["result"]
        assert alone["objective"] == one["objective"] == plan["objective"] + one["worse_by"]
        then = dict(enumerate(told["before_s"])) | dict(one["changed"])
        weighed = sum(people * then[row] for row, people in enumerate(told["people"]))
        assert weighed == one["objective"]
        assert one["person_seconds"]["net"] == plan["objective"] - one["objective"]
        assert one["extra_yuan"] == alone["measures"]["spent_yuan"] - plan["measures"]["spent_yuan"]


def test_what_the_question_bars_is_told_so(client, at_work):
    _, told = file_of(client, at_work, status={"00001": "excluded"})
    assert [one["candidate"] for one in told["proposals"] if one["state"] == "excluded"] == ["00001"]


def test_sites_placed_by_hand_get_the_best_plans_of_as_many_sites(client, at_work):
    best, _ = file_of(client, at_work)
    _, told = file_of(client, at_work, sites=["00001", "00002"])
    assert (told["status"], told["opened"]) == ("feasible", ["00001", "00002"])
    assert {one["state"] for one in told["proposals"]} == {"proven"}
    assert {len(one["opened"]) for one in told["proposals"]} == {2}
    assert min(one["objective"] for one in told["proposals"]) == read_plan(at_work.files, best).answer["objective"]


def test_what_is_stopped_says_what_is_left_open(client, at_work):
    run = at_work.runs.of_any(asked(client, "/api/plans", PLAN)["id"])
    plan = read_plan(at_work.files, run)
    steps = []
    told = make_counter_proposals(at_work.county_of(plan.answer), plan, stop=lambda: True, report=steps.append)
    assert set(told["counts"]) == {"found", "proven"}
    assert {one["proof"] for one in told["proposals"] if one["state"] == "found"} == {None}
    assert steps[-1] == {"step": "counter-proposals", "done": len(told["proposals"]), "of": len(told["proposals"])}
