"""kill -9 of a server, and of its database, under reports and moves: what was acknowledged is there once.

``COUNTYGRID_TEST_KILLS=10`` kills more often than the gate has time for.
"""

import contextlib
import http.client
import itertools
import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import urllib.error
from pathlib import Path

import pytest
from conftest import CLUSTER_SCRIPT
from gateways import answers, gateway
from served import ask, served
from sqlalchemy import select

from api.actions.workplace import Workplace
from api.messages.sender import Sender
from api.settings import Settings
from layers.records.case_rows import standing
from layers.records.database import open_database
from layers.records.incidents import IncidentStore
from layers.records.message_tables import outbox
from layers.records.tables import incident
from planning.incidents.states import replay

KILLS, BETWEEN_S = int(os.environ.get("COUNTYGRID_TEST_KILLS", "3")), 1.5
LOST = (OSError, urllib.error.URLError, http.client.HTTPException, ValueError)


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

    def wait_for_some(self):
        """A machine that is busy with other things may not answer before it is killed."""
        some, deadline = len(self.acknowledged) + 4, time.monotonic() + 20
        while len(self.acknowledged) < some and time.monotonic() < deadline:
            time.sleep(0.05)

    def call(self, path, body):
        while not self.is_over.is_set():
            try:
                status, told = ask(self.port, path, body=body)
            except LOST:
                time.sleep(0.05)
                continue
            if status == 503:  # nothing was stored, and it says so: a database that is busy with the killed server's
                time.sleep(0.05)
                continue
            assert status in (200, 201), (status, told)
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


def test_whatever_was_acknowledged_is_there_once_after_kills_and_every_message_leaves(own_data, database_url):
    open_database(database_url).close()
    reporters = Reporters()
    with gateway(answers()) as outside:
        told = {"COUNTYGRID_DATABASE_URL": database_url, "COUNTYGRID_WEBHOOK": f"json://{outside.at}/"}
        for kill in range(KILLS + 1):
            with served(own_data, **told) as (port, process):
                reporters.port = port
                if not kill:
                    for thread in reporters.threads:
                        thread.start()
                time.sleep(BETWEEN_S)
                reporters.wait_for_some()
                if kill == KILLS:
                    reporters.is_over.set()
                    for thread in reporters.threads:
                        thread.join()
                process.kill()
        database = open_database(database_url)
        check_cases(database, reporters.acknowledged)
        sent_keys = send_the_rest(own_data, told, database)
        assert set(outside.keys()) == sent_keys
        cases = [
            json.loads(body)["message"].split("案件 ")[1].split("(")[0] for _path, _headers, body in outside.requests
        ]
        by_case = dict(zip(cases, outside.keys(), strict=True))
        assert set(reporters.acknowledged) <= set(by_case), "every message left at least once"
        assert len(set(zip(cases, outside.keys(), strict=True))) == len(by_case), "none under two keys"
        database.close()


@pytest.fixture
def own_cluster():
    """A PostgreSQL server that may be killed: its folder and address."""
    if not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        pytest.skip("PostgreSQL is not installed here, and a server that is given may not be killed")
    folder = tempfile.mkdtemp(prefix="countygrid-postgis-")
    try:
        yield Path(folder), cluster("start", folder)
    finally:
        cluster("stop", folder)


def cluster(action, folder):
    done = subprocess.run([CLUSTER_SCRIPT, action, folder], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def kill_cluster(folder):
    """kill -9 of the server and of whatever it has begun, all at once."""
    server = int((folder / "cluster" / "postmaster.pid").read_text().split()[0])
    for begun in Path(f"/proc/{server}/task/{server}/children").read_text().split():
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(begun), signal.SIGKILL)
    os.kill(server, signal.SIGKILL)


def test_whatever_was_acknowledged_is_there_once_after_kills_of_the_database(own_data, own_cluster):
    folder, given = own_cluster
    url = given.replace("postgresql://", "postgresql+psycopg://")
    open_database(url).close()
    reporters = Reporters()
    with served(own_data, COUNTYGRID_DATABASE_URL=url) as (reporters.port, process):
        for thread in reporters.threads:
            thread.start()
        for _ in range(KILLS):
            time.sleep(BETWEEN_S)
            reporters.wait_for_some()
            kill_cluster(folder)
            cluster("again", str(folder))
        reporters.wait_for_some()
        reporters.is_over.set()
        for thread in reporters.threads:
            thread.join()
        assert process.poll() is None
    assert (folder / "server.log").read_text().count("not properly shut down") == KILLS
    database = open_database(url)
    check_cases(database, reporters.acknowledged)
    database.close()


def send_the_rest(data, told, database):
    """Send what waits as the next server would, and return the keys of all messages."""
    at_work = Workplace(
        Settings(data=data, database_url=told["COUNTYGRID_DATABASE_URL"], webhook=told["COUNTYGRID_WEBHOOK"])
    )
    sender, deadline = Sender(at_work), time.monotonic() + 120
    with database.reading() as connection:
        keys = set(connection.scalars(select(outbox.c.id)))
    while time.monotonic() < deadline:
        with database.reading() as connection:
            waits = connection.execute(select(outbox.c.id).where(outbox.c.state != "sent").limit(1)).first()
        if waits is None:
            break
        time.sleep(0.2)
    sender.close()
    at_work.close()
    return keys


def check_cases(database, acknowledged):
    assert len(acknowledged) > 10
    with database.reading() as connection:
        rows = {row["id"]: dict(row) for row in connection.execute(incident.select()).mappings()}
    keys = [row["idempotency_key"] for row in rows.values()]
    assert len(keys) == len(set(keys))
    assert set(acknowledged) <= set(rows)
    for case_id, row in rows.items():
        events = IncidentStore(database).events(case_id)
        assert {name: row[name] for name in standing(replay(events))} == standing(replay(events))
        assert [event.kind for event in events] in (["reported", "assigned"], ["reported", "assigned", "noted"])
        assert len(events) == 3 or not acknowledged.get(case_id)
