"""Publishing: figures are frozen as they are compared, and stay whatever becomes of scenario, county and program."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from callers import asked, call
from toy_county import write_toy_county

from api.settings import Settings
from layers.build import build_county

UNTIL = (datetime.now(UTC) + timedelta(days=15)).isoformat()
PLAN = {"service": "elder-centre", "p": 2}


def publish(client, *runs, **more):
    body = {"runs": list(runs), "title": "养老中心选址", "text": "请提意见。", "closes_at": UNTIL, **more}
    return client.post("/api/publications", json=body)


@pytest.fixture
def run(client):
    return asked(client, "/api/plans", PLAN)


def test_a_run_is_published_as_it_is_compared(client, run):
    answer = publish(client, run["id"], slug="yanglao-2026")
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == answer.json()["address"] == "/p/yanglao-2026"
    told = client.get("/api/p/yanglao-2026").json()
    frozen, compared = told["frozen"], client.get(f"/api/compare?runs=today,{run['id']}").json()
    assert [one["key"] for one in frozen["schemes"]] == ["0", "A"]
    assert {one["code"]: one["values"] for one in frozen["measures"]} == {
        one["code"]: one["values"] for one in compared["measures"]
    }
    assert frozen["places"]["seconds"] == compared["places"]["seconds"]
    assert frozen["differences"] == compared["differences"]
    sites = frozen["schemes"][1]["sites"]
    for one in run["result"]["allocation"]:
        row = frozen["places"]["ids"].index(one["demand_id"])
        assert frozen["places"]["seconds"]["A"][row] == one["seconds"]
        assert sites[frozen["places"]["sites"]["A"][row]]["id"] == one["facility_id"]
    assert set(frozen["measures"][0]["name"]) == set(frozen["service"]) - {"code"} == {"zh", "en"}
    assert frozen["county"]["layers"]["villages"]["version"]
    assert client.get("/api/p/yanglao-2026/ground").json() == client.get("/api/ground").json()


def test_the_hash_stays_whatever_becomes_of_scenario_county_and_program(tmp_path, monkeypatch):
    data = tmp_path / "data"
    build_county(write_toy_county(tmp_path / "files"), data_dir=data)
    with call(Settings(data=data)) as client:
        question = {"name": "两处", "question": PLAN, "edits": []}
        scenario = client.post("/api/scenarios", json=question).json()
        asked(client, f"/api/scenarios/{scenario['id']}/runs", {})
        slug = publish(client, scenario["id"]).json()["slug"]
        before, body = client.get(f"/api/p/{slug}").json(), client.get(f"/api/p/{slug}/body").content
        changed = {"expected_revision": 1, "question": {**PLAN, "p": 3}, "edits": []}
        assert client.put(f"/api/scenarios/{scenario['id']}", json=changed).status_code == 200
    layer = tmp_path / "files" / "villages.csv"
    layer.write_text(layer.read_text(encoding="utf-8-sig").replace("李家", "李家新村"), encoding="utf-8")
    build_county(tmp_path / "files" / "county.toml", data_dir=data)
    monkeypatch.setattr("api.runs.asked.CODE_VERSION", "99.0")
    with call(Settings(data=data)) as client:
        after = client.get(f"/api/p/{slug}").json()
        assert after == {**before, "counter_sha": after["counter_sha"]}, "which come beside it"
        assert client.get(f"/api/p/{slug}/body").content == body
        assert [one["name"] for one in client.get(f"/api/p/{slug}/places?q=lijia").json()["places"]] == ["李家"]


def test_a_name_is_made_where_none_is_given_and_given_once(client, run):
    first, second = (publish(client, run["id"]).json() for _ in range(2))
    assert first["slug"] != second["slug"]
    taken = publish(client, run["id"], slug=first["slug"])
    assert (taken.status_code, taken.json()["faults"][0]["code"]) == (422, "publication-slug-taken")
    listed = client.get("/api/publications").json()["publications"]
    assert {one["slug"] for one in listed} == {first["slug"], second["slug"]}


def test_what_cannot_be_published_is_told(client, run):
    late = (datetime.now(UTC) + timedelta(days=400)).isoformat()
    past = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    wrong = {
        "publication-closes-late": ((run["id"],), {"closes_at": late}),
        "publication-closes-early": ((run["id"],), {"closes_at": past}),
        "publication-bad-slug": ((run["id"],), {"slug": "公示"}),
        "publication-of-today": (("today",), {}),
    }
    for code, (runs, more) in wrong.items():
        answer = publish(client, *runs, **more)
        assert (answer.status_code, [one["code"] for one in answer.json()["faults"]]) == (422, [code]), code
    assert publish(client, "f" * 32).status_code == 404
    assert publish(client).status_code == 422
    assert client.get("/api/publications").json() == {"publications": []}


def test_a_frozen_version_can_be_read_by_any_program(client, run):
    slug = publish(client, run["id"]).json()["slug"]
    frozen = json.loads(client.get(f"/api/p/{slug}/body").content)
    columns = frozen["places"]
    lengths = {len(columns[name]) for name in ("ids", "names", "townships", "lon", "lat", "people")}
    assert lengths == {7}
    assert {len(one) for kind in ("seconds", "sites") for one in columns[kind].values()} == {7}
