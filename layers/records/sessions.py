"""Whoever holds a key: browsers, programs, one-time links. Only hashes of keys are stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from layers.records.audit import Act, record
from layers.records.database import Database
from layers.records.grants import Grant, grants_of
from layers.records.grounds import Grounds, stand_on
from layers.records.session_rows import SIGNED_IN, Kind, hash_of, insert_session
from layers.records.tables import account as account_table
from layers.records.tables import session as session_table

IDLE = timedelta(hours=12)
"""A browser that nobody has used for a working day has to sign in again."""
_REMEMBERED = timedelta(days=30)  # a session that is over, so that it can be looked into
_SEEN_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True)
class Session:
    """One row without its key.

    Parameters
    ----------
    id
    account_id
    kind
    label
        What its owner calls it, or what the browser calls itself.
    scopes
        ``write`` if it may change anything.
    created_at, seen_at, expires_at, revoked_at
    """

    id: str
    account_id: str | None
    kind: str
    label: str
    scopes: tuple[str, ...]
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    revoked_at: datetime | None

    def is_good(self, now: datetime) -> bool:
        """Tell whether its key is accepted at an instant."""
        is_idle = self.kind == "browser" and now - self.seen_at > IDLE
        return self.revoked_at is None and now < self.expires_at and not is_idle


@dataclass(frozen=True)
class Holder:
    """Who holds the key of a session that is good.

    Parameters
    ----------
    session
    name, display, lang
        Of the account; ``lang`` is empty where nothing is preferred.
    must_change
        Whether the password has to be changed first.
    grants
        All that were ever given.
    """

    session: Session
    name: str
    display: str
    lang: str
    must_change: bool
    grants: tuple[Grant, ...]


class SessionStore:
    """Sessions in a database.

    Parameters
    ----------
    database
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(
        self,
        account_id: str | None,
        kind: Kind,
        *,
        label: str,
        lasting: timedelta,
        now: datetime,
        act: Act | None,
        scopes: Sequence[str] = ("read", "write"),
        instead_of: str | None = None,
        grounds: Grounds | None = None,
    ) -> tuple[str, Session]:
        """Make a key.

        Parameters
        ----------
        account_id
            ``None`` for a set-up code.
        kind, label, lasting, now, scopes
        act
            Recorded with the session's id; ``None`` for what no person did.
        instead_of
            A session that ends with this one's beginning.
        grounds
            On what its owner gets it; none for what nobody has to prove.

        Returns
        -------
        key, session
            The key is stored nowhere.

        Raises
        ------
        GroundsGoneError
            If they ended meanwhile.
        """
        with self._database.writing() as connection:
            if account_id is not None and grounds is not None:
                stand_on(connection, account_id, grounds, now=now)
            connection.execute(delete(session_table).where(session_table.c.expires_at < now - _REMEMBERED))
            key, row = insert_session(
                connection, account_id, kind, lasting=lasting, now=now, label=label, scopes=scopes
            )
            if instead_of is not None:
                _revoke(connection, session_table.c.id == instead_of, now)
            if act is not None:
                record(connection, act.about(str(row["id"])), at=now)
        return key, _session(row)

    def holder_of(self, key: str, *, now: datetime) -> Holder | None:
        """Return who holds a key that signs in, ``None`` if nobody does, or may no longer."""
        with self._database.reading() as connection:
            row = connection.execute(_WITH_ACCOUNT.where(session_table.c.key_hash == hash_of(key))).first()
            if row is None or row.disabled_at is not None or row.kind not in SIGNED_IN:
                return None
            session = _session(row._asdict())
            if not self._is_good(session, now):
                return None
            grants = grants_of(connection, [str(session.account_id)]).get(str(session.account_id), ())
        lang = str(row.prefs.get("lang", ""))
        return Holder(session, row.name, row.display, lang, row.must_change, grants)

    def seen(self, session: Session, *, now: datetime) -> None:
        """Note that a session is in use, at most once a minute."""
        if now - session.seen_at < _SEEN_AGAIN:
            return
        with self._database.writing() as connection:
            connection.execute(update(session_table).where(session_table.c.id == session.id).values(seen_at=now))

    def one_time(self, key: str, kind: Kind, *, now: datetime) -> Session | None:
        """Return the one-time session of a key if it may still be used."""
        asked = select(session_table).where(session_table.c.key_hash == hash_of(key), session_table.c.kind == kind)
        with self._database.reading() as connection:
            row = connection.execute(asked).first()
        session = _session(row._asdict()) if row else None
        return session if session is not None and self._is_good(session, now) else None

    def of_account(self, account_id: str, *, now: datetime) -> list[Session]:
        """Return the sessions of an account that are good, the latest used first."""
        asked = select(session_table).where(
            session_table.c.account_id == account_id, session_table.c.kind.in_(SIGNED_IN)
        )
        with self._database.reading() as connection:
            rows = connection.execute(asked.order_by(session_table.c.seen_at.desc())).all()
        return [session for row in rows if self._is_good(session := _session(row._asdict()), now)]

    def revoke(self, session_id: str, *, account_id: str, act: Act, now: datetime) -> bool:
        """End a session of an account; false if it has none of this id."""
        if not session_id.isalnum():  # PostgreSQL would not even compare a text that holds NUL
            return False
        with self._database.writing() as connection:
            mine = (session_table.c.id == session_id) & (session_table.c.account_id == account_id)
            is_ended = _revoke(connection, mine, now)
            if is_ended:
                record(connection, act, at=now)
        return is_ended

    def _is_good(self, session: Session, now: datetime) -> bool:
        since = self._database.keys_since
        return session.is_good(now) and (since is None or session.created_at > since)


_WITH_ACCOUNT = select(
    session_table, account_table.c.name, account_table.c.display, account_table.c.prefs, account_table.c.must_change,
    account_table.c.disabled_at,
).join(account_table, account_table.c.id == session_table.c.account_id)  # fmt: skip


def _revoke(connection: Connection, which: Any, now: datetime) -> bool:
    still = session_table.c.revoked_at.is_(None)
    return connection.execute(update(session_table).where(which, still).values(revoked_at=now)).rowcount == 1


def _session(row: Row[Any] | dict[str, Any]) -> Session:
    values = dict(row)
    return Session(
        values["id"],
        values["account_id"],
        values["kind"],
        values["label"],
        tuple(values["scopes"]),
        values["created_at"],
        values["seen_at"],
        values["expires_at"],
        values["revoked_at"],
    )
