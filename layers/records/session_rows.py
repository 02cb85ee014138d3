"""Rows of sessions, within somebody's transaction: begun, and ended."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, delete, insert, update

from layers.records.tables import session as session_table

Kind = Literal["browser", "phone", "token", "invite", "setup"]
SIGNED_IN: tuple[Kind, ...] = ("browser", "phone", "token")
"""Kinds that act for an account; the others are good for one thing, once."""
_KEY_BYTES = 32
_REMEMBERED = timedelta(days=30)  # a session that is over, so that it can be looked into
_LONGEST_LABEL = 80


def insert_session(
    connection: Connection,
    account_id: str | None,
    kind: Kind,
    *,
    lasting: timedelta,
    now: datetime,
    label: str = "",
    scopes: Sequence[str] = ("read", "write"),
) -> tuple[str, dict[str, Any]]:
    """Make a key and its row, and forget what has long been over; as ``SessionStore.open``.

    Returns
    -------
    key, row
        The key is stored nowhere.
    """
    key = secrets.token_urlsafe(_KEY_BYTES)
    row = {
        "key_hash": hash_of(key),
        "id": uuid.uuid4().hex,
        "account_id": account_id,
        "kind": kind,
        "label": tidy_label(label),
        "scopes": list(scopes),
        "created_at": now,
        "seen_at": now,
        "expires_at": now + lasting,
    }
    connection.execute(delete(session_table).where(session_table.c.expires_at < now - _REMEMBERED))
    connection.execute(insert(session_table).values(row))
    return key, {**row, "revoked_at": None}


def tidy_label(label: str) -> str:
    """Return a label as it is stored: without what cannot be printed, which a database may refuse as well."""
    return "".join(one for one in label if one.isprintable()).strip()[:_LONGEST_LABEL]


def end_sessions(
    connection: Connection, account_id: str, *, now: datetime, keep: str | None = None, links: bool = True
) -> int:
    """End what signs in to an account, and return how many of them there were.

    Parameters
    ----------
    connection, account_id, now
    keep
        A session that goes on.
    links
        Whether one-time links end as well.
    """
    mine = (session_table.c.account_id == account_id) & session_table.c.revoked_at.is_(None)
    if keep is not None:
        mine &= session_table.c.id != keep
    if not links:
        mine &= session_table.c.kind.in_(SIGNED_IN)
    return connection.execute(update(session_table).where(mine).values(revoked_at=now)).rowcount


def hash_of(key: str) -> str:
    """Return what is stored of a key: its 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
