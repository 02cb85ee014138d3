"""Many sound rows of the audit, written at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from layers.records.audit import FIRST_HASH, row_hash
from layers.records.database import Database
from layers.records.tables import audit as audit_table

BEGUN = datetime(2026, 11, 1, tzinfo=UTC)
_AT_ONCE = 5000


def sealed(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rows as a chain; each says only what sets it apart."""
    chain: list[dict[str, Any]] = []
    hash_ = FIRST_HASH
    for pos, told in enumerate(rows, start=1):
        row = {
            "pos": pos,
            "at": BEGUN + timedelta(seconds=20 * pos, microseconds=pos),
            "account_id": None,
            "session_id": None,
            "action": "incident.reported",
            "object_kind": "incident",
            "object_id": f"i{pos}",
            "from_addr": "127.0.0.1",
            "detail": {},
            "prev_hash": hash_,
            **told,
        }
        hash_ = row_hash(row)
        chain.append({**row, "hash": hash_})
    return chain


def write_rows(database: Database, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows as a chain into an empty audit."""
    chain = sealed(rows)
    for begin in range(0, len(chain), _AT_ONCE):
        with database.writing() as connection:
            connection.execute(insert(audit_table), chain[begin : begin + _AT_ONCE])
