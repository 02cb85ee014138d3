"""Answers outlive the service, limits are obeyed and told, and a study is about the very plan that was shown."""

import json
import shutil

from callers import asked, call

from api.actions.kept import keep, kept
from layers.cache import Cache

PLAN = {"service": "elder-centre", "p": 3, "limit_minutes": 7}


def remove(folder):
    """Remove a folder that the service may still be writing to: what it computes at its start."""
    while folder.exists():
        shutil.rmtree(folder, ignore_errors=True)


def test_plans_and_studies_outlive_the_service_and_the_cache(settings):
    with call(settings) as client:
        plan = asked(client, "/api/plans", PLAN)
        study = asked(client, "/api/studies", {"kind": "why-here", "plan_id": plan["id"]})
    remove(settings.cache.folder)
    with call(settings) as client:
        assert client.get(f"/api/runs/{plan['id']}").json()["run"]["result"] == plan["result"]
        assert client.get(f"/api/runs/{plan['id']}/plan-file").json()["claim"]
        again = client.post("/api/studies", json={"kind": "why-here", "plan_id": plan["id"]})
        assert (again.status_code, again.headers["location"]) == (200, f"/api/runs/{study['id']}")
        assert again.json()["run"]["result"] == study["result"]
        assert client.delete(f"/api/runs/{study['id']}").json()["run"]["state"] == "done"


def test_an_answer_that_is_kept_is_there_at_once_and_needs_the_cache_no_more(settings):
    with call(settings) as client:
        asked(client, "/api/plans", PLAN)
    fresh = settings.model_copy(update={"database_url": settings.database_url.replace("app.sqlite", "other.sqlite")})
    with call(fresh) as client:
        assert client.get("/api/runs").json() == {"runs": []}
        told = client.post("/api/plans", json=PLAN)
        assert (told.status_code, told.json()["run"]["state"]) == (200, "done")
        remove(settings.cache.folder)
        assert client.get(f"/api/runs/{told.json()['run']['id']}/plan-file").json()["claim"]


def test_limits_of_a_request_reach_the_search_and_an_unproven_answer_is_sought_anew(client, monkeypatch):
    limits = []

    def watch(stop, *, most_mb, resident_mb):
        limits.append((most_mb, resident_mb() >= 0))
        return stop

    monkeypatch.setattr("api.actions.plan.within_memory", watch)
    question = {**PLAN, "p": 4, "mode": "walk"}
    monkeypatch.setattr("api.runs.asked.FINAL", ())
    first = asked(client, "/api/plans", {**question, "memory_limit_mb": 77})
    assert limits == [(77, True)]
    assert asked(client, "/api/plans", question)["id"] == first["id"], "who names no limits takes what is there"
    monkeypatch.undo()
    sought = asked(client, "/api/plans", {**question, "time_limit_s": 30})
    assert sought["id"] != first["id"]
    assert sought["result"]["status"] == "optimal"


def test_an_unproven_plan_is_studied_as_it_was_shown(client, settings, monkeypatch):
    question = {**PLAN, "mode": "e-bike"}
    plan = asked(client, "/api/plans", question)["result"]
    cut_off = {**plan, "status": "interrupted", "proof": None}
    monkeypatch.setattr("api.runs.asked.make_plan", lambda *_given, **_named: cut_off)
    shown = asked(client, "/api/plans", {**question, "p": 2})
    remove(settings.cache.folder)
    study = asked(client, "/api/studies", {"kind": "why-here", "plan_id": shown["id"]})["result"]
    assert (study["plan"]["status"], study["plan"]["opened"]) == ("interrupted", plan["opened"])
    proven = asked(client, "/api/studies", {"kind": "why-here", "plan": question})["result"]
    assert proven["plan"]["status"] == "optimal"


def test_what_cannot_be_read_is_not_there(tmp_path):
    cache = Cache(tmp_path)
    keep(cache, "study", "a" * 32, {"kind": "why-here"})
    assert kept(cache, "study", "a" * 32) == {"kind": "why-here"}
    assert kept(cache, "plan", "a" * 32) is None
    (tmp_path / f"plan-{'b' * 32}.json").write_text(json.dumps({})[:1])
    for name in ("b" * 32, "../study-" + "a" * 32, "", "a" * 31):
        assert kept(cache, "plan", name) is None
