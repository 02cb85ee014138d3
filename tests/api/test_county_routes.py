"""The county over HTTP: figures, layers, search, minutes to what stands today."""

import re

import pytest
from callers import call
from toy_county import VILLAGES

from api.settings import Settings

RESIDENT = sum(row[4] for row in VILLAGES.values()) + 1000


def test_the_page_asks_for_its_texts_by_a_name_that_changes_with_them(client):
    address = re.search(r'src="(/scripts/[^"]+)"', client.get("/?lang=en").text)[1]
    answer = client.get(address)
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]
    assert '"plan.title":"Workbench"' in answer.text
    assert client.get("/scripts/en-000000000000.js").status_code == 404


def test_the_service_is_ready_once_a_county_is_built(client, tmp_path):
    assert client.get("/health").json()["status"] == "ready"
    with call(Settings(data=tmp_path / "empty")) as unready:
        answer = unready.get("/health")
    assert answer.status_code == 503
    assert answer.json()["error"] == "no-county"
    assert "countygrid build" in answer.json()["message"]


def test_the_county_is_told_in_figures(client):
    county = client.get("/api/county").json()
    assert county["county"] == {
        "name": "示范县",
        "code": "371499",
        "area_km2": pytest.approx(20, abs=0.1),
        "crs": "EPSG:4548",
    }
    assert county["population"]["resident"] == RESIDENT
    assert county["population"]["age_basis"] == "resident"
    assert county["layers"]["villages"]["count"] == 6
    assert county["layers"]["villages"]["reconstructed"] == ["geometry", "resident"]
    network = county["network"]
    assert (network["nodes"], network["arcs"], network["components"]) == (20, 62, 1)
    assert network["length_km"] == pytest.approx(31, abs=0.05)


@pytest.mark.parametrize(
    "name", ["county", "townships", "villages", "neighbourhoods", "roads", "rivers", "facilities", "cells"]
)
def test_every_layer_is_served_with_its_origin(client, name):
    shown = client.get(f"/api/layers/{name}").json()
    assert shown["type"] == "FeatureCollection"
    assert shown["features"]
    assert isinstance(shown["reconstructed"], list)


def test_a_layer_is_not_sent_again_when_the_browser_has_it(client):
    first = client.get("/api/layers/villages")
    again = client.get("/api/layers/villages", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_roster_is_nobodys_map_layer(client):
    assert client.get("/api/layers/roster").status_code == 422


def test_villages_of_one_name_are_told_apart_by_township(client):
    found = client.get("/api/search", params={"q": "大王"}).json()
    assert [(hit["name"], hit["township"]) for hit in found] == [("大王庄", "河西镇"), ("大王庄", "河东乡")]
    assert client.get("/api/search", params={"q": "没有这个村"}).json() == []
    assert client.get("/api/search", params={"q": "("}).json() == []


def test_minutes_to_the_nearest_office_are_those_known_by_hand(client):
    """By e-bike 18 km/h on the columns (200 s/km) and 20 km/h on the main row (180 s/km)."""
    access = client.get("/api/access", params={"kind": "township-office", "mode": "e-bike"}).json()
    assert access["seconds"]["00003"] == 0
    assert access["seconds"]["00001"] == 200 + 180
    assert access["nearest"]["00006"] == "F3"
    assert access["measures"]["people_total"] == RESIDENT


def test_an_unknown_kind_is_refused_in_words(client):
    answer = client.get("/api/access", params={"kind": "airport", "lang": "en"})
    assert (answer.status_code, answer.json()["message"]) == (404, "The county has no facility of kind airport.")


def test_the_pages_need_nothing_from_elsewhere(client):
    for path in ("/plan", "/incidents", "/docs"):
        page = client.get(path)
        assert page.status_code == 200
        assert "https://" not in page.text.replace("https://fastapi", "")


def test_the_language_is_chosen_once_and_kept(client):
    assert "方案工作台" in client.get("/").text
    english = client.get("/", params={"lang": "en"})
    assert english.url.path == "/plan"
    assert 'lang="en"' in english.text
    assert 'lang="en"' in client.get("/").text
    assert 'lang="zh-CN"' in client.get("/incidents?lang=zh").text


def test_an_unknown_address_is_told_in_words(client):
    answer = client.get("/api/nothing")
    assert (answer.status_code, answer.json()["error"]) == (404, "http-404")


def test_a_foreign_host_name_is_refused(client):
    assert client.get("/health", headers={"Host": "rebound.example"}).status_code == 400
