"""A case closes a road: dispatch goes round it and people who are cut off are named, until somebody opens it."""

import pytest
from callers import call

from gis.cost_matrix import UNREACHABLE


@pytest.fixture
def served(settings):
    with call(settings) as client:
        yield client


def report(client, at, n):
    body = {"category": "traffic", "lon": at.x, "lat": at.y, "text": "塌方", "idempotency_key": f"road {n}"}
    return client.post("/api/incidents", json=body).json()


def move(client, case, name, **data):
    told = {"move": name, "expected_version": case["version"], "key": f"{name} {case['version']}", "data": data}
    return client.post(f"/api/incidents/{case['id']}/events", json=told)


def places(client):
    county = client.app.state.workplace.county
    return county, [row.geometry for _, row in county.demand.iterrows()]


def test_a_road_is_closed_and_opened_again_by_its_case(served):
    county, points = places(served)
    case = report(served, points[0], 1)
    assert served.get("/api/roads/closed").json()["roads"] == []
    wrong = move(served, case, "close-road", road="no such road")
    assert [fault["code"] for fault in wrong.json()["faults"]] == ["case-road-unknown"]
    case = move(served, case, "close-road").json()
    assert case["road"] in county.roads.index
    told = served.get("/api/roads/closed").json()
    assert [(road["id"], road["case"]) for road in told["roads"]] == [(case["road"], case["id"])]
    tried = served.post("/api/closures", json={"closed": [case["road"]]}).json()
    assert told["effect"]["after"] == tried["after"]
    assert {one["id"] for one in told["effect"]["cut_off"]} == {one["id"] for one in tried["cut_off"]}
    assert [one["id"] for one in served.post("/api/closures", json={"reported": True}).json()["closed"]] == [
        case["road"]
    ]
    case = move(served, case, "open-road").json()
    assert case["road"] is None
    assert served.get("/api/roads/closed").json()["roads"] == []


def test_whoever_is_sent_goes_round_a_closed_road(served):
    """Every road is closed by a case of its own: a second report nearby takes longer, or has no way."""
    county, points = places(served)
    far = max(points, key=lambda at: report(served, at, f"{at.x} {at.y}")["route_seconds"] or 0)
    lon, lat = far.x + 0.004, far.y + 0.004
    body = {"category": "traffic", "lon": lon, "lat": lat, "text": "", "idempotency_key": "before"}
    before = served.post("/api/incidents", json=body).json()["route_seconds"]
    for n, road in enumerate(county.roads.index):
        case = report(served, far, f"all {n}")
        assert move(served, case, "close-road", road=str(road)).status_code == 200
    after = served.post("/api/incidents", json={**body, "idempotency_key": "after"}).json()["route_seconds"]
    assert before is not None
    assert after is None or after > before or after >= UNREACHABLE
