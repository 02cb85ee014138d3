"""The tables of scenarios: rows that move and rows that stay, and whom they are shared with."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from layers.records.columns import JSON_COLUMN, UtcDateTime, metadata

scenario = Table(
    "scenario",
    metadata,
    Column("id", String(32), nullable=False),
    Column("name", String(120), nullable=False),
    Column("owner", String(32)),
    Column("county_name", Text, nullable=False),
    Column("county_code", Text, nullable=False),
    Column("county_version", String(100), nullable=False),
    Column("head", Integer, nullable=False),
    Column("parent_id", String(32)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("archived_at", UtcDateTime),
    Column("version", Integer, nullable=False),
    PrimaryKeyConstraint("id"),
    Index("ix_scenario_owner", "owner", "changed_at"),
)
"""A question with edits that somebody keeps; ``head`` names the revision that counts, ``version`` counts changes.

``owner`` is empty in solo mode and on the command line; ``parent_id`` names the scenario it was copied from.
"""

scenario_revision = Table(
    "scenario_revision",
    metadata,
    Column("scenario_id", String(32), ForeignKey("scenario.id"), nullable=False),
    Column("n", Integer, nullable=False, autoincrement=False),
    Column("parent", Integer),
    Column("is_aside", Boolean, nullable=False),
    Column("content_id", String(64), nullable=False),
    Column("county_version", String(100), nullable=False),
    Column("body", JSON_COLUMN, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by_id", String(32)),
    Column("note", String(200), nullable=False),
    PrimaryKeyConstraint("scenario_id", "n"),
    ForeignKeyConstraint(["scenario_id", "parent"], ["scenario_revision.scenario_id", "scenario_revision.n"]),
    Index("ix_scenario_revision_parent", "scenario_id", "parent"),
)
"""What a scenario ever was, append-only as incident_event: a tree along which ``scenario.head`` moves.

``is_aside`` marks what was saved on a revision that no longer counted: kept, and never the head by redoing.
"""

scenario_share = Table(
    "scenario_share",
    metadata,
    Column("id", String(32), nullable=False),
    Column("scenario_id", String(32), ForeignKey("scenario.id"), nullable=False),
    Column("subject_kind", String(10), nullable=False),
    Column("subject", String(32), nullable=False),
    Column("level", String(10), nullable=False),
    Column("by_id", String(32)),
    Column("from_at", UtcDateTime, nullable=False),
    Column("until_at", UtcDateTime),
    PrimaryKeyConstraint("id"),
    Index("ix_scenario_share_scenario_id", "scenario_id"),
    Index("ix_scenario_share_subject", "subject", "subject_kind"),
)
"""With which account or role a scenario is shared; a share that is taken back ends, its row stays."""
