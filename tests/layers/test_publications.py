"""The register of publications: entered with their files in one transaction, withdrawn once, never changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from backup_site import MADE_AT, write_county
from publication_rows import AT, BODY, PUBLISHED, WITHDRAWN, closed, new_publication, published
from scenario_rows import acts
from sqlalchemy import select

from gis.faults import FaultsError
from layers.backups.restoring import restore_backup
from layers.backups.writing import write_backup
from layers.records import publications as publications_module
from layers.records.database import Database, open_database, sqlite_url
from layers.records.files import FileStore
from layers.records.publications import PublicationStore
from layers.records.tables import file as file_table


@pytest.fixture
def store(database: Database) -> PublicationStore:
    return PublicationStore(database)


def test_what_is_published_stands_in_the_register_with_its_file(
    database: Database, store: PublicationStore, data_dir: Path
) -> None:
    made = published(database, data_dir)
    assert (made.title, made.runs, made.by_id, made.stage(AT)) == ("养老中心选址公示", ("e" * 32,), "b" * 32, "open")
    assert made.stage(made.closes_at) == "closed"
    assert FileStore(data_dir).read(made.body_sha) == BODY
    with database.reading() as connection:
        assert list(connection.scalars(select(file_table.c.sha))) == [made.body_sha]
    assert store.get(made.slug) == made
    assert acts(database) == [("publication.published", "publication", made.slug, {"sha": made.body_sha})]


def test_the_newest_come_first_and_those_withdrawn_stay(
    database: Database, store: PublicationStore, data_dir: Path
) -> None:
    older, newer = closed(database, data_dir), published(database, data_dir)
    withdrawn = store.withdraw(older.slug, " 数据有误\r\n另行公示 ", act=WITHDRAWN)
    assert withdrawn is not None
    assert (withdrawn.reason, withdrawn.withdrawn_by, withdrawn.stage(AT)) == (
        "数据有误\n另行公示",
        "b" * 32,
        "withdrawn",
    )
    assert store.register() == [newer, withdrawn]
    assert store.withdraw(older.slug, "又一个理由", act=WITHDRAWN) == withdrawn, "its first reason stays"
    assert [action for action, *_ in acts(database)][2:] == ["publication.withdrawn"]
    assert store.withdraw("none-of-these", "理由", act=WITHDRAWN) is None


def test_a_name_is_given_once(database: Database, store: PublicationStore, data_dir: Path) -> None:
    made = published(database, data_dir)
    with pytest.raises(FaultsError, match="publication-slug-taken"):
        store.publish(new_publication(data_dir, body=b"{}"), act=PUBLISHED)
    assert store.register() == [made]


def test_everything_that_is_wrong_is_told_and_nothing_is_kept(
    database: Database, store: PublicationStore, data_dir: Path
) -> None:
    wrong = replace(new_publication(data_dir, slug="公示"), title="x" * 121, text="\x00", closes_at=AT)
    with pytest.raises(FaultsError) as error:
        store.publish(wrong, act=PUBLISHED)
    assert [fault.code for fault in error.value.faults] == [
        "publication-bad-slug",
        "publication-bad-title",
        "publication-bad-text",
        "publication-closes-early",
    ]
    published(database, data_dir)
    for reason in ("", " \n", "x" * 1001, "\ud800"):
        with pytest.raises(FaultsError, match="publication-bad-reason"):
            store.withdraw("yanglao-2026", reason, act=WITHDRAWN)
    assert len(acts(database)) == 1


@pytest.mark.parametrize("slug", ["", "a", "-ab", "ab-", "A-b", "a b", "a/b", "..", "a\x00b", "x" * 61])
def test_names_that_no_address_has_are_none(store: PublicationStore, data_dir: Path, slug: str) -> None:
    assert store.get(slug) is None
    with pytest.raises(FaultsError, match="publication-bad-slug"):
        store.publish(new_publication(data_dir, slug=slug), act=PUBLISHED)


def test_killed_before_its_end_a_publication_is_not_there(
    database: Database, store: PublicationStore, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(publications_module, "record", killed)
    with pytest.raises(KeyboardInterrupt):
        published(database, data_dir)
    assert store.register() == []
    with database.reading() as connection:
        assert list(connection.scalars(select(file_table.c.sha))) == []
    monkeypatch.undo()
    assert published(database, data_dir).slug == "yanglao-2026"


def test_a_backup_holds_the_frozen_version(data_dir: Path, database_url: str, tmp_path: Path) -> None:
    write_county(data_dir)
    database = open_database(database_url)
    made = published(database, data_dir)
    database.close()
    write_backup(data_dir, database_url, tmp_path / "b.zip", made_at=MADE_AT, program="1")
    restore_backup(tmp_path / "b.zip", tmp_path / "new")
    restored = open_database(sqlite_url(tmp_path / "new"))
    assert PublicationStore(restored).register() == [made]
    restored.close()
    assert FileStore(tmp_path / "new").read(made.body_sha) == BODY
