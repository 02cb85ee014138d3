"""Whoever changes the audit in the database itself is found out, however it is done; both kinds of database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from audit_rows import sealed, write_rows
from sqlalchemy import Connection, delete, insert, select, text, update
from sqlalchemy.exc import DatabaseError

from layers.records.audit import COMMAND_LINE, Act, Broken, broken_links, head_of, record, row_hash
from layers.records.audit_heads import note_head, noted_heads
from layers.records.database import Database
from layers.records.tables import audit

COUNT = 12
OTHER = "f" * 64
Tampering = Callable[[Connection], None]


@pytest.fixture
def chain(database: Database) -> Database:
    """A dozen sound rows by two people."""
    write_rows(database, ({"account_id": "a" * 32 if n % 2 else None, "detail": {"n": n}} for n in range(COUNT)))
    return database


@contextmanager
def off_guard(connection: Connection) -> Iterator[None]:
    """Take the triggers away, and put them back, as somebody would who owns the database."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE audit DISABLE TRIGGER audit_no_change"))
        yield
        connection.execute(text("ALTER TABLE audit ENABLE TRIGGER audit_no_change"))
        return
    asked = text("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'audit'")
    triggers = connection.execute(asked).all()
    for name, _sql in triggers:
        connection.execute(text(f"DROP TRIGGER {name}"))
    yield
    for _name, sql in triggers:
        connection.execute(text(sql))


def row_at(connection: Connection, pos: int) -> dict[str, Any]:
    return dict(connection.execute(select(audit).where(audit.c.pos == pos)).mappings().one())


def change(at: int, **values: Any) -> Tampering:
    return lambda connection: connection.execute(update(audit).where(audit.c.pos == at).values(values))


def remove(*positions: int) -> Tampering:
    return lambda connection: connection.execute(delete(audit).where(audit.c.pos.in_(positions)))


def earlier(connection: Connection) -> None:
    at = row_at(connection, 5)["at"]
    connection.execute(update(audit).where(audit.c.pos == 5).values(at=at.replace(microsecond=0)))


def insert_between(connection: Connection) -> None:
    """Make room, put a row in, and seal that row."""
    for pos in range(COUNT, 5, -1):
        connection.execute(update(audit).where(audit.c.pos == pos).values(pos=pos + 1))
    before = row_at(connection, 5)
    new = {**row_at(connection, 7), "pos": 6, "object_id": "forged", "prev_hash": before["hash"]}
    connection.execute(insert(audit), [{**new, "hash": row_hash(new)}])


def insert_at_the_end(connection: Connection) -> None:
    last = row_at(connection, COUNT)
    connection.execute(insert(audit), [{**last, "pos": COUNT + 1, "prev_hash": last["hash"], "hash": OTHER}])


def insert_with_a_gap(connection: Connection) -> None:
    last = row_at(connection, COUNT)
    new = {**last, "pos": COUNT + 2, "prev_hash": last["hash"]}
    connection.execute(insert(audit), [{**new, "hash": row_hash(new)}])


def swap(connection: Connection) -> None:
    connection.execute(update(audit).where(audit.c.pos == 4).values(pos=99))
    connection.execute(update(audit).where(audit.c.pos == 5).values(pos=4))
    connection.execute(update(audit).where(audit.c.pos == 99).values(pos=5))


def renumber(connection: Connection) -> None:
    """Delete a row and close the gap."""
    connection.execute(delete(audit).where(audit.c.pos == 6))
    for pos in range(7, COUNT + 1):
        connection.execute(update(audit).where(audit.c.pos == pos).values(pos=pos - 1))


def reseal_one(connection: Connection) -> None:
    row = {**row_at(connection, 6), "action": "nothing.done"}
    connection.execute(update(audit).where(audit.c.pos == 6).values(action=row["action"], hash=row_hash(row)))


def reseal_from(connection: Connection, begin: int = 6) -> None:
    """Change a row and seal it and all that follow anew: the chain itself holds again."""
    hash_ = row_at(connection, begin - 1)["hash"] if begin > 1 else None
    for pos in range(begin, COUNT + 1):
        row = row_at(connection, pos)
        row |= {"object_id": "forged"} if pos == begin else {}
        row |= {"prev_hash": hash_ or row["prev_hash"]}
        hash_ = row_hash(row)
        values = {"object_id": row["object_id"], "prev_hash": row["prev_hash"], "hash": hash_}
        connection.execute(update(audit).where(audit.c.pos == pos).values(values))


def reseal_the_last(connection: Connection) -> None:
    reseal_from(connection, COUNT)


def write_another_chain(connection: Connection) -> None:
    connection.execute(delete(audit))
    connection.execute(insert(audit), sealed({"object_id": "forged"} for _ in range(COUNT)))


def write_a_longer_chain(connection: Connection) -> None:
    connection.execute(delete(audit))
    connection.execute(insert(audit), sealed({"object_id": "forged"} for _ in range(2 * COUNT)))


TAMPERINGS: dict[str, tuple[Tampering, set[tuple[int, str]]]] = {
    "position": (change(12, pos=13), {(13, "missing"), (13, "changed")}),
    "instant": (earlier, {(5, "changed")}),
    "who": (change(5, account_id="b" * 32), {(5, "changed")}),
    "nobody": (change(6, account_id=None), {(6, "changed")}),
    "session": (change(5, session_id="c" * 32), {(5, "changed")}),
    "action": (change(5, action="incident.opened"), {(5, "changed")}),
    "kind of object": (change(5, object_kind="run"), {(5, "changed")}),
    "object": (change(5, object_id="i6"), {(5, "changed")}),
    "address": (change(5, from_addr="10.0.0.1"), {(5, "changed")}),
    "detail": (change(5, detail={"n": 5}), {(5, "changed")}),
    "detail emptied": (change(5, detail={}), {(5, "changed")}),
    "hash of the row before": (change(5, prev_hash=OTHER), {(5, "unlinked"), (5, "changed")}),
    "hash": (change(5, hash=OTHER), {(5, "changed"), (6, "unlinked")}),
    "hash of the last row": (change(COUNT, hash=OTHER), {(COUNT, "changed")}),
    "first row gone": (remove(1), {(2, "missing")}),
    "middle row gone": (remove(6), {(7, "missing")}),
    "several rows gone": (remove(3, 4, 8), {(5, "missing"), (9, "missing")}),
    "last row gone": (remove(COUNT), {(COUNT, "cut")}),
    "all rows gone": (remove(*range(1, COUNT + 1)), {(COUNT, "cut")}),
    "row inserted between": (insert_between, {(7, "unlinked"), (7, "changed")}),
    "row inserted at the end": (insert_at_the_end, {(COUNT + 1, "changed")}),
    "row inserted after a gap": (insert_with_a_gap, {(COUNT + 2, "missing")}),
    "two rows swapped": (swap, {(4, "unlinked"), (4, "changed"), (5, "changed")}),
    "row gone and the rest renumbered": (renumber, {(6, "unlinked"), (6, "changed"), (7, "changed")}),
    "one row sealed anew": (reseal_one, {(7, "unlinked")}),
    "all sealed anew from a row on": (reseal_from, {(COUNT, "cut")}),
    "last row sealed anew": (reseal_the_last, {(COUNT, "cut")}),
    "another chain in its place": (write_another_chain, {(COUNT, "cut")}),
    "a longer chain in its place": (write_a_longer_chain, {(COUNT, "cut")}),
}


def test_every_tampering_is_found_where_it_was_done(chain, tmp_path):
    noted = tmp_path / "heads.txt"
    with chain.reading() as connection:
        note_head(noted, head_of(connection))
        assert broken_links(connection, heads=noted_heads(noted)) == []
    missed = {name: found for name in TAMPERINGS if (found := missed_of(chain, name, noted)) is not None}
    assert missed == {}
    with chain.reading() as connection:
        assert broken_links(connection, heads=noted_heads(noted)) == []


def missed_of(chain: Database, name: str, noted: Path) -> list[Broken] | None:
    """Tamper and look; return what was found where that is not what was expected."""
    tampering, expected = TAMPERINGS[name]
    found: list[Broken] = []
    with undone(chain) as connection:
        with off_guard(connection):
            tampering(connection)
        found = broken_links(connection, heads=noted_heads(noted))
    told = {(one.pos, one.code) for one in found}
    return None if expected <= told and (0, "unguarded") not in told else found


class UndoneError(Exception):
    """Rolls back what was done."""


@contextmanager
def undone(database: Database) -> Iterator[Connection]:
    """Yield a connection; what is done with it is undone."""
    with suppress(UndoneError), database.writing() as connection:
        yield connection
        raise UndoneError


@pytest.mark.parametrize("verb", ["UPDATE audit SET action = 'x'", "DELETE FROM audit", "UPDATE audit SET pos = pos"])
def test_while_it_stands_guard_the_database_refuses(chain, verb):
    with pytest.raises(DatabaseError, match="append-only"), chain.writing() as connection:
        connection.execute(text(verb))
    with chain.reading() as connection:
        assert broken_links(connection) == []


def test_a_guard_that_was_taken_away_is_missed(chain):
    is_sqlite = chain.engine.dialect.name == "sqlite"
    with chain.writing() as connection:
        connection.execute(
            text("DROP TRIGGER audit_no_delete" if is_sqlite else "DROP TRIGGER audit_no_change ON audit")
        )
    with chain.reading() as connection:
        assert [(one.pos, one.code) for one in broken_links(connection)] == [(0, "unguarded")]


def hollow_guards(connection: Connection) -> list[list[str]]:
    """Return ways to put something harmless under the name of a guard, each some statements."""
    if connection.dialect.name == "sqlite":
        real = "BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END"
        hollow = [
            "UPDATE ON audit BEGIN SELECT 1; END",
            f"UPDATE ON audit WHEN 0 {real}",
            f"UPDATE OF pos ON audit {real}",
        ]
        make = "CREATE TRIGGER audit_no_update BEFORE"
        return [["DROP TRIGGER audit_no_update", f"{make} {what}"] for what in hollow]
    refuse = "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    idle = "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$"
    make = f"CREATE TRIGGER audit_no_change BEFORE UPDATE ON audit {refuse}"
    return [
        ["DROP TRIGGER audit_no_change ON audit", make],
        ["ALTER TABLE audit DISABLE TRIGGER audit_no_change"],
        [idle],
    ]


def test_a_guard_that_was_hollowed_out_is_missed(chain):
    with chain.reading() as connection:
        ways = hollow_guards(connection)
    for statements in ways:
        with undone(chain) as connection:
            for statement in statements:
                connection.execute(text(statement))
            assert [(one.pos, one.code) for one in broken_links(connection)] == [(0, "unguarded")], statements


def test_what_cannot_even_be_read_is_found(chain):
    if chain.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL keeps types")
    for written in ("at = 'yesterday'", "at = 7", "at = x'00'", "detail = '{'", "detail = x'ff'", "action = x'00'",
                    "pos = 'twelve'"):  # fmt: skip
        with undone(chain) as connection:
            with off_guard(connection):
                connection.execute(text(f"UPDATE audit SET {written} WHERE pos = {COUNT}"))
            assert (COUNT, "changed") in {(one.pos, one.code) for one in broken_links(connection)}, written


def test_work_goes_on_after_a_tampering_and_does_not_hide_it(chain):
    with chain.writing() as connection, off_guard(connection):
        change(5, action="nothing.done")(connection)
    with chain.writing() as connection:
        record(connection, Act(COMMAND_LINE, "account.added", "account"))
    with chain.reading() as connection:
        assert [(one.pos, one.code) for one in broken_links(connection)] == [(5, "changed")]
