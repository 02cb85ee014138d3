"""The tables of cases: what was reported, what happened, where it stands, and the files that belong to it."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)

from layers.records.columns import JSON_COLUMN, UtcDateTime, metadata

incident = Table(
    "incident",
    metadata,
    Column("id", String(40), nullable=False),
    Column("idempotency_key", String(200), nullable=False),
    Column("county_version", String(100), nullable=False),
    Column("lon", Double, nullable=False),
    Column("lat", Double, nullable=False),
    Column("cell", String(60)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("flow", String(10), nullable=False, server_default="incident"),
    Column("channel", String(20), nullable=False, server_default="office"),
    Column("category", String(40)),
    Column("severity", String(20)),
    Column("state", String(20)),
    Column("level", String(10)),
    Column("township", String(60)),
    Column("assignee", String(100)),
    Column("handler", String(32)),
    Column("unit", String(60)),
    Column("step", String(20)),
    Column("step_due_at", UtcDateTime),
    Column("due_at", UtcDateTime),
    Column("wakes_at", UtcDateTime),
    Column("is_provisional", Boolean),
    Column("merged_into", String(40)),
    Column("road", String(100)),
    Column("seq", Integer),
    Column("updated_pos", BigInteger),
    Column("updated_at", UtcDateTime),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("idempotency_key"),
    Index(None, "created_at"),
    Index("ix_incident_state", "state", "step_due_at"),
    Index("ix_incident_assignee", "assignee", "state"),
    Index("ix_incident_cell", "cell", "created_at"),
    Index("ix_incident_wakes_at", "wakes_at"),
    Index("ix_incident_updated_pos", "updated_pos"),
)
"""One row a case. Up to ``created_at`` as it came in; the rest is what the events lead to, written with each of them.

``wakes_at`` is when the pass of the deadlines has to look at it next, null where it never has. On PostGIS a generated
point ``geom`` stands beside lon and lat.
"""

incident_event = Table(
    "incident_event",
    metadata,
    Column("incident_id", String(40), ForeignKey("incident.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("payload", JSON_COLUMN, nullable=False),
    Column("pos", BigInteger),
    Column("stored_at", UtcDateTime),
    Column("actor", String(32)),
    Column("device_key", String(200)),
    PrimaryKeyConstraint("incident_id", "seq"),
    Index("uq_incident_event_pos", "pos", unique=True),
    Index("uq_incident_event_device_key", "incident_id", "device_key", unique=True),
)
"""What happened, append-only: triggers refuse to change or delete a row.

``pos`` counts all events of all cases in the order in which they became visible; ``at`` is when it happened, as told,
``stored_at`` when it came in; ``device_key`` is the sender's for this move, so that it may be sent again.
"""

attachment = Table(
    "attachment",
    metadata,
    Column("id", String(32), nullable=False),
    Column("subject_kind", String(20), nullable=False),
    Column("subject_id", String(100), nullable=False),
    Column("part_of", Integer),
    Column("key", String(200)),
    Column("sha", String(64), nullable=False),
    Column("shown_sha", String(64)),
    Column("kind", String(10), nullable=False),
    Column("media_type", String(60), nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("taken_at", UtcDateTime),
    Column("lon", Double),
    Column("lat", Double),
    Column("accuracy_m", Double),
    Column("by_id", String(32)),
    Column("at", UtcDateTime, nullable=False),
    Column("erased_at", UtcDateTime),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("subject_kind", "subject_id", "key", name="uq_attachment_key"),
    Index("ix_attachment_subject_id", "subject_id", "subject_kind"),
)
"""A photo or a file of a case: ``sha`` names what came in, ``shown_sha`` what others see (without its position)."""
