"""The chain of the audit holds however many write at once, and its heads are noted outside the database."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import make_url, select

from layers.records.audit import COMMAND_LINE, Act, Actor, Head, broken_links, head_of, record
from layers.records.audit_heads import heads_file, noted_heads
from layers.records.audit_verified import Verified, last_verified, note_verified, verified_file
from layers.records.database_at_hand import DatabaseAtHand
from layers.records.tables import audit

ROOT = Path(__file__).parents[2]
WRITER = """
import sys
from pathlib import Path
from layers.records.audit import COMMAND_LINE, Act, record
from layers.records.database_at_hand import DatabaseAtHand
from layers.records.tables import audit
at_hand = DatabaseAtHand(sys.argv[1], data_dir=Path(sys.argv[2]))
for number in range(int(sys.argv[3])):
    with at_hand.get().writing() as connection:
        record(connection, Act(COMMAND_LINE, "incident.reported", "incident", f"{sys.argv[4]}-{number}"))
"""


def test_a_thousand_rows_of_several_threads_and_processes_are_one_chain(database_url, data_dir):
    at_hand = DatabaseAtHand(database_url, data_dir=data_dir)
    at_hand.get()
    others = [
        subprocess.Popen([sys.executable, "-c", WRITER, database_url, str(data_dir), "200", str(name)], cwd=ROOT)
        for name in range(2)
    ]

    def write(number):
        with at_hand.get().writing() as connection:
            record(connection, Act(COMMAND_LINE, "incident.reported", "incident", f"t{number}", {"名": [number, None]}))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(600)))
    assert [other.wait(60) for other in others] == [0, 0]
    heads = noted_heads(heads_file(data_dir, make_url(database_url)))
    with at_hand.get().reading() as connection:
        assert broken_links(connection, heads=heads) == []
        head = head_of(connection)
    at_hand.close()
    assert head.pos == 1000
    assert heads[1000] == head.hash
    assert len(heads) == 1000


def test_a_transaction_that_fails_leaves_no_row_and_no_head(database_url, data_dir):
    at_hand = DatabaseAtHand(database_url, data_dir=data_dir)
    with suppress(ZeroDivisionError), at_hand.get().writing() as connection:
        record(connection, Act(COMMAND_LINE, "incident.reported", "incident"))
        assert 1 / 0
    with at_hand.get().reading() as connection:
        assert head_of(connection).pos == 0
    at_hand.close()
    assert noted_heads(heads_file(data_dir, make_url(database_url))) == {}


def test_a_check_is_noted_beside_the_heads(tmp_path):
    heads = heads_file(tmp_path, make_url("sqlite:////x/app.sqlite"))
    path = verified_file(heads)
    assert path != heads
    assert last_verified(path) is None
    found = Verified(datetime(2026, 11, 29, 20, 0, tzinfo=UTC), Head(12, "f" * 64), 3)
    note_verified(path, found)
    assert last_verified(path) == found
    for damaged in ("", "{}", "[]", '{"at": "x", "pos": 1, "hash": "", "broken": 0}', '{"at": 7}'):
        path.write_text(damaged)
        assert last_verified(path) is None


def test_what_no_database_keeps_stands_replaced_in_a_sealed_row(database):
    odd = Act(Actor(from_addr="a\0b"), "x.done", "x", "\ud800id", {"k\0": ["\0", {"v": "half \ud83d"}], "n": 1.5})
    with database.writing() as connection:
        record(connection, odd)
    with database.reading() as connection:
        row = connection.execute(select(audit)).one()
        assert broken_links(connection) == []
    assert (row.object_id, row.from_addr) == ("\ufffdid", "a\ufffdb")
    assert row.detail == {"k\ufffd": ["\ufffd", {"v": "half \ufffd"}], "n": 1.5}
