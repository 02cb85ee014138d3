"""The tables of what leaves the house, and of the passes that a service makes by itself."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)

from layers.records.columns import JSON_COLUMN, UtcDateTime, metadata

outbox = Table(
    "outbox",
    metadata,
    Column("id", String(32), nullable=False),
    Column("dedup", String(300), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("channel", String(20), nullable=False),
    Column("to_ref", String(100), nullable=False),
    Column("template", String(40), nullable=False),
    Column("data", JSON_COLUMN, nullable=False),
    Column("is_urgent", Boolean, nullable=False),
    Column("state", String(10), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Column("lease_owner", String(64)),
    Column("lease_until", UtcDateTime),
    Column("sent_at", UtcDateTime),
    Column("error", String(200)),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("dedup"),
    Index("ix_outbox_state", "state", "channel", "next_at"),
)
"""A message: to whom, by which channel, and how far it is. ``to_ref`` names a person or a case, never a number.

``dedup`` says what it is about, so that the same message is one row; ``id`` follows from it and is the key under which
it leaves; ``is_urgent`` goes out in quiet hours too.
"""

ticker = Table(
    "ticker",
    metadata,
    Column("name", String(40), nullable=False),
    Column("lease_owner", String(64)),
    Column("lease_until", UtcDateTime),
    Column("last_at", UtcDateTime),
    Column("last_pos", BigInteger, nullable=False, server_default="0"),
    PrimaryKeyConstraint("name"),
)
"""What is done again and again, by whom at the moment, and how far it has come."""
