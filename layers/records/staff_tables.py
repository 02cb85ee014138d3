"""The tables of who works where: people, their posts and leave, units, and versions of the cells."""

from __future__ import annotations

from sqlalchemy import Column, Date, Double, ForeignKey, Index, Integer, PrimaryKeyConstraint, String, Table

from layers.records.columns import JSON_COLUMN, UtcDateTime, metadata

unit = Table(
    "unit",
    metadata,
    Column("id", String(60), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("name", String(60), nullable=False),
    Column("parent_id", String(60)),
    Column("lon", Double),
    Column("lat", Double),
    Column("areas", JSON_COLUMN, nullable=False),
    Column("origin", String(20), nullable=False),
    Column("ended_at", UtcDateTime),
    Column("version", Integer, nullable=False),
    PrimaryKeyConstraint("id"),
)
"""A department, a desk or a team: where it is at home, and the townships that it serves."""

person = Table(
    "person",
    metadata,
    Column("id", String(100), nullable=False),
    Column("account_id", String(32), ForeignKey("account.id")),
    Column("unit_id", String(60)),
    Column("origin", String(20), nullable=False),
    Column("ended_at", UtcDateTime),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False),
    PrimaryKeyConstraint("id"),
    Index("ix_person_account_id", "account_id"),
)
"""Somebody of the roster; name and telephone rest in ``secret``.

``origin``: where the row came from: ``roster`` (the county's layer), ``reconstructed`` (nobody real), ``office``.
"""

post = Table(
    "post",
    metadata,
    Column("id", String(32), nullable=False),
    Column("person_id", String(100), ForeignKey("person.id"), nullable=False),
    Column("post", String(20), nullable=False),
    Column("area_kind", String(10), nullable=False),
    Column("area_code", String(60), nullable=False),
    Column("from_on", Date, nullable=False),
    Column("until_on", Date),
    Column("by_id", String(32)),
    Column("at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("id"),
    Index("ix_post_person_id", "person_id"),
    Index("ix_post_area_code", "area_code", "post"),
)
"""What somebody is, where and from when to when; ``until_on`` is the last day."""

leave = Table(
    "leave",
    metadata,
    Column("id", String(32), nullable=False),
    Column("person_id", String(100), ForeignKey("person.id"), nullable=False),
    Column("from_at", UtcDateTime, nullable=False),
    Column("until_at", UtcDateTime),
    Column("reason", String(20), nullable=False),
    Column("stand_in", String(100)),
    Column("state", String(10), nullable=False),
    Column("asked_by", String(32)),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("decided_by", String(32)),
    Column("decided_at", UtcDateTime),
    Column("version", Integer, nullable=False),
    PrimaryKeyConstraint("id"),
    Index("ix_leave_person_id", "person_id", "from_at"),
)
"""When somebody is away, asked for and decided on; only what is approved counts. No end: until told otherwise."""

cell_version = Table(
    "cell_version",
    metadata,
    Column("version", Integer, nullable=False, autoincrement=False),
    Column("county_version", String(100), nullable=False),
    Column("valid_from", UtcDateTime, nullable=False),
    Column("parents", JSON_COLUMN, nullable=False),
    Column("retired", JSON_COLUMN, nullable=False),
    Column("by_id", String(32)),
    Column("at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("version"),
)
"""Which cells count from when on: ``parents`` tells of each new code which codes its ground had before."""
