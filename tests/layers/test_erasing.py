"""Names and numbers are erased when their day has come: once, by however many servers, with one row in the audit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from publication_rows import HEARD, published, remark
from scenario_rows import acts
from sqlalchemy import select, update

from layers.records.audit import THE_SERVICE, Act
from layers.records.database import Database, open_database
from layers.records.erasing import Erased, erase_due
from layers.records.hearings import HearingStore, contact_kept_until
from layers.records.tables import secret

DUE = Act(THE_SERVICE, "secret.erased", "secret")
NAMES = ("王秀英", "李大山", "赵小兰")


@pytest.fixture
def ids(database: Database, data_dir: Path) -> list[str]:
    """Three remarks with name and telephone; those of the first two are due."""
    publication, hearings = published(database, data_dir), HearingStore(database)
    made = [
        hearings.receive(remark(k, name=name, phone=f"1380000000{k}"), act=HEARD)[0].id for k, name in enumerate(NAMES)
    ]
    with database.writing() as connection:
        due = secret.c.erase_after.is_not(None) & secret.c.subject_id.in_(made[:2])
        past = contact_kept_until(publication) - timedelta(days=800)
        connection.execute(update(secret).where(due).values(erase_after=past))
    return made


def values(database: Database) -> dict[tuple[str, str], str]:
    with database.reading() as connection:
        return {(row.subject_id, row.field): row.value for row in connection.execute(select(secret))}


def test_what_is_due_is_erased_once_and_all_else_stays(database: Database, ids: list[str]) -> None:
    before = values(database)
    first = erase_due(database, act=DUE)
    assert first.count == 4
    assert first.following is not None
    due = {(id_, field) for id_ in ids[:2] for field in ("name", "phone")}
    assert values(database) == {key: "" if key in due else value for key, value in before.items()}
    assert erase_due(database, act=DUE) == Erased(0, first.following)
    assert [one for one in acts(database) if one[0] == "secret.erased"] == [
        ("secret.erased", "secret", "", {"erased_values": 4})
    ]
    found = HearingStore(database).with_person("yanglao-2026", ids[0], act=HEARD)
    assert found is not None
    assert (found.text, found.name, found.phone) == ("第0条意见", "", "")


def test_several_servers_at_once_erase_once(database: Database, database_url: str, ids: list[str]) -> None:
    others = [open_database(database_url) for _server in range(3)]
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda one: erase_due(one, act=DUE).count, [database, *others] * 3))
    for other in others:
        other.close()
    assert sorted(done) == [0] * 11 + [4]
    assert sum(one[0] == "secret.erased" for one in acts(database)) == 1


def test_nothing_is_written_where_nothing_is_due(database: Database, data_dir: Path) -> None:
    assert erase_due(database, act=DUE) == Erased(0, None)
    publication = published(database, data_dir)
    HearingStore(database).receive(remark(1, name="王秀英"), act=HEARD)
    assert erase_due(database, act=DUE) == Erased(0, contact_kept_until(publication))
    assert len(acts(database)) == 2


def test_what_is_erased_is_gone_from_the_file(database: Database, data_dir: Path, ids: list[str]) -> None:
    if not list(data_dir.glob("app.sqlite")):
        pytest.skip("of a server, whose files are its own")
    erase_due(database, act=DUE)
    database.close()
    rest = b"".join(path.read_bytes() for path in data_dir.glob("app.sqlite*"))
    assert ids[0].encode() in rest
    assert NAMES[0].encode() not in rest
    assert NAMES[2].encode() in rest
