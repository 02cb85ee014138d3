"""Looking through the audit: newest first, filtered, page by page, the same on both databases."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from audit_rows import BEGUN, write_rows
from signed_in import account

from layers.records import audit_search
from layers.records.audit_search import NOBODY, AuditFilter, AuditLog
from layers.records.database import Database

LI, WANG = "a" * 32, "b" * 32
ROWS = [
    {
        "account_id": (None, LI, WANG)[n % 3],
        "action": ("incident.reported", "incident.opened", "account.reset", "session.opened")[n % 4],
        "object_kind": ("incident", "account")[n % 2],
        "object_id": f"i{n % 7}",
        "detail": {"n": n},
        "at": BEGUN + timedelta(hours=n),
    }
    for n in range(50)
]


@pytest.fixture
def log(database: Database) -> AuditLog:
    write_rows(database, ROWS)
    return AuditLog(database)


def plainly(asked: AuditFilter) -> list[int]:
    """The positions that a filter asks for, newest first, by looking at every row."""
    found = []
    for pos, row in enumerate(ROWS, start=1):
        is_asked = (
            (not asked.person or row["account_id"] == (None if asked.person == NOBODY else asked.person))
            and asked.action in ("", row["action"])
            and asked.object_kind in ("", row["object_kind"])
            and asked.object_id in ("", row["object_id"])
            and (asked.since is None or row["at"] >= asked.since)
            and (asked.until is None or row["at"] < asked.until)
        )
        found += [pos] if is_asked else []
    return found[::-1]


def test_every_filter_finds_what_looking_at_every_row_finds(log):
    half = BEGUN + timedelta(hours=25)
    choices = (
        ("", LI, NOBODY, "c" * 32), ("", "incident.opened", "nothing"), ("", "account"), ("", "i3", "I3"),
        (None, half), (None, half + timedelta(hours=9)),
    )  # fmt: skip
    for values in product(*choices):
        asked = AuditFilter(*values)
        assert [one.pos for one in log.all(asked, most=1000)] == plainly(asked), asked
        page = log.page(asked, limit=5)
        assert [one.pos for one in page.entries] == plainly(asked)[:5]
        assert page.is_newest
        assert page.is_oldest == (len(plainly(asked)) <= 5)


@pytest.mark.parametrize("limit", [1, 7, 50, 100])
def test_pages_lead_to_the_oldest_row_and_back_again(log, limit):
    asked = AuditFilter()
    page, down = log.page(asked, limit=limit), []
    while True:
        down.append(page.entries)
        if page.is_oldest:
            break
        page = log.page(asked, before=page.entries[-1].pos, limit=limit)
    assert [one.pos for entries in down for one in entries] == plainly(asked)
    up = page.entries
    while not page.is_newest and len(down) > 1:
        page = log.page(asked, after=page.entries[0].pos, limit=limit)
        up = (*page.entries, *up)
    assert [one.pos for one in up] == plainly(asked)


def test_a_page_beyond_either_end_is_empty(log):
    assert log.page(AuditFilter(), before=1).entries == ()
    assert log.page(AuditFilter(), after=50).entries == ()


def test_a_row_says_all_that_was_recorded(log):
    first = log.page(AuditFilter(), before=3).entries[0]
    assert (first.pos, first.at, first.account_id, first.action) == (2, ROWS[1]["at"], LI, "incident.opened")
    assert (first.object_kind, first.object_id, first.from_addr, first.detail) == (
        "account",
        "i1",
        "127.0.0.1",
        {"n": 1},
    )


def test_what_there_is_to_choose_from(log, database):
    assert log.actions() == sorted({row["action"] for row in ROWS})
    assert log.kinds() == ["account", "incident"]
    made = account(database, "li")
    assert log.names() == {made.id: "li"}


def test_no_more_rows_are_read_than_are_asked_for(log, monkeypatch):
    monkeypatch.setattr(audit_search, "_AT_ONCE", 7)
    assert [one.pos for one in log.all(AuditFilter(), most=1000)] == plainly(AuditFilter())
    assert [one.pos for one in log.all(AuditFilter(), most=14)] == plainly(AuditFilter())[:14]
    assert [one.pos for one in log.all(AuditFilter(), most=3)] == [50, 49, 48]
    assert list(log.all(AuditFilter(), most=0)) == []
