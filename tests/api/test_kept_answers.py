"""Answers outlive the service, limits are obeyed and told, and a study is about the very plan that was shown."""

import json
import time

from callers import call

from api.actions.kept import keep, kept, recall
from layers.cache import Cache

PLAN = {"service": "elder-centre", "p": 3, "limit_minutes": 7}


def finished(client, path, body, *, seconds=30):
    job, deadline = client.post(path, json=body).json(), time.monotonic() + seconds
    while job["state"] == "running":
        assert time.monotonic() < deadline, job
        time.sleep(0.02)
        job = client.get(f"{path}/{job['id']}").json()
    return job


def test_plans_and_studies_outlive_the_service(settings):
    with call(settings) as client:
        plan = finished(client, "/api/plans", PLAN)
        study = finished(client, "/api/studies", {"kind": "why-here", "plan_id": plan["id"]})
    with call(settings) as client:
        assert client.get(f"/api/plans/{plan['id']}").json()["result"] == plan["result"]
        assert client.get(f"/api/plans/{plan['id']}/claim").json()["claim"]
        again = client.post("/api/studies", json={"kind": "why-here", "plan_id": plan["id"]})
        assert (again.status_code, again.json()["id"], again.json()["result"]) == (200, study["id"], study["result"])
        assert client.delete(f"/api/studies/{study['id']}").json()["state"] == "done"


def test_limits_of_a_request_reach_the_search_and_an_unproven_answer_is_sought_anew(client, monkeypatch):
    asked = []

    def watch(stop, *, most_mb, resident_mb):
        asked.append((most_mb, resident_mb() >= 0))
        return stop

    monkeypatch.setattr("api.actions.plan.within_memory", watch)
    question = {**PLAN, "p": 4, "mode": "walk"}
    plan = finished(client, "/api/plans", {**question, "memory_limit_mb": 77})
    assert asked == [(77, True)]
    job = client.app.state.jobs.get(plan["id"])
    job.result = {**job.result, "status": "feasible"}
    assert finished(client, "/api/plans", question)["result"]["status"] == "feasible"
    assert finished(client, "/api/plans", {**question, "time_limit_s": 30})["result"]["status"] == "optimal"


def test_an_unproven_plan_is_studied_as_it_was_shown(client, settings):
    cache = settings.cache
    plan = finished(client, "/api/plans", {**PLAN, "mode": "e-bike"})
    shown = {**plan["result"], "status": "interrupted", "proof": None}
    client.app.state.jobs._jobs[plan["id"]].result = shown
    keep(cache, "plan", plan["id"], shown)
    study = finished(client, "/api/studies", {"kind": "why-here", "plan_id": plan["id"]})["result"]
    assert (study["plan"]["status"], study["plan"]["opened"]) == ("interrupted", shown["opened"])
    proven = finished(client, "/api/studies", {"kind": "why-here", "plan": {**PLAN, "mode": "e-bike"}})["result"]
    assert proven["plan"]["status"] == "optimal"


def test_what_cannot_be_read_is_not_there(tmp_path):
    cache = Cache(tmp_path)
    keep(cache, "study", "a" * 32, {"kind": "why-here"})
    assert recall(cache, "a" * 32) == {"kind": "why-here"}
    assert kept(cache, "plan", "a" * 32) is None
    (tmp_path / f"plan-{'b' * 32}.json").write_text(json.dumps({})[:1])
    for name in ("b" * 32, "../study-" + "a" * 32, "", "a" * 31):
        assert recall(cache, name) is None
