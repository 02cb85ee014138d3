"""The tables that records rest in; the migrations make them, a test holds both together."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)

from layers.records.adoption_table import adoption
from layers.records.case_tables import attachment, incident, incident_event
from layers.records.columns import JSON_COLUMN, UtcDateTime, metadata
from layers.records.hearing_tables import comment, publication, secret
from layers.records.message_tables import outbox, ticker
from layers.records.scenario_tables import scenario, scenario_revision, scenario_share
from layers.records.staff_tables import cell_version, leave, person, post, unit

__all__ = [
    "JSON_COLUMN",
    "UtcDateTime",
    "account",
    "adoption",
    "attachment",
    "audit",
    "cell_version",
    "comment",
    "document",
    "file",
    "incident",
    "incident_event",
    "leave",
    "metadata",
    "outbox",
    "person",
    "post",
    "publication",
    "role_grant",
    "run",
    "scenario",
    "scenario_revision",
    "scenario_share",
    "secret",
    "session",
    "throttle",
    "ticker",
    "unit",
]

account = Table(
    "account",
    metadata,
    Column("id", String(32), nullable=False),
    Column("name", String(60), nullable=False),
    Column("display", String(60), nullable=False),
    Column("password_hash", String(200)),
    Column("external_id", String(200)),
    Column("prefs", JSON_COLUMN, nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("disabled_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", String(32)),
    Column("version", Integer, nullable=False),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("name"),
    UniqueConstraint("external_id"),
)
"""Who may sign in. ``name`` is in lower case; accounts are disabled, never deleted: what they did stays theirs."""

role_grant = Table(
    "role_grant",
    metadata,
    Column("id", String(32), nullable=False),
    Column("account_id", String(32), ForeignKey("account.id"), nullable=False),
    Column("role", String(20), nullable=False),
    Column("area_kind", String(10), nullable=False),
    Column("area_code", String(60), nullable=False),
    Column("from_at", UtcDateTime, nullable=False),
    Column("until_at", UtcDateTime),
    Column("by_id", String(32)),
    PrimaryKeyConstraint("id"),
    Index("ix_role_grant_account_id", "account_id"),
)
"""Which role an account has where and when; a grant that is taken back ends, its row stays."""

session = Table(
    "session",
    metadata,
    Column("key_hash", String(64), nullable=False),
    Column("id", String(32), nullable=False),
    Column("account_id", String(32), ForeignKey("account.id")),
    Column("kind", String(10), nullable=False),
    Column("label", String(80), nullable=False),
    Column("scopes", JSON_COLUMN, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
    PrimaryKeyConstraint("key_hash"),
    UniqueConstraint("id"),
    Index("ix_session_account_id", "account_id"),
)
"""Whoever holds a key: browsers, programs (``token``), one-time links (``invite``) and the ``setup`` code.

Only the SHA-256 of a key is stored; ``id`` names the row where a person lists or ends it.
"""

throttle = Table(
    "throttle",
    metadata,
    Column("key", String(100), nullable=False),
    Column("window_start", UtcDateTime, nullable=False),
    Column("count", Integer, nullable=False),
    PrimaryKeyConstraint("key"),
)
"""How often something was tried since a moment, shared by all processes."""

audit = Table(
    "audit",
    metadata,
    Column("pos", BigInteger, nullable=False, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("account_id", String(32)),
    Column("session_id", String(32)),
    Column("action", String(40), nullable=False),
    Column("object_kind", String(30), nullable=False),
    Column("object_id", String(100), nullable=False),
    Column("from_addr", String(64), nullable=False),
    Column("detail", JSON_COLUMN, nullable=False),
    Column("prev_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    PrimaryKeyConstraint("pos"),
    Index("ix_audit_at", "at", "pos"),
    Index("ix_audit_account_id", "account_id", "pos"),
    Index("ix_audit_action", "action", "pos"),
    Index("ix_audit_object_kind", "object_kind", "pos"),
    Index("ix_audit_object_id", "object_id", "pos"),
)
"""Who did what, append-only as incident_event; each row's hash covers the row before it."""

run = Table(
    "run",
    metadata,
    Column("id", String(32), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("question_id", String(64), nullable=False),
    Column("question", JSON_COLUMN, nullable=False),
    Column("county_version", String(100), nullable=False),
    Column("code_version", String(40), nullable=False),
    Column("lane", String(10), nullable=False),
    Column("state", String(20), nullable=False),
    Column("asked_by", String(32)),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("cancel_at", UtcDateTime),
    Column("owner", String(64)),
    Column("lease_until", UtcDateTime),
    Column("attempts", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("progress", JSON_COLUMN, nullable=False),
    Column("summary", JSON_COLUMN, nullable=False),
    Column("result_sha", String(64)),
    Column("claim_sha", String(64)),
    Column("error", JSON_COLUMN),
    Column("scenario_id", String(32)),
    Column("scenario_n", Integer),
    PrimaryKeyConstraint("id"),
    Index("ix_run_state", "state", "lane", "asked_at"),
    Index("ix_run_question_id", "question_id", "code_version"),
    Index("ix_run_asked_by", "asked_by", "asked_at"),
    Index("ix_run_scenario_id", "scenario_id", "scenario_n"),
)
"""A computation that was asked for: what, by whom, how far it is, who computes it and until when that counts.

``seq`` rises with each change that somebody who watches would see; ``result_sha`` and ``claim_sha`` name files;
``scenario_id`` and ``scenario_n`` the revision of a scenario that asked, if one did.
"""

file = Table(
    "file",
    metadata,
    Column("sha", String(64), nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("media_type", String(80), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("sha"),
)
"""Files by content, ``data/files/ab/ab…``: written whole, then named here."""

document = Table(
    "document",
    metadata,
    Column("kind", String(30), nullable=False),
    Column("version", Integer, nullable=False, autoincrement=False),
    Column("content", JSON_COLUMN, nullable=False),
    Column("sha", String(64), nullable=False),
    Column("valid_from", UtcDateTime, nullable=False),
    Column("by_id", String(32)),
    Column("at", UtcDateTime, nullable=False),
    Column("note", String(200), nullable=False),
    PrimaryKeyConstraint("kind", "version"),
)
"""What an office edits, each edition a row that stays; version 0 is what the program brings and has no row."""
