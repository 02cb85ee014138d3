"""The audit: one row for every change and every opening of a person's data, each sealed by the row before it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, String, insert, select, text, type_coerce

from layers.records.plain import plain, storable
from layers.records.tables import audit as audit_table

FIRST_HASH = "0" * 64
"""What the first row is chained to."""
_GUARDS_SQLITE = {
    f"CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON audit "
    "BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END"
    for verb in ("UPDATE", "DELETE")
}
_GUARD_POSTGRESQL = 2 + 8 + 16 + 32  # tgtype: BEFORE a statement of DELETE, UPDATE or TRUNCATE
_CHAIN_LOCK = 371424_002
"""Key of the advisory lock that lets one transaction of a PostgreSQL database lengthen the chain at a time."""


NEW_HEAD = "audit head"
"""Under this name a connection carries the head that its transaction will leave."""


@dataclass(frozen=True)
class Head:
    """The last row of a chain: whoever keeps it elsewhere can tell whether the chain still leads there."""

    pos: int
    hash: str


@dataclass(frozen=True)
class Actor:
    """Who acts, and from where.

    Parameters
    ----------
    account_id
        ``None`` in solo mode and on the command line.
    session_id
        Which of the account's sessions, if any.
    from_addr
        Address of the caller, ``command line`` or ``service``.
    """

    account_id: str | None = None
    session_id: str | None = None
    from_addr: str = "command line"


COMMAND_LINE = Actor()
THE_SERVICE = Actor(from_addr="service")
"""What the service does by itself, such as erasing what is due, or naming what a run came to."""


@dataclass(frozen=True)
class Act:
    """What somebody did to what.

    Parameters
    ----------
    actor
    action
        A noun and what was done with it, such as ``account.disabled``.
    object_kind, object_id
        What it was done to.
    detail
        Plain values that tell more; never a secret, never a person's data.
    """

    actor: Actor
    action: str
    object_kind: str
    object_id: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)

    def about(self, object_id: str) -> Act:
        """Return the same act with what it was done to."""
        return dataclasses.replace(self, object_id=object_id)


_NEW_ROW = insert(audit_table)
_LOCK_CHAIN = text("SELECT pg_advisory_xact_lock(:key)")
_LAST_ROW = select(audit_table.c.pos, audit_table.c.hash).order_by(audit_table.c.pos.desc()).limit(1)


def record(connection: Connection, act: Act, *, at: datetime | None = None) -> None:
    """Append one row to the chain, in the transaction of what was done.

    Parameters
    ----------
    connection
        In a writing transaction; on PostgreSQL others who write wait from here until it ends, so call this last.
    act
    at
        Now, if not given.
    """
    record_all(connection, [act], at=at)


def record_all(connection: Connection, acts: Sequence[Act], *, at: datetime | None = None) -> None:
    """Append a row an act to the chain, in their order, as ``record`` does."""
    if not acts:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK_CHAIN, {"key": _CHAIN_LOCK})
    last = connection.execute(_LAST_ROW).first()
    pos, sealed_by = (last.pos, last.hash) if last else (0, FIRST_HASH)
    rows = []
    for act in acts:
        pos += 1
        row = _row(act, pos=pos, at=at or datetime.now(UTC), sealed_by=sealed_by)
        sealed_by = row_hash(row)
        rows.append({**row, "hash": sealed_by})
    connection.execute(_NEW_ROW, rows)
    connection.info[NEW_HEAD] = Head(pos, sealed_by)


def _row(act: Act, *, pos: int, at: datetime, sealed_by: str) -> dict[str, Any]:
    return {
        "pos": pos,
        "at": at.astimezone(UTC),
        "account_id": act.actor.account_id,
        "session_id": act.actor.session_id,
        "action": act.action,
        "object_kind": act.object_kind,
        "object_id": storable(act.object_id[:100]),
        "from_addr": storable(act.actor.from_addr[:64]),
        "detail": storable(json.loads(json.dumps(dict(act.detail), ensure_ascii=False))),
        "prev_hash": sealed_by,
    }


def row_hash(row: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a row's content and of the hash before it.

    Parameters
    ----------
    row
        All columns but ``hash``.
    """
    sealed = plain({name: value for name, value in row.items() if name != "hash"})
    return hashlib.sha256(json.dumps(sealed, ensure_ascii=False, sort_keys=True).encode("utf-8")).hexdigest()


@dataclass(frozen=True)
class Broken:
    """Where the chain does not hold.

    Parameters
    ----------
    pos
        Of the row.
    code
        ``changed`` (the content is not what was sealed), ``unlinked`` (it is not sealed by the row before),
        ``missing`` (rows before it are gone), ``cut`` (a row that was noted outside the database is gone or another),
        ``unguarded`` (nothing in the database refuses changes any more; position 0).
    """

    pos: int
    code: str


def head_of(connection: Connection) -> Head:
    """Return the last row's position and hash."""
    last = connection.execute(_LAST_ROW).first()
    return Head(last.pos, last.hash) if last else Head(0, FIRST_HASH)


def broken_links(connection: Connection, *, heads: Mapping[int, str] | None = None) -> list[Broken]:
    """Return every place where the chain does not hold, in order.

    Parameters
    ----------
    connection
    heads
        Hashes by position that were noted outside the database.
    """
    noted = dict(heads or {})
    found: list[Broken] = []
    before = Head(0, FIRST_HASH)
    for row in _rows(connection):
        if not isinstance(row.pos, int):  # SQLite keeps whatever it is given
            found.append(Broken(before.pos + 1, "changed"))
            continue
        found += _faults_of(row, before)
        if noted.pop(row.pos, row.hash) != row.hash:
            found.append(Broken(row.pos, "cut"))
        before = Head(row.pos, row.hash)
    found += [Broken(pos, "cut") for pos in sorted(noted) if pos > 0]
    return found if is_guarded(connection) else [Broken(0, "unguarded"), *found]


def is_guarded(connection: Connection) -> bool:
    """Tell whether the database itself refuses to change or delete rows."""
    if connection.dialect.name == "sqlite":
        asked = text("SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'audit'")
        return {" ".join(str(sql).split()) for (sql,) in connection.execute(asked)} >= _GUARDS_SQLITE
    asked = text(
        "SELECT count(*) FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
        "WHERE tgrelid = to_regclass('audit') AND tgenabled IN ('O', 'A') AND tgqual IS NULL "
        "AND tgtype = :kind AND prosrc LIKE ' BEGIN RAISE EXCEPTION %'"
    )
    return bool(connection.scalar(asked, {"kind": _GUARD_POSTGRESQL}))


def _faults_of(row: Row[Any], before: Head) -> Iterator[Broken]:
    if row.pos != before.pos + 1:
        yield Broken(row.pos, "missing")
    elif row.prev_hash != before.hash:
        yield Broken(row.pos, "unlinked")
    if _sealed_again(row) != row.hash:
        yield Broken(row.pos, "changed")


def _rows(connection: Connection) -> Iterator[Row[Any]]:
    """Yield the rows in order; those of SQLite as they are written, since anything at all may stand there."""
    written = {"at", "detail"} if connection.dialect.name == "sqlite" else set()
    columns = [type_coerce(one, String).label(one.name) if one.name in written else one for one in audit_table.c]
    ordered = select(*columns).order_by(audit_table.c.pos).execution_options(yield_per=1000)
    yield from connection.execute(ordered)


def _sealed_again(row: Row[Any]) -> str | None:
    """Return the hash of what a row says, ``None`` if that cannot be read."""
    content = row._asdict()
    try:
        if not isinstance(content["at"], datetime):
            content["at"] = datetime.fromisoformat(content["at"]).replace(tzinfo=UTC)
            content["detail"] = json.loads(content["detail"])
        return row_hash(content)
    except (TypeError, ValueError):
        return None
