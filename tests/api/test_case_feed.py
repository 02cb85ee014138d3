"""What changes among cases is told on every server that shares the records, to those whose business it is."""

import json
import threading
import time

import pytest
from callers import call
from signed_in import account, key_for
from slow_plans import until
from toy_county import lon_lat

from api.auth import COOKIE
from api.main import end_runs
from api.settings import Settings


@pytest.fixture
def servers(toy_data, database_url):
    """Two processes' worth of service on the same records."""
    settings = Settings(data=toy_data, database_url=database_url)
    with call(settings) as one, call(settings) as two:
        yield one, two


def report(client, key, *, x_km=1.0, y_km=1.5, category="traffic"):
    lon, lat = lon_lat(x_km, y_km)
    return client.post(
        "/api/incidents", json={"category": category, "lon": lon, "lat": lat, "idempotency_key": key}
    ).json()


class Listener:
    """Somebody who listens in a thread of their own until the stream ends."""

    def __init__(self, client, headers, *, seconds=60):
        self.app, self.watch = client.app, client.app.state.case_watch
        note_what_is_told(self.watch)
        before = len(self.watch._watchers)
        self.answer = None
        self.thread = threading.Thread(target=self._listen, args=(client, seconds, headers), daemon=True)
        self.thread.start()
        until(lambda: self.answer or (len(self.watch._watchers) > before and self.watch._looking is not None))

    def _listen(self, client, seconds, headers):
        self.answer = client.get(f"/api/incidents/stream?seconds={seconds}", headers=headers)
        self.ended = time.monotonic()

    def heard(self, *, until_told=None):
        """Each event as (id, name, cases); with a position the service ends once all were told up to there."""
        if until_told is not None:
            until(lambda: self.watch.told_to >= until_told)
            end_runs(self.app)
        self.thread.join(20)
        found = []
        for block in self.answer.text.strip().split("\n\n"):
            fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
            if fields:
                told = json.loads(fields["data"])
                found.append((int(fields["id"]), fields["event"], {one["id"]: one["version"] for one in told["cases"]}))
        return found


def note_what_is_told(watch):
    if not hasattr(watch, "told_to"):
        watch.told_to, tell = 0, watch._tell

        def noted(news):
            tell(news)
            watch.told_to = max(watch.told_to, news.position)

        watch._tell = noted


def signed_in(client, name, *grant):
    """Return the headers of somebody with a key: one client is one loop of events, as a server has."""
    database = client.app.state.workplace.database.get()
    made = account(database, name, grant)
    until(client.app.state.door.is_shut)  # a busy machine may take a moment to see that there are accounts
    return {"Cookie": f"{COOKIE}={key_for(database, made)}"}


def test_a_change_on_one_server_is_heard_on_the_other_by_those_whose_business_it_is(servers):
    one, two = servers
    workplace = two.app.state.workplace
    first = report(one, "first")
    facts = workplace.county.cell_facts
    here = facts[first["cell"]][1]
    there = next(township for _, township in facts.values() if township != here)
    mine, theirs, county = (
        signed_in(two, name, role, kind, code)
        for name, role, kind, code in (
            ("mine", "township-desk", "township", here),
            ("theirs", "township-desk", "township", there),
            ("county", "county-desk", "county", workplace.county.county.code),
        )
    )
    one.headers.update(county)
    listeners = [Listener(two, who) for who in (mine, theirs, county)]
    second = report(one, "second")
    body = {"move": "accept", "expected_version": second["version"], "key": "a"}
    assert one.post(f"/api/incidents/{second['id']}/events", json=body).status_code == 200
    latest = workplace.case_lists.latest_position()
    heard = [listener.heard(until_told=latest) for listener in listeners]
    assert all(events[0][1:] == ("begun", {}) for events in heard)
    for events in (heard[0], heard[2]):
        assert events[-1][2] == {second["id"]: second["version"] + 1}
        assert [event[0] for event in events] == sorted({event[0] for event in events})
    assert len(heard[1]) == 1
    since = heard[0][0][0]
    for who, ids in ((mine, {second["id"]}), (theirs, set())):
        told = two.get(f"/api/incidents/feed?after={since}", headers=who).json()
        assert {case["id"] for case in told["cases"]} == ids
        assert told["position"] == heard[0][-1][0]
        later = two.get(f"/api/incidents/feed?after={told['position']}", headers=who).json()
        assert later["cases"] == []
    resumed = Listener(two, {**mine, "Last-Event-ID": str(since)}, seconds=0).heard()
    assert resumed[0][2] == {second["id"]: second["version"] + 1}


def test_a_case_that_goes_to_somebody_else_is_told_once_more(servers):
    client = servers[0]
    case = report(client, "goes")
    workplace = client.app.state.workplace
    here = workplace.county.cell_facts[case["cell"]][1]
    there_cell = next(cell for cell, (_, township) in workplace.county.cell_facts.items() if township != here)
    village = workplace.county.demand.loc[workplace.county.cell_facts[there_cell][0]].geometry
    desk = signed_in(client, "desk", "township-desk", "township", here)
    county = signed_in(client, "county", "county-desk", "county", workplace.county.county.code)
    listener = Listener(client, desk)
    data = {"lon": village.x, "lat": village.y}
    body = {"move": "move", "expected_version": case["version"], "key": "m", "data": data}
    assert client.post(f"/api/incidents/{case['id']}/events", json=body, headers=county).status_code == 200
    assert listener.heard(until_told=workplace.case_lists.latest_position())[-1][2] == {case["id"]: None}


def test_a_stream_ends_with_the_right_and_with_the_service(servers, monkeypatch):
    monkeypatch.setattr("api.routes.case_feed._ASKED_AGAIN_S", 0.2)
    one, two = servers
    workplace = one.app.state.workplace
    desk = signed_in(one, "desk", "county-desk", "county", workplace.county.county.code)
    listener = Listener(one, desk, seconds=60)
    second = signed_in(two, "other", "county-desk", "county", workplace.county.county.code)
    other = Listener(two, second, seconds=60)
    begun = time.monotonic()
    end_runs(two.app)
    assert other.heard()[0][1] == "begun"
    assert other.ended - begun < 2
    with workplace.database.get().writing() as connection:
        connection.exec_driver_sql("UPDATE session SET revoked_at = created_at")
    assert len(listener.heard()) == 1
    assert not listener.watch._watchers
