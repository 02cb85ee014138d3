"""What time it is for everybody who shares a database."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, text


def now_of(connection: Connection) -> datetime:
    """Return the instant by the database's own clock, so that servers whose clocks differ agree on leases."""
    if connection.dialect.name == "postgresql":
        told: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        return told.astimezone(UTC)
    return datetime.now(UTC)
