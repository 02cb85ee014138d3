"""A backup of a service at work is one instant: an incident with all its events, or not at all."""

from __future__ import annotations

import itertools
import subprocess
from pathlib import Path

from backup_site import MADE_AT, go, report, start, write_incidents
from sqlalchemy import func, select

from layers.backups import records_copy
from layers.backups.restoring import restore_backup
from layers.backups.snapshot import snapshot_records
from layers.backups.writing import write_backup
from layers.records.database import open_database, sqlite_url
from layers.records.incidents import IncidentStore
from layers.records.tables import incident, incident_event

REPORT_FIFTY_A_SECOND = """
import itertools, time
sys.path.insert(0, "tests")
from backup_site import report
from layers.records.database import open_database
from layers.records.incidents import IncidentStore

store = IncidentStore(open_database(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
begun = time.monotonic()
for number in itertools.count():
    report(store, str(number))
    print(number, flush=True)
    time.sleep(max(0.0, begun + number / 50 - time.monotonic()))
"""


def _wait_for(process: subprocess.Popen[str], count: int) -> int:
    """Return the number of the last incident that was acknowledged."""
    assert process.stdout is not None
    return int(list(itertools.islice(process.stdout, count))[-1])


def _numbers(url: str) -> set[int]:
    """Return the incidents, every one of them with both of its events."""
    database = open_database(url)
    with database.reading() as connection:
        told = set(map(int, connection.scalars(select(incident.c.id))))
        counted = connection.execute(
            select(incident_event.c.incident_id, func.count()).group_by(incident_event.c.incident_id)
        )
        assert {int(one): count for one, count in counted} == dict.fromkeys(told, 2)
    database.close()
    return told


def test_incidents_are_whole_and_none_that_was_acknowledged_is_lacking(
    data_dir: Path, database_url: str, tmp_path: Path
) -> None:
    process = start(REPORT_FIFTY_A_SECOND, database_url)
    try:
        go(process)
        for turn in range(3):
            acknowledged = _wait_for(process, 15)
            made = write_backup(data_dir, database_url, tmp_path / f"{turn}.zip", made_at=MADE_AT, program="1")
            restore_backup(tmp_path / f"{turn}.zip", tmp_path / str(turn))
            found = _numbers(sqlite_url(tmp_path / str(turn)))
            assert found == set(range(len(found)))  # a prefix of what was reported: one instant
            assert len(found) > acknowledged
            assert made.tables["incident"].rows * 2 == made.tables["incident_event"].rows
        assert process.poll() is None, "the backup disturbed the writer"
    finally:
        process.kill()
        process.communicate()


def test_rows_that_come_while_tables_are_read_are_left_out(
    data_dir: Path, database_url: str, tmp_path: Path, monkeypatch
) -> None:
    """Between one table and the next a whole incident is reported."""

    write_incidents(database_url, count=2)
    database = open_database(database_url)
    store, numbers = IncidentStore(database), itertools.count(100)
    read = records_copy._batches

    def report_before(connection, table):
        report(store, str(next(numbers)))
        return read(connection, table)

    monkeypatch.setattr(records_copy, "_batches", report_before)
    copied = snapshot_records(database_url, tmp_path / "copy.sqlite")
    database.close()
    assert copied is not None
    rows = {name: table.rows for name, table in copied.tables.items() if table.rows}
    assert rows == {"incident": 2, "incident_event": 4, "secret": 2, "audit": 2}
