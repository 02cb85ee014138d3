"""What a data folder notes of its records outside of them, made again where records are restored."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import exists, inspect, make_url, select

from layers.backups.records_copy import reading_file
from layers.records.accounts_mark import note_accounts
from layers.records.audit import head_of
from layers.records.audit_heads import heads_file, note_head
from layers.records.restored_mark import note_restored
from layers.records.tables import account, audit


def note_marks(folder: Path, records: Path, *, url: str) -> None:
    """Note how far the chain of the audit leads, that accounts exist, and that keys of before are void.

    Parameters
    ----------
    folder
        Becomes a data folder. A service there must not let everybody in while its database is down.
    records
        Their file, at rest, of this program or an older one.
    url
        Of the database that they will be read from.
    """
    with reading_file(records) as connection:
        there = set(inspect(connection).get_table_names())
        if audit.name in there and (head := head_of(connection)).pos > 0:
            note_head(heads_file(folder, make_url(url)), head)
        if account.name in there and connection.scalar(select(exists().where(account.c.id.is_not(None)))):
            note_accounts(folder)
            note_restored(folder, datetime.now(UTC))
