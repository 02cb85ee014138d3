"""kill -9 of a server under reports and moves: whatever was acknowledged is there once, and nothing is half there."""

import itertools
import shutil
import threading
import time
import urllib.error

import pytest
from served import ask, served

from layers.records.case_rows import standing
from layers.records.database import open_database
from layers.records.incidents import IncidentStore
from layers.records.tables import incident
from planning.incidents.states import replay

KILLS, BETWEEN_S = 3, 1.5
LOST = (OSError, urllib.error.URLError, ValueError)


@pytest.fixture
def own_data(toy_data, tmp_path):
    data = tmp_path / "own"
    shutil.copytree(toy_data, data)
    return data


class Reporters:
    """Threads that report and then note something, each call again under its key until it is acknowledged."""

    def __init__(self):
        self.port, self.is_over = None, threading.Event()
        self.acknowledged = {}
        self.threads = [threading.Thread(target=self.work, args=(n,)) for n in range(4)]

    def call(self, path, body):
        while not self.is_over.is_set():
            try:
                status, told = ask(self.port, path, body=body)
            except LOST:
                time.sleep(0.05)
                continue
            assert status in (200, 201), told
            return told
        return None

    def work(self, thread):
        for n in itertools.count():
            body = {"category": "party", "lon": 1, "lat": 2, "text": f"{n}", "idempotency_key": f"{thread}-{n}"}
            case = self.call("/api/incidents", body)
            if case is None:
                return
            self.acknowledged.setdefault(case["id"], set())
            note = {"move": "note", "expected_version": case["version"], "key": f"n-{n}", "data": {"text": "已看"}}
            if self.call(f"/api/incidents/{case['id']}/events", note) is None:
                return
            self.acknowledged[case["id"]].add(f"n-{n}")


def test_whatever_was_acknowledged_is_there_once_after_kills(own_data, database_url):
    open_database(database_url).close()
    reporters = Reporters()
    for kill in range(KILLS + 1):
        with served(own_data, COUNTYGRID_DATABASE_URL=database_url) as (port, process):
            reporters.port = port
            if not kill:
                for thread in reporters.threads:
                    thread.start()
            time.sleep(BETWEEN_S)
            if kill == KILLS:
                reporters.is_over.set()
                for thread in reporters.threads:
                    thread.join()
            process.kill()
    assert len(reporters.acknowledged) > 10
    database = open_database(database_url)
    with database.reading() as connection:
        rows = {row["id"]: dict(row) for row in connection.execute(incident.select()).mappings()}
    keys = [row["idempotency_key"] for row in rows.values()]
    assert len(keys) == len(set(keys))
    assert set(reporters.acknowledged) <= set(rows)
    for case_id, row in rows.items():
        events = IncidentStore(database).events(case_id)
        assert {name: row[name] for name in standing(replay(events))} == standing(replay(events))
        assert [event.kind for event in events] in (["reported", "assigned"], ["reported", "assigned", "noted"])
        assert len(events) == 3 or not reporters.acknowledged.get(case_id)
    database.close()
