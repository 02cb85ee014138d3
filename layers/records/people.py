"""What administrators do with accounts: each in one transaction, with its row of the audit."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, exists, func, or_, select, text, update

from gis.faults import Fault, FaultsError
from layers.records.account_names import tidy_display
from layers.records.accounts import (
    Account,
    NewAccount,
    add_account,
    add_first_account,
    change_account,
)
from layers.records.audit import Act, record
from layers.records.database import Database
from layers.records.grants import ANY_COUNTY, Grant, end_grant, grants_of, insert_grants
from layers.records.session_rows import SIGNED_IN, end_sessions, insert_session
from layers.records.tables import account as account_table
from layers.records.tables import role_grant as grant_table
from layers.records.tables import run as run_table
from layers.records.tables import scenario as scenario_table
from layers.records.tables import session as session_table

LINK_LASTING = timedelta(days=7)
ADMINISTRATOR = "administrator"
_SEATS_LOCK = 371424_004
"""Key of the advisory lock under which one transaction of a PostgreSQL database takes administrators away at a time."""


class People:
    """Accounts as administrators see them.

    Parameters
    ----------
    database
    counties
        Area codes of grants that make an administrator of this county.
    """

    def __init__(self, database: Database, *, counties: Collection[str] = (ANY_COUNTY,)) -> None:
        self._database = database
        self._counties = tuple(counties)

    def last_seen(self) -> dict[str, datetime]:
        """Return when each account was last at work, by id; those that never were are left out."""
        asked = select(session_table.c.account_id, func.max(session_table.c.seen_at)).where(
            session_table.c.kind.in_(SIGNED_IN), session_table.c.account_id.is_not(None)
        )
        with self._database.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(asked.group_by(session_table.c.account_id))}

    def invite(self, new: NewAccount, *, act: Act, now: datetime, first: bool = False) -> tuple[Account, str]:
        """Add an account, and make a one-time link with which its owner chooses a password.

        Parameters
        ----------
        new, act, now
        first
            Whether it is the first account of all, which receives everything made before.

        Returns
        -------
        account, key

        Raises
        ------
        FaultsError
            As ``AccountStore.add``; ``accounts-exist``.
        """
        with self._database.writing() as connection:
            made = (
                add_first_account(connection, new, now=now)
                if first
                else add_account(connection, new, by=act.actor.account_id, now=now)
            )
            key, _row = insert_session(connection, made.id, "invite", lasting=LINK_LASTING, now=now)
            record(connection, act.about(made.id), at=now)
        return made, key

    def reset(self, account_id: str, *, act: Act, now: datetime) -> str:
        """Void an account's password, end what signs in to it, and return the key of a one-time link.

        Raises
        ------
        FaultsError
            ``unknown-account``, ``account-is-disabled``; ``last-administrator``, unless by the command line.
        """
        with self._database.writing() as connection:
            was = self._is_administrator(connection, account_id, now)
            change_account(connection, account_id, password_hash=None, must_change=False)
            _refuse_disabled(connection, account_id)
            if was and act.actor.account_id is not None:
                self._refuse_none_left(connection, now)
            end_sessions(connection, account_id, now=now)
            key, _row = insert_session(connection, account_id, "invite", lasting=LINK_LASTING, now=now)
            record(connection, act, at=now)
        return key

    def rename(self, account_id: str, display: str, *, act: Act, now: datetime) -> None:
        """Change what others see of somebody."""
        with self._database.writing() as connection:
            change_account(connection, account_id, display=tidy_display(display))
            record(connection, act, at=now)

    def set_grants(
        self, account_id: str, grants: Sequence[Grant], *, act: Act, now: datetime, version: int | None = None
    ) -> None:
        """Give an account these roles and no others; if that changes anything, its other sessions end.

        Parameters
        ----------
        account_id
        grants
            Those that it has already stay as they are.
        act, now
        version
            Of the account, as it was seen.

        Raises
        ------
        FaultsError
            ``unknown-account``, ``account-moved-on``, ``last-administrator``.
        """
        with self._database.writing() as connection:
            was = self._is_administrator(connection, account_id, now)
            change_account(connection, account_id, version=version)
            held = grants_of(connection, [account_id]).get(account_id, ())
            still = {one for one in held if one.until_at is None or one.until_at > now}
            new = [one for one in dict.fromkeys(grants) if one not in still]
            gone = still - set(grants)
            for one in gone:
                end_grant(connection, account_id, one, now=now)
            insert_grants(connection, account_id, new, by=act.actor.account_id)
            if was:
                self._refuse_none_left(connection, now)
            if new or gone:
                end_sessions(connection, account_id, now=now, keep=act.actor.session_id, links=False)
            record(connection, act, at=now)

    def disable(self, account_id: str, *, act: Act, now: datetime, heir: str | None = None) -> int:
        """Keep an account from signing in; what signs in to it ends, and what is its own goes to an heir.

        Parameters
        ----------
        account_id, act, now
        heir
            Nobody if not given: then it stays with the account.

        Returns
        -------
        int
            How many runs went to the heir.

        Raises
        ------
        FaultsError
            ``unknown-account``, ``account-is-disabled``, ``account-no-heir``, ``last-administrator``.
        """
        with self._database.writing() as connection:
            was = self._is_administrator(connection, account_id, now)
            _refuse_disabled(connection, account_id)
            change_account(connection, account_id, disabled_at=now)
            if was:
                self._refuse_none_left(connection, now)
            end_sessions(connection, account_id, now=now)
            handed = 0 if heir is None else _hand_over(connection, account_id, heir)
            detail = {**act.detail, **({"runs": handed} if heir is not None else {})}
            record(connection, dataclasses.replace(act, detail=detail), at=now)
        return handed

    def enable(self, account_id: str, *, act: Act, now: datetime) -> None:
        """Let an account sign in again.

        Raises
        ------
        FaultsError
            ``unknown-account``, ``account-is-enabled``.
        """
        with self._database.writing() as connection:
            if not _is_disabled(connection, account_id):
                raise FaultsError([Fault("account-is-enabled", layer="accounts")])
            change_account(connection, account_id, disabled_at=None)
            record(connection, act, at=now)

    def end_sessions(self, account_id: str, *, act: Act, now: datetime) -> int:
        """End everything that signs in to an account, but not the session of whoever acts; return how many."""
        with self._database.writing() as connection:
            change_account(connection, account_id)
            ended = end_sessions(connection, account_id, now=now, keep=act.actor.session_id, links=False)
            record(connection, dataclasses.replace(act, detail={**act.detail, "sessions": ended}), at=now)
        return ended

    def _is_administrator(self, connection: Connection, account_id: str, now: datetime) -> bool:
        """Tell whether an account is an administrator who may sign in; whoever else asks waits for this transaction."""
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SEATS_LOCK})
        mine = (account_table.c.id == account_id) & account_table.c.disabled_at.is_(None)
        asked = select(account_table.c.id).where(mine, exists().where(*self._seat(now)))
        return connection.scalar(asked) is not None

    def _refuse_none_left(self, connection: Connection, now: datetime) -> None:
        """Refuse a change after which nobody who can sign in is an administrator without an end."""
        can = account_table.c.disabled_at.is_(None) & or_(
            account_table.c.password_hash.is_not(None), account_table.c.external_id.is_not(None)
        )
        lasting = exists().where(*self._seat(now), grant_table.c.until_at.is_(None))
        if connection.scalar(select(account_table.c.id).where(can, lasting).limit(1)) is None:
            raise FaultsError([Fault("last-administrator", layer="accounts")])

    def _seat(self, now: datetime) -> tuple[ColumnElement[bool], ...]:
        return (
            grant_table.c.account_id == account_table.c.id,
            grant_table.c.role == ADMINISTRATOR,
            grant_table.c.area_kind == "county",
            grant_table.c.area_code.in_(self._counties),
            grant_table.c.from_at <= now,
            or_(grant_table.c.until_at.is_(None), grant_table.c.until_at > now),
        )


def _is_disabled(connection: Connection, account_id: str) -> bool:
    asked = select(account_table.c.id, account_table.c.disabled_at).where(account_table.c.id == account_id)
    row = connection.execute(asked).first()
    if row is None:
        raise FaultsError([Fault("unknown-account", layer="accounts", value=account_id)])
    return row.disabled_at is not None


def _refuse_disabled(connection: Connection, account_id: str) -> None:
    if _is_disabled(connection, account_id):
        raise FaultsError([Fault("account-is-disabled", layer="accounts")])


def _hand_over(connection: Connection, account_id: str, heir: str) -> int:
    """Give runs and scenarios to somebody else who may sign in, and return how many runs that were."""
    if not heir.isalnum():  # PostgreSQL would not even compare a text that holds NUL
        raise FaultsError([Fault("account-no-heir", layer="accounts", field="heir")])
    may = (account_table.c.id == heir) & (account_table.c.id != account_id) & account_table.c.disabled_at.is_(None)
    if connection.scalar(select(account_table.c.id).where(may)) is None:
        raise FaultsError([Fault("account-no-heir", layer="accounts", field="heir")])
    kept = update(scenario_table).where(scenario_table.c.owner == account_id)
    connection.execute(kept.values(owner=heir, version=scenario_table.c.version + 1))
    mine = run_table.c.asked_by == account_id
    return connection.execute(update(run_table).where(mine).values(asked_by=heir)).rowcount
