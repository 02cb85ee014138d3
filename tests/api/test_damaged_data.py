"""Every kind of file in the data folder damaged, empty or missing: a sentence, reports taken, mended by a build."""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, datetime, timedelta

import pytest
from callers import asked, call
from slow_plans import until
from toy_county import lon_lat, write_toy_county
from typer.testing import CliRunner

from api.actions.who_answers import who_answers
from api.cli.commands import app
from api.settings import Settings
from layers.build import build_county
from layers.records.audit import COMMAND_LINE, Act
from layers.records.leaves import LeaveChange, LeaveStore, NewLeave
from layers.whole_files import replace_file
from planning.incidents.assignment import UNREADABLE

DAMAGES = {
    "garbage": lambda path: path.write_bytes(os.urandom(3000)),
    "empty": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "zeros": lambda path: path.write_bytes(bytes(3000)),
    "a list": lambda path: path.write_text("[]"),
    "gone": lambda path: path.unlink(),
    "a folder": lambda path: (path.unlink(), path.mkdir(), (path / "kept").write_text("x")),
}
LAYERS = ("cells", "roads", "roster", "villages", "neighbourhoods", "townships", "county", "facilities", "rivers")


@pytest.fixture
def county(toy_data, tmp_path):
    """A copy of the county's data that a test may damage, and its manifest."""
    data = tmp_path / "data"
    shutil.copytree(toy_data, data, ignore=shutil.ignore_patterns("cache"))
    version = (data / "current").read_text().strip()
    return data, json.loads((data / "builds" / f"{version}.json").read_text())


def damage(path, kind):
    path.chmod(0o644)
    DAMAGES[kind](path)


def file_of(county, name):
    data, manifest = county
    return data / "layers" / name / f"{manifest['layers'][name]['version']}.gpkg"


def report(client, x_km=1.0, y_km=1.5, key="k"):
    lon, lat = lon_lat(x_km, y_km)
    body = {"category": "traffic", "lon": lon, "lat": lat, "idempotency_key": key}
    return client.post("/api/incidents", json=body)


def everybody_away(workplace):
    """Put all staff on leave, from an hour ago on."""
    now = datetime.now(UTC)
    staff = workplace.staff.get(workplace.county)
    there = [one for one in staff.people if staff.away(one, now) is None]
    leave = LeaveChange([(NewLeave(one, now - timedelta(hours=1), None), "approved") for one in there])
    act = Act(COMMAND_LINE, "leave.imported", "leave")
    LeaveStore(workplace.database.get()).save(leave, act=act, now=now)
    workplace.staff.forget()


@pytest.mark.parametrize("kind", DAMAGES)
@pytest.mark.parametrize("layer", LAYERS)
def test_with_a_layer_damaged_a_report_is_taken_and_says_why(county, layer, kind):
    damage(file_of(county, layer), kind)
    with call(Settings(data=county[0])) as client:
        answer = report(client)
        assert answer.status_code == 201
        told = answer.json()
        if layer in ("cells", "roads", "roster", "villages", "neighbourhoods"):
            assert (told["level"], told["rule"], told["reason"]) == ("county", "county-desk", UNREADABLE[layer])
            assert told["route_seconds"] is None
        else:
            assert (told["level"], told["reason"]) == ("grid", "a-off-duty")
        assert told["due_at"]
        assert client.get(f"/api/incidents/{told['id']}").json()["reason"] == told["reason"]
        assert client.get("/api/incidents").json()[0]["id"] == told["id"]
        health = client.get("/health").json()
        if kind != "cut":
            assert health["parts"]["layers"]["layers"] == [layer]


@pytest.mark.parametrize("layer", ["county", "villages", "roads"])
def test_damage_that_only_reading_shows_is_told_by_health_once_read(county, layer):
    path = file_of(county, layer)
    path.chmod(0o644)
    content = path.read_bytes()
    path.write_bytes(content[:4096] + bytes(byte ^ 0xFF for byte in content[4096:]))
    with call(Settings(data=county[0])) as client:
        assert client.get(f"/api/layers/{layer}").status_code == 503
        until(lambda: client.get("/health").json()["status"] == "degraded")  # what is fresh is told as it was
        assert client.get("/health").json()["parts"]["layers"]["layers"] == [layer]
        path.write_bytes(content)
        until(lambda: client.get("/health").json()["parts"]["layers"] == {"state": "ok"})


@pytest.mark.parametrize("kind", DAMAGES)
def test_where_the_township_is_to_answer_its_layer_is_needed(county, kind):
    damage(file_of(county, "townships"), kind)
    with call(Settings(data=county[0])) as client:
        everybody_away(client.app.state.workplace)
        told = report(client, 4, 3).json()
    assert (told["level"], told["reason"]) == ("county", "townships-unreadable")


@pytest.mark.parametrize("kind", DAMAGES)
@pytest.mark.parametrize("layer", ["roads", "villages", "townships"])
@pytest.mark.parametrize(
    "page", ["/plan", "/incidents", "/api/county", "/api/layers/{layer}", "/api/access", "/api/search?q=x"]
)
def test_pages_say_what_is_damaged(county, layer, kind, page):
    damage(file_of(county, layer), kind)
    with call(Settings(data=county[0])) as client:
        answer = client.get(page.format(layer=layer))
        assert answer.status_code in (200, 503)
        if answer.status_code == 503:
            told = answer.json()
            assert told["error"] == "county-damaged"
            assert {fault["code"] for fault in told["faults"]} <= {"damaged-store", "lost-store"}
            assert told["faults"][0]["layer"] in (layer, "")
        assert client.get(f"/api/layers/{layer}").status_code == 503


@pytest.mark.parametrize("kind", DAMAGES)
@pytest.mark.parametrize("file", ["current", "manifest"])
def test_without_a_readable_county_the_service_starts_takes_reports_and_says_so(county, kind, file):
    data, manifest = county
    if file == "current":
        other = {**manifest, "version": "f" * 16}
        (data / "builds" / f"{'f' * 16}.json").write_text(json.dumps(other))
        damage(data / "current", kind)
    else:
        damage(data / "builds" / f"{manifest['version']}.json", kind)
    with call(Settings(data=data)) as client:
        answer = report(client)
        assert answer.status_code == 201
        assert (answer.json()["reason"], answer.json()["county_version"]) == ("county-unreadable", "none")
        health = client.get("/health")
        expected = "county-lost" if file == "current" else "county-damaged"
        assert (health.status_code, health.json()["error"]) == (503, expected)
        for page in ("/plan", "/api/county", "/api/layers/roads"):
            refused = client.get(page)
            assert (refused.status_code, refused.json()["error"]) == (503, expected)
            assert "countygrid build" in refused.json()["message"]


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_damaged_pointer_to_the_only_build_is_no_matter(county, kind):
    damage(county[0] / "current", kind)
    with call(Settings(data=county[0])) as client:
        assert client.get("/api/county").status_code == 200
        assert report(client).json()["level"] == "grid"


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_county_at_work_goes_on_when_the_pointer_breaks(county, kind):
    data, manifest = county
    with call(Settings(data=data)) as client:
        assert client.get("/api/county").status_code == 200
        (data / "builds" / f"{'f' * 16}.json").write_text("{}")
        damage(data / "current", kind)
        assert client.get("/api/county").json()["version"] == manifest["version"]
        replace_file(data / "current", lambda draft: draft.write_text("f" * 16))
        assert client.get("/api/county").json()["version"] == manifest["version"], "the newer one cannot be read"


@pytest.mark.parametrize("kind", DAMAGES)
@pytest.mark.parametrize("what", ["current", "manifest", "villages", "roads", "cells"])
def test_building_again_mends_everything_and_nothing_is_deleted_by_hand(county, kind, what, tmp_path):
    data, manifest = county
    paths = {"current": data / "current", "manifest": data / "builds" / f"{manifest['version']}.json"}
    damage(paths.get(what) or file_of(county, what), kind)
    build_county(write_toy_county(tmp_path / "files"), data_dir=data)
    with call(Settings(data=data)) as client:
        assert client.get("/api/county").json()["version"] == manifest["version"]
        assert report(client).json()["level"] == "grid"
        assert client.get("/health").json()["parts"]["layers"] == {"state": "ok"}


@pytest.mark.parametrize("command", [["info"], ["plan", "--service", "hub"], ["setup"]])
@pytest.mark.parametrize("what", ["current", "manifest", "villages"])
def test_the_command_line_says_it_in_a_sentence(county, what, command, monkeypatch):
    data, manifest = county
    if what == "current":
        (data / "builds" / f"{'f' * 16}.json").write_text("{}")
    paths = {"current": data / "current", "manifest": data / "builds" / f"{manifest['version']}.json"}
    damage(paths.get(what) or file_of(county, what), "garbage")
    monkeypatch.setenv("COUNTYGRID_DATA", str(data))
    monkeypatch.setattr("api.actions.prepare._compile", lambda *_args: None)
    monkeypatch.setattr("api.actions.prepare.ensure_assets", lambda: False)
    monkeypatch.setattr(
        "api.actions.build.build_default", lambda _settings: pytest.fail("another county built over it")
    )
    told = CliRunner().invoke(app, command)
    assert told.exit_code == 1, told.output
    assert "countygrid build" in told.output


def test_a_stumble_over_a_place_is_no_reason_to_refuse(county, monkeypatch):
    with call(Settings(data=county[0])) as client:
        at_hand = client.app.state.workplace.county
        monkeypatch.setattr("api.actions.who_answers.cell_at", lambda *_args: 1 / 0)
        found = who_answers(at_hand, 1.0, 2.0, at=datetime.now(UTC))
        assert found.assignment.reason == "county-unreadable"
        assert report(client).status_code == 201


CACHED = ("network-", "matrix-", "plan-", "claim-", "study-")


@pytest.mark.parametrize("kind", [*DAMAGES, "other format", "swapped"])
def test_any_damage_to_the_cache_is_thrown_away_and_made_anew(county, kind):
    data, _ = county
    with call(Settings(data=data)) as client:
        good = _work(client)
    files = [path for path in (data / "cache").iterdir() if path.name.startswith(CACHED)]
    assert {path.name.split("-")[0] + "-" for path in files} == set(CACHED)
    for path in files:
        if kind == "other format":
            path.write_text('{"opened": [], "status": "optimal", "claim_id": "x"}')
        elif kind == "swapped":
            same = sorted(p for p in files if p.suffix == path.suffix and p != path)
            path.write_bytes(same[0].read_bytes())
        else:
            damage(path, kind)
    without_runs = Settings(data=data, database_url=f"sqlite:///{data / 'other.sqlite'}")
    with call(without_runs) as client:
        assert _work(client) == good


def _work(client):
    """Figures, minutes, a plan with its claim, a study: whatever the cache keeps."""
    done = [client.get("/api/county").json()["network"], client.get("/api/access").json()["seconds"]]
    run = asked(client, "/api/plans", {"service": "elder-centre", "p": 2, "mode": "e-bike"})
    done += [run["result"][name] for name in ("opened", "objective", "status")]
    study = asked(client, "/api/studies", {"kind": "why-here", "plan": {"service": "elder-centre", "p": 2}})["result"]
    claim = client.get(f"/api/runs/{run['id']}/plan-file").json()["claim"]
    return [*done, study["places"], claim["problem"]]


def test_two_servers_on_one_folder_share_what_they_find(county):
    settings = Settings(data=county[0])
    with call(settings) as one, call(settings.model_copy()) as two:
        told = report(one, key="shared").json()
        assert two.get(f"/api/incidents/{told['id']}").json()["id"] == told["id"]
        run = asked(one, "/api/plans", {"service": "hub", "limit_minutes": 9})
        assert two.get(f"/api/runs/{run['id']}").json()["run"]["result"] == run["result"]
