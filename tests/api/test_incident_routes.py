"""Incidents over HTTP: one cell or the county desk, one answer a key, nothing acknowledged is lost."""

import os
import signal
import subprocess
import sys
import threading
import time

import httpx2
import numpy as np
import pytest
from callers import call
from mute_server import free_port
from shapely import Point
from toy_county import lon_lat

from api.actions.workplace import Workplace
from api.settings import Settings
from layers.county import open_county
from layers.records.database import open_database
from layers.records.database_faults import DatabaseDownError
from layers.records.incidents import IncidentStore


def report(client, x_km, y_km, *, key, category="traffic", **extra):
    lon, lat = lon_lat(x_km, y_km)
    return client.post(
        "/api/incidents", json={"category": category, "lon": lon, "lat": lat, "idempotency_key": key, **extra}
    )


def test_a_report_finds_cell_worker_way_and_deadline(client):
    answer = report(client, 1.0, 1.5, key="a", text="路面塌陷")
    assert answer.status_code == 201
    told = answer.json()
    assert told["cell"].startswith("371499")
    assert len(told["cell"]) == 15
    assert (told["level"], told["rule"]) == ("grid", f"grid-worker-{told['role'].lower()}")
    assert told["route_seconds"] == 100, "500 m of village road by e-bike at 18 km/h"
    assert told["due_at"].endswith("18:00:00+08:00")
    seen = client.get(f"/api/incidents/{told['id']}").json()
    assert [event["kind"] for event in seen["events"]] == ["reported", "assigned"]
    assert seen["route"][0] == pytest.approx(lon_lat(1, 1), abs=2e-6)
    assert seen["route"][-1] == pytest.approx(lon_lat(1, 1.5), abs=2e-6)
    assert client.get("/api/incidents").json()[0]["id"] == told["id"]


def test_outside_every_cell_the_county_desk_answers_with_that_reason(client):
    told = report(client, 40, 40, key="far").json()
    assert (told["cell"], told["assignee"], told["rule"], told["reason"]) == (
        None,
        None,
        "county-desk",
        "outside-cells",
    )
    assert told["route_seconds"] is None
    assert told["due_at"]


def test_the_same_key_is_one_incident_and_another_content_a_conflict(client):
    first = report(client, 1, 1, key="same")
    again = report(client, 1, 1, key="same")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["id"] == first.json()["id"]
    other = report(client, 3, 1, key="same")
    assert other.status_code == 409
    assert other.json()["faults"][0]["code"] == "idempotency-conflict"


def test_a_position_in_another_datum_lands_where_it_belongs(client):
    lon, lat = lon_lat(1, 1)
    shifted = report(client, 1, 1, key="gcj", datum="GCJ02").json()
    assert abs(shifted["lon"] - lon) + abs(shifted["lat"] - lat) > 0.003, (
        "half a kilometre away from where it was read as"
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("category", "football"),
        ("lon", 181),
        ("lat", None),
        ("lon", "NaN"),
        ("text", "x" * 5000),
        ("idempotency_key", ""),
        ("extra", 1),
    ],
)
def test_a_wrong_field_is_refused_by_name(client, field, value):
    body = {"category": "party", "lon": 117.0, "lat": 37.2, "idempotency_key": "k", field: value}
    answer = client.post("/api/incidents", json=body)
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["field"] == field


def test_an_unknown_incident_is_404(client):
    answer = client.get("/api/incidents/none")
    assert (answer.status_code, answer.json()["error"]) == (404, "unknown-incident")


def test_a_thousand_random_points_each_get_exactly_one_answer(client, toy_data):
    cells = open_county(toy_data).layer("cells")
    rng = np.random.default_rng(6)
    for number, (x, y) in enumerate(rng.uniform((-1.5, -1.5), (5.5, 4.5), (1000, 2))):
        told = report(client, x, y, key=f"r{number}").json()
        inside = cells.index[cells.intersects(Point(told["lon"], told["lat"]))].tolist()
        if inside:
            assert told["cell"] == min(inside)
        else:
            assert (told["cell"], told["reason"]) == (None, "outside-cells")
    assert len(client.get("/api/incidents", params={"limit": 500}).json()) == 500


def test_both_databases_serve_the_same_answers(toy_data, database_url):
    with call(Settings(data=toy_data, database_url=database_url)) as client:
        told = report(client, 1, 1, key="both").json()
        assert client.get(f"/api/incidents/{told['id']}").json()["cell"] == told["cell"]


def test_killing_the_server_loses_no_acknowledged_incident(toy_data, tmp_path):
    port = free_port()
    url = f"sqlite:///{tmp_path / 'app.sqlite'}"
    environment = {**os.environ, "COUNTYGRID_DATA": str(toy_data), "COUNTYGRID_DATABASE_URL": url, "PORT": str(port)}
    server = subprocess.Popen([sys.executable, "-m", "api.cli", "serve"], env=environment)
    acknowledged = []
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as http:
            _wait_until_ready(http)
            while len(acknowledged) < 40:
                acknowledged.append(report(http, 1, 1, key=f"n{len(acknowledged)}").json()["id"])
    finally:
        server.send_signal(signal.SIGKILL)
        server.wait()
    database = open_database(url)
    store = IncidentStore(database)
    assert all(store.get(id_).assignment is not None for id_ in acknowledged)
    database.close()


def _wait_until_ready(http):
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        try:
            if http.get("/health").status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.2)
    raise AssertionError("the server did not start")


@pytest.mark.parametrize(("limit", "status"), [(0, 422), (1, 200), (500, 200), (501, 422)])
def test_a_list_has_a_most(client, limit, status):
    assert client.get(f"/api/incidents?limit={limit}").status_code == status


@pytest.mark.parametrize(("reason", "times", "status"), [("damaged", 2, 201), ("busy", 1, 503), ("full", 1, 503)])
def test_only_a_damaged_database_is_asked_once_more(client, monkeypatch, reason, times, status):
    asked, honest = [], Workplace.incidents.fget

    def incidents(at_work):
        if threading.current_thread().name == "passing":  # the pass over the clocks asks by itself
            return honest(at_work)
        asked.append(1)
        if len(asked) == 1:
            raise DatabaseDownError(reason)
        return honest(at_work)

    monkeypatch.setattr(Workplace, "incidents", property(incidents))
    assert report(client, 1.0, 1.5, key=f"once-more-{reason}").status_code == status
    assert len(asked) == times
