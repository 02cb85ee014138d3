"""The travel times of a service as a file: what plans are made from, sent once."""

import numpy as np
import pytest
from toy_county import lon_lat

from api.actions import matrix as action
from api.actions.matrix import matrix_question
from api.actions.posed import built_at
from api.runs.plan_body import PlanBody
from gis.matrix_bytes import unpack_matrix


def fetched(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return unpack_matrix(answer.content)


@pytest.fixture
def at_hand(client):
    return client.app.state.workplace.county


@pytest.mark.parametrize("mode", [None, "walk"])
@pytest.mark.parametrize("service", ["elder-centre", "service-room", "hub"])
def test_it_holds_what_a_plan_of_the_service_is_made_from(client, at_hand, service, mode):
    built = built_at(at_hand, matrix_question(at_hand, service, mode=mode, base="registered"))
    query = "?base=registered" + (f"&mode={mode}" if mode else "")
    seconds, about = fetched(client, f"/api/matrices/{service}{query}")
    problem, question = built.problem, built.resolved.question
    np.testing.assert_array_equal(seconds, problem.values)
    assert about["weights"] == problem.weights.tolist()
    assert about["demand_ids"] == problem.demand_ids.tolist()
    assert about["candidate_ids"] == problem.candidate_ids.tolist()
    assert about["weights_basis"] == built.resolved.weights.basis
    assert (about["mode"], about["base"], about["limit_s"]) == (question.mode, "registered", question.limit_s)
    if problem.capacity is None:
        assert not {"loads", "capacities"} & about.keys()
    else:
        assert about["loads"] == problem.capacity.loads.tolist()
        assert about["capacities"] == problem.capacity.capacities.tolist()


def test_what_stands_and_where_it_may_stand_is_told(client):
    seconds, about = fetched(client, "/api/matrices/elder-centre")
    standing = about["candidate_ids"].index("F4")
    assert about["statuses"] == [[standing, "closable"]]
    assert about["candidate_positions"][standing] == pytest.approx(lon_lat(0, 1), abs=1e-5)
    assert seconds.shape == (7, 8)


def test_candidates_are_told_by_name_township_and_where_they_are_from(client):
    _, about = fetched(client, "/api/matrices/elder-centre")
    told = zip(about["candidate_names"], about["candidate_townships"], about["candidate_origins"], strict=True)
    found = dict(zip(about["candidate_ids"], told, strict=True))
    assert found["00004"] == ("大王庄", "河东乡", "place")
    assert found["F4"] == ("河西镇敬老院", "河西镇", "facility")


def test_a_longest_time_is_told_whoever_sets_it(client):
    standard = [{"op": "standard", "max_minutes": 7}]
    for more, seconds in (({}, None), ({"max_minutes": 5}, 300), ({"edits": standard}, 420)):
        answer = client.post("/api/matrices", json={"service": "elder-centre", **more})
        assert unpack_matrix(answer.content)[1]["max_time_s"] == seconds


LON, LAT = lon_lat(2, 0)
BANK = [lon_lat(x, y) for x, y in ((0.2, 0.9), (0.8, 0.9), (0.8, 1.1), (0.2, 1.1))]
EDITS = {
    "closed": [{"op": "road-closed", "target": "横1路"}],
    "flooded": [{"op": "flooded", "target": "涝区", "area": BANK}],
    "built": [{"op": "road-built", "target": "新桥", "start": lon_lat(0, 0), "end": lon_lat(4, 3), "speed_kmh": 40}],
    "proposed": [{"op": "new-candidate", "target": "新点", "at": [LON, LAT]}],
    "adopted": [{"op": "adopted", "target": "elder-centre", "sites": [{"target": "00005", "capacity": 30}]}],
    "people": [{"op": "place-people", "target": "00001", "people": 7}, {"op": "counted", "group": "80+"}],
}
FROM_00001 = {"closed": {"00003": 360, "00007": 540}, "flooded": {"00003": 360}, "built": {"00006": 450}}
"""Seconds by hand: around by the roads of 20 km/h; over five kilometres of new road at 40 km/h."""


@pytest.mark.parametrize("kind", EDITS)
def test_under_edits_it_holds_what_a_plan_under_them_is_made_from(client, at_hand, kind):
    body = {"service": "elder-centre", "capacity": 25, "edits": EDITS[kind]}
    answer = client.post("/api/matrices", json=body)
    assert answer.status_code == 200, answer.text
    seconds, about = unpack_matrix(answer.content)
    problem = built_at(at_hand, PlanBody.model_validate(body).as_question(at_hand.tables.services)).problem
    np.testing.assert_array_equal(seconds, problem.values)
    assert about["weights"] == problem.weights.tolist()
    assert about["candidate_ids"] == problem.candidate_ids.tolist()
    assert (about["loads"], about["capacities"]) == (
        problem.capacity.loads.tolist(),
        problem.capacity.capacities.tolist(),
    )
    rows = {id_: row for row, id_ in enumerate(about["candidate_ids"])}
    for site, by_hand in FROM_00001.get(kind, {}).items():
        assert seconds[about["demand_ids"].index("00001"), rows[site]] == by_hand
    said = {about["candidate_ids"][row]: status for row, status in about["statuses"]}
    assert said == {"F4": "closable", **({"00005": "existing"} if kind == "adopted" else {})}
    assert about["candidate_origins"][-1] == ("proposed" if kind == "proposed" else "facility")


def test_what_says_nothing_of_times_and_people_asks_for_the_same_file(client, monkeypatch):
    body = {"service": "elder-centre", "edits": EDITS["closed"]}
    first = client.post("/api/matrices", json=body)
    monkeypatch.setattr(action, "_packed", lambda *_: pytest.fail("made again"))
    for more in ({"sites": ["00001"]}, {"p": 2}, {"separation_km": 3}, {"time_limit_s": 9}):
        again = client.post("/api/matrices", json={**body, **more})
        assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    as_built = client.get("/api/matrices/elder-centre")
    assert client.post("/api/matrices", json={"service": "elder-centre"}).content == as_built.content
    assert first.headers["etag"] != as_built.headers["etag"]


def test_edits_that_contradict_each_other_are_told_together(client):
    edits = [{"op": "road-closed", "target": "无路"}, {"op": "road-closed", "target": "横9路"}]
    answer = client.post("/api/matrices", json={"service": "elder-centre", "edits": edits})
    assert [one["code"] for one in answer.json()["faults"]] == ["edit-unknown-road"] * 2


def test_it_is_sent_once_and_again_when_it_is_another(client):
    first = client.get("/api/matrices/elder-centre")
    assert first.headers["content-type"] == "application/gzip"
    assert "content-encoding" not in first.headers
    assert first.headers["cache-control"] == "private, no-cache"
    seen = {"If-None-Match": first.headers["etag"]}
    again = client.get("/api/matrices/elder-centre", headers=seen)
    assert (again.status_code, again.content) == (304, b"")
    for other in ("?mode=walk", "?base=registered"):
        assert client.get(f"/api/matrices/elder-centre{other}", headers=seen).status_code == 200
    assert client.get("/api/matrices/elder-centre?mode=car", headers=seen).status_code in (200, 304)


def test_one_kept_in_the_cache_is_the_same_file(client, at_hand, monkeypatch):
    first = client.get("/api/matrices/elder-centre").content
    monkeypatch.setattr(action, "_packed", lambda *_: pytest.fail("made again"))
    assert client.get("/api/matrices/elder-centre").content == first


def test_what_cannot_be_told_is_refused(client, monkeypatch):
    unknown = client.get("/api/matrices/pharmacy")
    assert unknown.status_code == 422
    assert unknown.json()["faults"][0]["code"] == "unknown-service"
    assert client.get("/api/matrices/elder-centre?mode=boat").status_code == 422
    monkeypatch.setattr(action, "MOST_TIMES", 55)
    monkeypatch.setattr(action, "MATRICES", "another")
    large = client.get("/api/matrices/elder-centre?lang=en").json()["faults"][0]
    assert (large["code"], large["expected"]) == ("matrix-too-large", "at most 55 travel times")
