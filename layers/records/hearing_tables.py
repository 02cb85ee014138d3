"""The tables of what is published and heard: frozen versions, comments, and the one table that can be erased."""

from __future__ import annotations

from sqlalchemy import Column, Double, Index, Integer, PrimaryKeyConstraint, String, Table, Text, UniqueConstraint

from layers.records.columns import JSON_COLUMN, UtcDateTime, metadata

publication = Table(
    "publication",
    metadata,
    Column("slug", String(60), nullable=False),
    Column("title", String(120), nullable=False),
    Column("text", Text, nullable=False),
    Column("body_sha", String(64), nullable=False),
    Column("files", JSON_COLUMN, nullable=False),
    Column("runs", JSON_COLUMN, nullable=False),
    Column("by_id", String(32)),
    Column("at", UtcDateTime, nullable=False),
    Column("closes_at", UtcDateTime, nullable=False),
    Column("withdrawn_at", UtcDateTime),
    Column("withdrawn_by", String(32)),
    Column("reason", Text),
    Column("counter_run", String(32)),
    Column("counter_sha", String(64)),
    PrimaryKeyConstraint("slug"),
    Index("ix_publication_at", "at"),
)
"""A scheme that was published, frozen: ``body_sha`` names the file of its figures, ``files`` what goes with it.

``counter_run`` is the run that computes its counter-proposals, ``counter_sha`` their file once they are there.
"""

comment = Table(
    "comment",
    metadata,
    Column("id", String(32), nullable=False),
    Column("key", String(64)),
    Column("subject_kind", String(20), nullable=False),
    Column("subject_id", String(100), nullable=False),
    Column("by_id", String(32)),
    Column("at", UtcDateTime, nullable=False),
    Column("about_kind", String(10)),
    Column("about_id", String(100)),
    Column("village_id", String(100)),
    Column("lon", Double),
    Column("lat", Double),
    Column("channel", String(10)),
    Column("stance", String(10)),
    Column("state", String(10)),
    Column("receipt", String(64)),
    Column("answer", Text),
    Column("answered_by", String(32)),
    Column("answered_at", UtcDateTime),
    Column("version", Integer, nullable=False),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("key"),
    UniqueConstraint("receipt"),
    Index("ix_comment_subject_id", "subject_id", "subject_kind", "at"),
)
"""That somebody said something about something; what was said, and by whom, rests in ``secret``.

What colleagues say of a scenario ends with ``at``; a remark on a publication has the rest. ``key`` and ``receipt``
are SHA-256: a stolen table opens no receipt. ``by_id`` is the account that entered it, empty for the public.
"""

secret = Table(
    "secret",
    metadata,
    Column("ref", String(32), nullable=False),
    Column("subject_kind", String(20), nullable=False),
    Column("subject_id", String(100), nullable=False),
    Column("field", String(20), nullable=False),
    Column("value", Text, nullable=False),
    Column("erase_after", UtcDateTime),
    Column("erased_at", UtcDateTime),
    PrimaryKeyConstraint("ref"),
    Index("ix_secret_subject_id", "subject_id", "subject_kind"),
    Index("ix_secret_erase_after", "erase_after"),
)
"""Names, numbers and free texts of people, the one table that can be erased: then ``value`` is empty, the row stays."""
