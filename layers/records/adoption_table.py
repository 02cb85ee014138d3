"""The table of adopted schemes."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKeyConstraint, Index, Integer, PrimaryKeyConstraint, String, Table, Text

from layers.records.columns import UtcDateTime, metadata

adoption = Table(
    "adoption",
    metadata,
    Column("id", String(32), nullable=False),
    Column("scenario_id", String(32), nullable=False),
    Column("scenario_n", Integer, nullable=False),
    Column("content_id", String(64), nullable=False),
    Column("service", String(40), nullable=False),
    Column("sites", Integer, nullable=False),
    Column("from_date", String(10), nullable=False),
    Column("decision", String(200), nullable=False),
    Column("county_code", Text, nullable=False),
    Column("from_version", String(100), nullable=False),
    Column("to_version", String(100), nullable=False),
    Column("by_id", String(32)),
    Column("at", UtcDateTime, nullable=False),
    Column("withdrawn_at", UtcDateTime),
    Column("withdrawn_by", String(32)),
    Column("reason", String(200)),
    Column("withdrawn_from", String(100)),
    Column("withdrawn_to", String(100)),
    PrimaryKeyConstraint("id"),
    ForeignKeyConstraint(["scenario_id", "scenario_n"], ["scenario_revision.scenario_id", "scenario_revision.n"]),
    Index("ix_adoption_at", "county_code", "at"),
)
"""A scheme that the office decided on: which revision, from when, by which decision, and the build that has its sites.

``from_version`` and ``to_version`` are the builds of the county before and after; likewise where it was withdrawn.
"""
