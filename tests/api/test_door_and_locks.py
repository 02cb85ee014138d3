"""A database that cannot be written for a while keeps nobody from reading."""

import time

from callers import call
from signed_in import account, key_for

from api.auth import COOKIE
from api.settings import Settings
from layers.records.database_faults import DatabaseDownError
from layers.records.sessions import SessionStore


def test_who_is_signed_in_reads_on_while_nothing_can_be_written(toy_data, database_url, monkeypatch):
    with call(Settings(data=toy_data, database_url=database_url)) as client:
        database = client.app.state.workplace.database.get()
        client.cookies.set(COOKIE, key_for(database, account(database, "wang", ("planner", "county", "*"))))
        waited = []

        def locked(*_given, **_options):
            waited.append(time.sleep(0.2))
            raise DatabaseDownError("busy")

        monkeypatch.setattr(SessionStore, "seen", locked)
        assert [client.get("/api/me").status_code for _ in range(5)] == [200] * 5
        assert len(waited) == 1, "only the first waits"
