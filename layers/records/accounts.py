"""Accounts and what they may do."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from gis.faults import Fault, FaultsError
from layers.records.account_names import tidy_display, tidy_name
from layers.records.audit import Act, record
from layers.records.database import Database
from layers.records.grants import Grant, grants_of, insert_grants
from layers.records.grounds import Grounds, stand_on
from layers.records.session_rows import end_sessions
from layers.records.tables import account as account_table
from layers.records.tables import run as run_table
from layers.records.tables import scenario as scenario_table

_FIRST_LOCK = 371424_003


@dataclass(frozen=True)
class Account:
    """Who may sign in.

    Parameters
    ----------
    id
    name
        What is typed at sign-in.
    display
        What others see.
    prefs
        Such as ``lang``.
    must_change
        Whether the password is to be changed at the next sign-in.
    has_password
        ``False`` until an invitation is accepted.
    disabled_at
        Since when it may not sign in.
    created_at
    grants
        All that were ever given; ``Grant.holds`` tells which hold.
    version
        Counts changes.
    """

    id: str
    name: str
    display: str
    prefs: Mapping[str, Any]
    must_change: bool
    has_password: bool
    disabled_at: datetime | None
    created_at: datetime
    grants: tuple[Grant, ...] = field(default=())
    version: int = 1


@dataclass(frozen=True)
class NewAccount:
    """An account to be added.

    Parameters
    ----------
    name, display
    grants
    password_hash
        ``None`` if the person is invited to choose a password.
    must_change
        Whether the password is to be changed at the next sign-in.
    """

    name: str
    display: str = ""
    grants: tuple[Grant, ...] = ()
    password_hash: str | None = None
    must_change: bool = False


class AccountStore:
    """Accounts in a database.

    Parameters
    ----------
    database
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def is_any(self) -> bool:
        """Tell whether there is an account at all."""
        with self._database.reading() as connection:
            return connection.scalar(select(account_table.c.id).limit(1)) is not None

    def get(self, account_id: str) -> Account | None:
        """Return an account, ``None`` if there is none of this id."""
        return next(iter(self._read(account_table.c.id == account_id)), None)

    def by_name(self, name: str) -> tuple[Account, str | None] | None:
        """Return the account of a name, however it is written, with the hash of its password."""
        try:
            name = tidy_name(name)
        except FaultsError:
            return None
        with self._database.reading() as connection:
            row = connection.execute(select(account_table).where(account_table.c.name == name)).first()
            return (_account(row, grants_of(connection, [row.id])), row.password_hash) if row else None

    def everyone(self) -> list[Account]:
        """Return all accounts by name, disabled ones last."""
        return sorted(self._read(), key=lambda one: (one.disabled_at is not None, one.name))

    def add(self, new: NewAccount, *, act: Act, now: datetime) -> Account:
        """Add an account.

        Parameters
        ----------
        new
        act
            Its ``object_id`` becomes the new account's.
        now

        Raises
        ------
        FaultsError
            ``account-name-taken``, ``account-bad-name``, ``account-bad-display``.
        """
        with self._database.writing() as connection:
            made = add_account(connection, new, by=act.actor.account_id, now=now)
            record(connection, act.about(made.id), at=now)
            return made

    def add_first(self, new: NewAccount, *, act: Act, now: datetime) -> Account:
        """Add the first account, to whom everything goes that was made before there was one.

        Raises
        ------
        FaultsError
            ``accounts-exist`` if somebody was faster, else as for ``add``.
        """
        with self._database.writing() as connection:
            made = add_first_account(connection, new, now=now)
            record(connection, act.about(made.id), at=now)
            return made

    def set_password(
        self,
        account_id: str,
        password_hash: str | None,
        *,
        act: Act,
        now: datetime,
        keep_session: str | None = None,
        must_change: bool = False,
        grounds: Grounds | None = None,
    ) -> None:
        """Give an account another password, or none until a one-time link is used; all other sessions end.

        Raises
        ------
        GroundsGoneError
            If what allows it ended meanwhile.
        """
        with self._database.writing() as connection:
            if grounds is not None:
                stand_on(connection, account_id, grounds, now=now)
            change_account(connection, account_id, password_hash=password_hash, must_change=must_change)
            end_sessions(connection, account_id, now=now, keep=keep_session)
            record(connection, act, at=now)

    def set_prefs(self, account_id: str, prefs: Mapping[str, Any], *, act: Act) -> None:
        """Keep what somebody prefers."""
        with self._database.writing() as connection:
            change_account(connection, account_id, prefs=dict(prefs))
            record(connection, act)

    def _read(self, *conditions: Any) -> list[Account]:
        with self._database.reading() as connection:
            rows = connection.execute(select(account_table).where(*conditions)).all()
            grants = grants_of(connection, [row.id for row in rows])
            return [_account(row, grants) for row in rows]


def change_account(connection: Connection, account_id: str, *, version: int | None = None, **values: Any) -> None:
    """Change a row in a transaction.

    Raises
    ------
    FaultsError
        ``unknown-account``; ``account-moved-on`` if it is no longer of the version that was seen.
    """
    mine = account_table.c.id == account_id
    seen = mine if version is None else mine & (account_table.c.version == version)
    changed = connection.execute(
        update(account_table).where(seen).values(version=account_table.c.version + 1, **values)
    ).rowcount
    if changed != 1:
        known = connection.scalar(select(account_table.c.id).where(mine)) is not None
        code = "account-moved-on" if known else "unknown-account"
        raise FaultsError([Fault(code, layer="accounts", value="" if known else account_id)])


def add_first_account(connection: Connection, new: NewAccount, *, now: datetime) -> Account:
    """Add the first account in a transaction; as ``AccountStore.add_first``."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _FIRST_LOCK})
    if connection.scalar(select(account_table.c.id).limit(1)) is not None:
        raise FaultsError([Fault("accounts-exist", layer="accounts")])
    made = add_account(connection, new, by=None, now=now)
    connection.execute(update(run_table).where(run_table.c.asked_by.is_(None)).values(asked_by=made.id))
    ownerless = update(scenario_table).where(scenario_table.c.owner.is_(None))
    connection.execute(ownerless.values(owner=made.id, version=scenario_table.c.version + 1))
    return made


def add_account(connection: Connection, new: NewAccount, *, by: str | None, now: datetime) -> Account:
    """Add an account in a transaction; as ``AccountStore.add``."""
    row: dict[str, Any] = {
        "id": uuid.uuid4().hex,
        "name": tidy_name(new.name),
        "display": tidy_display(new.display or new.name),
        "password_hash": new.password_hash,
        "prefs": {},
        "must_change": new.must_change,
        "created_at": now,
        "created_by": by,
        "version": 1,
    }
    try:
        with connection.begin_nested():
            connection.execute(insert(account_table).values(row))
    except IntegrityError:
        raise FaultsError([Fault("account-name-taken", layer="accounts", field="name", value=new.name)]) from None
    insert_grants(connection, row["id"], new.grants, by=by)
    stored = connection.execute(select(account_table).where(account_table.c.id == row["id"])).one()
    return _account(stored, {row["id"]: new.grants})


def _account(row: Row[Any], grants: Mapping[str, tuple[Grant, ...]]) -> Account:
    seen = (row.must_change, row.password_hash is not None, row.disabled_at, row.created_at)
    return Account(row.id, row.name, row.display, row.prefs, *seen, grants.get(row.id, ()), row.version)
