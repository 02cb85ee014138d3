"""kill -9 in the middle of a load: nothing that was acknowledged is lost, nothing is half there."""

from __future__ import annotations

import itertools
import subprocess
import sys
from pathlib import Path

from newest_cases import newest
from sqlalchemy import func, select, text

from layers.records.database import open_database
from layers.records.tables import incident_event

REPORT_FOR_EVER = """
import itertools, sys, threading
from datetime import UTC, datetime
from layers.records.database import open_database
from layers.records.audit import COMMAND_LINE, Act
from layers.records.incidents import IncidentStore
from planning.incidents.events import Assignment, assigned, reported

store = IncidentStore(open_database(sys.argv[1]))
now = datetime(2026, 3, 2, 1, tzinfo=UTC)
desk = Assignment(None, "county", "desk", "county-desk", "outside-cells")

def report(thread):
    for number in itertools.count():
        name = f"{thread}-{number}"
        first = reported(name, at=now, category="party", lon=1.0, lat=2.0, cell=None, county_version="v")
        then = assigned(desk, seq=2, at=now, due_at=now.isoformat(), workdays=0, calendar="weekdays",
                        route_seconds=None)
        store.report([first, then], idempotency_key=name, act=Act(COMMAND_LINE, "incident.reported", "incident"))
        sys.stdout.write(name + "\\n")
        sys.stdout.flush()

for thread in range(4):
    threading.Thread(target=report, args=(thread,)).start()
"""


def _acknowledged_before_the_kill(url: str, *, count: int) -> set[str]:
    command = [sys.executable, "-c", REPORT_FOR_EVER, url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
        assert process.stdout is not None
        lines = list(itertools.islice(process.stdout, count))
        process.kill()
        lines.extend(process.stdout)
    assert len(lines) >= count
    return {line.strip() for line in lines if line.endswith("\n")}


def test_a_killed_server_has_lost_nothing_it_acknowledged(database_url: str) -> None:
    acknowledged = _acknowledged_before_the_kill(database_url, count=150)
    database = open_database(database_url)
    stored = set(newest(database))
    assert acknowledged <= stored
    with database.reading() as connection:
        counts = connection.execute(
            select(incident_event.c.incident_id, func.count()).group_by(incident_event.c.incident_id)
        )
        assert {name: n for name, n in counts if n != 2} == {}
        if database.engine.dialect.name == "sqlite":
            assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
    database.close()
