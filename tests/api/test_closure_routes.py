"""Roads closed on trial over HTTP: minutes anew beside today's, nothing kept, faults in words."""

import numpy as np
import pytest

from api.actions.workplace import Workplace


def ask(client, **body):
    return client.post("/api/closures", json={"mode": "car", **body})


@pytest.fixture
def toy_hand(settings):
    return Workplace(settings).county


@pytest.fixture
def road_ids(toy_hand):
    return list(toy_hand.roads.index)


@pytest.fixture
def offices(client):
    return ask(client).json()


def test_without_a_closed_road_nothing_changes(offices):
    assert offices["closed"] == []
    assert offices["before"] == offices["after"]
    assert offices["slower"] == {"places": 0, "people": 0}


def test_a_click_closes_the_road_there_and_a_second_click_opens_it(client, offices):
    layer = client.get("/api/layers/roads").json()
    lon, lat = np.array(layer["features"][0]["geometry"]["coordinates"][0], float).reshape(-1, 2)[:2].mean(axis=0)
    at = {"lon": float(lon), "lat": float(lat)}
    closed = ask(client, at=at, within_m=500, streets=True).json()
    assert len(closed["closed"]) == 1
    road = closed["closed"][0]
    assert len(road["line"]) >= 2
    again = ask(client, at=at, within_m=500, streets=True, closed=[road["id"]]).json()
    assert again["closed"] == []
    assert again["seconds"] == offices["seconds"]


def test_every_closed_road_makes_nobody_faster_and_the_figures_agree_with_the_seconds(client, offices, road_ids):
    for road in road_ids:
        answer = ask(client, closed=[road]).json()
        slower = 0
        for place, seconds in answer["seconds"].items():
            today = offices["seconds"][place]
            assert seconds is None or today <= seconds
            slower += seconds is None or seconds > today
        assert answer["slower"]["places"] == slower
        assert len(answer["worst"]) == min(slower, 5)


def test_means_are_compared_over_the_people_who_get_there_before_and_after(client, offices, road_ids):
    for road in road_ids:
        answer = ask(client, closed=[road]).json()
        same = answer["same_people"]
        assert same["people"] + same["left_out"] == answer["before"]["people_total"]
        assert same["left_out"] == answer["after"]["unreachable_people"]
        assert same["after_mean_s"] >= same["before_mean_s"]
    assert offices["same_people"]["left_out"] == 0


def test_a_bridge_can_be_closed_by_a_click_though_no_place_joins_it(client, toy_hand):
    bridge = toy_hand.roads[toy_hand.roads["bridge"]].iloc[0]
    (lon, lat), *_ = toy_hand.degrees_of(np.array([bridge.geometry.interpolate(0.5, normalized=True).coords[0]]))
    answer = ask(client, at={"lon": lon, "lat": lat}, within_m=20, streets=True).json()
    assert [road["id"] for road in answer["closed"]] == [bridge.name]


def test_all_roads_closed_leaves_people_unreachable_and_says_so(client, road_ids):
    answer = ask(client, closed=road_ids).json()
    assert answer["after"]["unreachable_people"] > 0
    assert answer["after"]["people_total"] == answer["before"]["people_total"]
    assert answer["worst"][0]["after_s"] is None


def test_minutes_to_the_sites_of_a_plan_are_those_of_the_matrix(client, toy_hand):
    sites = list(toy_hand.demand.index[:2])
    answer = ask(client, facilities=sites).json()
    matrix = toy_hand.times_to(toy_hand.demand.loc[sites], mode="car")
    expected = dict(zip(matrix.origin_ids, matrix.seconds.min(axis=1).tolist(), strict=True))
    assert answer["seconds"] == expected


def test_all_faults_come_at_once_by_name(client):
    answer = ask(client, closed=["w9-9"], facilities=["nowhere"])
    assert answer.status_code == 422
    assert [(fault["code"], fault["field"], fault["value"]) for fault in answer.json()["faults"]] == [
        ("unknown-id", "closed", "w9-9"),
        ("unknown-id", "facilities", "nowhere"),
    ]
    assert ask(client, kind="opera").json()["faults"][0]["code"] == "unknown-facility-kind"
    for lon, lat in ((117.9, 36.2), (0.0, 0.0), (-63.0, -90.0)):
        far = ask(client, at={"lon": lon, "lat": lat}).json()["faults"][0]
        assert far["code"] == "no-road-near"
        assert far["mend"]
