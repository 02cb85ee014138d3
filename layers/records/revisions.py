"""Revisions of the tables: which this program makes, which a database has."""

from __future__ import annotations

import threading
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from layers.records.database_faults import DatabaseDownError

_MIGRATIONS = Path(__file__).parents[1] / "migrations"
_MIGRATION_LOCK = 371424_001
"""Key of the advisory lock that lets one process migrate a PostgreSQL database at a time."""
_ONE_AT_A_TIME = threading.Lock()
"""Alembic keeps the migration it is at in variables of the process, whichever database a thread migrates."""


def migration_config(connection: Connection | None) -> Config:
    """Return Alembic's settings, which need no file on disk."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("path_separator", "os")
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config


def lock_migrations(connection: Connection) -> None:
    """Wait until no other process migrates the database; on SQLite a transaction that writes is alone anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})


def upgrade_tables(connection: Connection, *, revision: str = "head") -> None:
    """Bring tables up to a revision, within the caller's transaction."""
    with _ONE_AT_A_TIME:
        command.upgrade(migration_config(connection), revision)


def newest_revision() -> str:
    """Return the revision of the tables that this program makes."""
    return str(_scripts().get_current_head())


def revision_of(connection: Connection) -> str | None:
    """Return the revision of a database's tables, ``None`` before there are any.

    Raises
    ------
    DatabaseDownError
        If this program does not know it: a newer one made the database.
    """
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is not None and not is_known_revision(revision):
        raise DatabaseDownError("other-version")
    return revision


def is_known_revision(revision: str) -> bool:
    """Tell whether this program or an older one made tables of a revision."""
    return any(script.revision == revision for script in _scripts().walk_revisions())


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(_MIGRATIONS))
