"""What an office has edited, read beside a service or without one: nothing is created, migrated or locked."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, inspect, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from layers.records.database_faults import DatabaseDownError, down_reason
from layers.records.documents import Document, documents_by_version, documents_in_force
from layers.records.engines import BUSY_TIMEOUT_S, engine_for
from layers.records.revisions import revision_of
from layers.records.tables import document as document_table


def documents_at_rest(url: str, *, at: datetime) -> dict[str, Document]:
    """Return the edition of every kind that counts at an instant.

    Parameters
    ----------
    url
        Of the records.
    at

    Returns
    -------
    dict
        Kind → edition; empty where there is no database yet, or one that knows of no documents.

    Raises
    ------
    DatabaseDownError
        If there is a database that cannot be read, or that a newer program made.
    """
    return _at_rest(url, lambda connection: documents_in_force(connection, at=at))


def versions_at_rest(url: str, versions: Mapping[str, int]) -> dict[str, Document]:
    """Return these editions, as far as there are any; else as ``documents_at_rest``.

    Parameters
    ----------
    url
        Of the records.
    versions
        Kind → version.
    """
    return _at_rest(url, lambda connection: documents_by_version(connection, versions))


def _at_rest(url: str, read: Callable[[Connection], dict[str, Document]]) -> dict[str, Document]:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        file = Path(str(parsed.database))
        return _read(_read_only(file), read) if file.is_file() and file.stat().st_size else {}
    return _read(engine_for(parsed), read)


def _read_only(file: Path) -> Engine:
    def connect() -> sqlite3.Connection:
        return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_TIMEOUT_S)

    return create_engine("sqlite://", creator=connect, poolclass=NullPool)


def _read(engine: Engine, read: Callable[[Connection], dict[str, Document]]) -> dict[str, Document]:
    try:
        with engine.connect() as connection:
            revision_of(connection)  # what a newer program keeps would be read as if nothing had been edited
            if not inspect(connection).has_table(document_table.name):
                return {}
            return read(connection)
    except SQLAlchemyError as error:
        reason = down_reason(error)
        if reason is None:
            raise
        raise DatabaseDownError(reason) from error
    finally:
        engine.dispose()
