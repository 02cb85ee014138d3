"""The road under a click, the way from a place to a site, and names as they are pasted."""

import numpy as np
import pytest
from toy_county import lon_lat

from api.actions import roads_near
from api.actions.matrix import matrix_question
from api.actions.posed import built_at
from api.actions.search import pasted
from gis.cost_matrix import UNREACHABLE

ACROSS = [{"op": "road-closed", "target": f"横{row}路"} for row in range(4)]


def near(client, x_km, y_km, **query):
    lon, lat = lon_lat(x_km, y_km)
    return client.get("/api/roads/near", params={"lon": lon, "lat": lat, "lang": "en", **query})


def test_the_road_under_a_click_is_told_with_its_course(client):
    road = near(client, 2.6, 1.01).json()
    assert (road["name"], road["road_class"], road["bridge"], road["length_m"]) == ("横1路", "tertiary", True, 1000.0)
    assert sorted(road["line"]) == [pytest.approx(lon_lat(x, 1), abs=1e-5) for x in (2, 3)]
    assert not near(client, 1.5, 1.01).json()["bridge"]


def test_a_click_beside_all_roads_means_none_and_streets_are_meant_where_they_are_asked_for(client, monkeypatch):
    refused = near(client, 0.5, 0.3)
    assert (refused.status_code, refused.json()["error"]) == (404, "no-road-near")
    assert refused.json()["message"].startswith("There is no road within 100 m")
    assert near(client, 0.5, 0.3, within_m=400).json()["name"] == "横0路"
    monkeypatch.setattr(roads_near, "is_through_road", lambda classes: (classes == "tertiary").to_numpy())
    assert near(client, 0.5, 0.3, within_m=800).json()["name"] == "横1路"
    assert near(client, 0.5, 0.3, within_m=800, streets=True).json()["name"] == "横0路"


def test_it_is_the_road_that_a_trial_closes(client):
    lon, lat = lon_lat(1.4, 0.97)
    closed = client.post("/api/closures", json={"at": {"lon": lon, "lat": lat}}).json()["closed"]
    assert [near(client, 1.4, 0.97).json()] == closed


def test_the_pieces_that_a_name_closes_are_told_and_one_by_its_id(client):
    piece = near(client, 1.4, 0.97).json()
    named = client.get("/api/roads", params={"target": "横1路"}).json()
    assert {road["name"] for road in named} == {"横1路"}
    assert piece in named
    assert len(named) > 1
    assert client.get("/api/roads", params={"target": piece["id"]}).json() == [piece]
    assert client.get("/api/roads", params={"target": "无此路"}).json() == []


def way(client, begin, end, **body):
    answer = client.post("/api/ways", json={"service": "elder-centre", "from": begin, "to": end, **body})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_way_takes_as_long_as_the_travel_times_say(client):
    at_hand = client.app.state.workplace.county
    problem = built_at(at_hand, matrix_question(at_hand, "elder-centre", mode=None, base="resident")).problem
    for row, begin in enumerate(problem.demand_ids):
        for column, end in enumerate(problem.candidate_ids):
            assert way(client, begin, end)["seconds"] == problem.values[row, column]


def test_a_way_has_its_metres_and_its_course_from_door_to_door(client):
    found = way(client, "00001", "00004")
    assert (found["reachable"], found["seconds"], found["metres"], found["on_foot"]) == (True, 450, 4000, False)
    corners = [lon_lat(x, y) for x, y in ((0, 0), (0, 1), (1, 1), (2, 1), (3, 1))]
    assert found["line"] == [pytest.approx(corner, abs=2e-5) for corner in corners]
    assert way(client, "00001", "00001")["line"] == [pytest.approx(corners[0], abs=2e-5)]


def test_edits_count_and_where_no_way_is_left_that_is_said(client):
    around = way(client, "00003", "00007", edits=[{"op": "road-closed", "target": "横1路"}])
    assert (around["seconds"], around["metres"]) == (540, 3000)
    none = {"reachable": False, "seconds": None, "metres": None, "line": None, "on_foot": False}
    assert way(client, "00001", "00004", edits=ACROSS) == none
    lon, lat = lon_lat(0, 2)
    proposed = {"op": "new-candidate", "target": "新点", "at": [lon, lat]}
    assert way(client, "00001", "新点", edits=[proposed])["seconds"] == 360


def test_places_that_are_not_there_are_told_by_their_fields(client):
    answer = client.post("/api/ways", json={"service": "elder-centre", "from": "a", "to": "b"})
    assert [(one["field"], one["value"]) for one in answer.json()["faults"]] == [("from", "a"), ("to", "b")]


def meant(client, *names):
    answer = client.post("/api/names", json={"names": list(names)})
    assert answer.status_code == 200, answer.text
    told = answer.json()["names"]
    assert [one["typed"] for one in told] == list(names)
    return [[match["id"] for match in one["matches"]] for one in told]


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("东庄", ["00001"]),
        (" 东庄 ", ["00001"]),
        ("00003", ["00003"]),
        ("０００03", ["00003"]),
        ("大王庄", ["00003", "00004"]),
        ("河东乡 大王庄", ["00004"]),
        ("大王庄(河东)", ["00004"]),
        ("大王庄(河西镇)", ["00003"]),
        ("河东乡大王庄", ["00004"]),
        ("示范县河东乡大王庄", ["00004"]),
        ("大王庄\t河西", ["00003"]),
        ("河西镇 00003", ["00003"]),
        ("河东乡 东庄", []),
        ("李家村", ["00005"]),
        ("河口村委会", ["00006"]),
        ("府前", ["00007"]),
        ("河西镇敬老院", ["F4"]),
        ("没有", []),
        ("庄", []),
        ("", []),
        ("()", []),
    ],
)
def test_a_name_means_what_people_mean_by_it(client, typed, ids):
    assert meant(client, typed) == [ids]


def test_many_names_keep_their_order_and_tell_the_ambiguous_apart(client):
    assert meant(client, "东庄", "大王庄", "东庄") == [["00001"], ["00003", "00004"], ["00001"]]
    answer = client.post("/api/names", json={"names": ["大王庄"]}).json()["names"][0]["matches"]
    assert answer == [
        {"id": id_, "name": "大王庄", "kind": "village", "township": township, "community": None}
        for id_, township in (("00003", "河西镇"), ("00004", "河东乡"))
    ]


@pytest.mark.parametrize("typed", ["x" * 200, "村" * 200, " ".join("x" * 100)])
def test_a_name_longer_than_any_is_not_read_in_every_way(client, typed, monkeypatch):
    read = []
    shorten = pasted._short
    monkeypatch.setattr(pasted, "_short", lambda *given: read.append(given) or shorten(*given))
    assert meant(client, *(typed[k:] for k in range(50))) == [[]] * 50
    assert len(read) < 50 * 60


def test_five_thousand_names_may_be_sent_and_no_more(client):
    assert len(meant(client, *["临盘街道办事处孙家村民委员会"] * 5000)) == 5000
    assert client.post("/api/names", json={"names": ["x"] * 5001}).status_code == 422
    assert client.post("/api/names", json={"names": ["x" * 201]}).status_code == 422


def test_where_no_way_is_left_the_travel_times_have_none(client):
    body = {"service": "elder-centre", "sites": ["00004"], "edits": ACROSS}
    plan = client.post("/api/evaluations", json=body).json()["plan"]
    seconds = np.array([UNREACHABLE if row["seconds"] is None else row["seconds"] for row in plan["allocation"]])
    assert (seconds[:3] == UNREACHABLE).all()
