"""On what somebody acts: it was looked at before, and has to stand still in the transaction of what it allows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from layers.records.session_rows import hash_of
from layers.records.tables import account as account_table
from layers.records.tables import session as session_table


@dataclass(frozen=True)
class Grounds:
    """What was found good before an act is written; what is ``None`` is not asked for.

    Parameters
    ----------
    password_hash
        The account has this password.
    session_id
        This session of the account has not ended.
    link
        This one-time link of the account has not been used; it is used up.
    """

    password_hash: str | None = None
    session_id: str | None = None
    link: str | None = None


class GroundsGoneError(Exception):
    """Raised when an account was disabled, or a password, a session or a link ended, while something was under way."""


def stand_on(connection: Connection, account_id: str, grounds: Grounds, *, now: datetime) -> None:
    """Make sure of the grounds until the transaction ends: whoever takes them away meanwhile waits for it.

    Parameters
    ----------
    connection
        In a writing transaction.
    account_id
    grounds
    now

    Raises
    ------
    GroundsGoneError
    """
    mine = account_table.c.id == account_id
    asked = select(account_table.c.password_hash, account_table.c.disabled_at).where(mine)
    row = connection.execute(asked.with_for_update(key_share=True)).first()
    if row is None or row.disabled_at is not None or grounds.password_hash not in (None, row.password_hash):
        raise GroundsGoneError
    good = (
        (session_table.c.account_id == account_id)
        & session_table.c.revoked_at.is_(None)
        & (session_table.c.expires_at > now)
    )
    if grounds.session_id is not None:
        session = select(session_table.c.id).where(good, session_table.c.id == grounds.session_id)
        if connection.scalar(session) is None:
            raise GroundsGoneError
    if grounds.link is not None:
        link = update(session_table).where(good, session_table.c.key_hash == hash_of(grounds.link))
        if connection.execute(link.values(revoked_at=now)).rowcount != 1:
            raise GroundsGoneError
