"""Cases: where each stands, who works where, messages and files; what was said in words moves to what can be erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from layers.migrations.filling_cases import fill_cases, let_examples_go

revision = "0009"
down_revision = "0008"
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns, fill them, and make the tables."""
    _extend_cases()
    _extend_events()
    fill_cases(op.get_bind())
    let_examples_go(op.get_bind())
    _create_attachments()
    _create_staff()
    _create_leave()
    _create_cell_versions()
    _create_messages()


def _extend_cases() -> None:
    _widen_cell()
    for column in (
        sa.Column("flow", sa.String(10), nullable=False, server_default="incident"),
        sa.Column("channel", sa.String(20), nullable=False, server_default="office"),
        sa.Column("category", sa.String(40)),
        sa.Column("severity", sa.String(20)),
        sa.Column("state", sa.String(20)),
        sa.Column("level", sa.String(10)),
        sa.Column("township", sa.String(60)),
        sa.Column("assignee", sa.String(100)),
        sa.Column("handler", sa.String(32)),
        sa.Column("unit", sa.String(60)),
        sa.Column("step", sa.String(20)),
        sa.Column("step_due_at", _MOMENT),
        sa.Column("due_at", _MOMENT),
        sa.Column("wakes_at", _MOMENT),
        sa.Column("is_provisional", sa.Boolean),
        sa.Column("merged_into", sa.String(40)),
        sa.Column("road", sa.String(100)),
        sa.Column("seq", sa.Integer),
        sa.Column("updated_pos", sa.BigInteger),
        sa.Column("updated_at", _MOMENT),
    ):
        op.add_column("incident", column)
    for name, columns in {
        "state": ["state", "step_due_at"],
        "assignee": ["assignee", "state"],
        "cell": ["cell", "created_at"],
        "wakes_at": ["wakes_at"],
        "updated_pos": ["updated_pos"],
    }.items():
        op.create_index(f"ix_incident_{name}", "incident", columns)


def _widen_cell() -> None:
    """Let a cell's code be longer than those of ours: SQLite changes no column, another takes its place."""
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("incident", "cell", type_=sa.String(60))
        return
    op.add_column("incident", sa.Column("code", sa.String(60)))
    op.execute("UPDATE incident SET code = cell")
    op.drop_column("incident", "cell")
    op.execute("ALTER TABLE incident RENAME COLUMN code TO cell")


def _extend_events() -> None:
    for column in (
        sa.Column("pos", sa.BigInteger),
        sa.Column("stored_at", _MOMENT),
        sa.Column("actor", sa.String(32)),
        sa.Column("device_key", sa.String(200)),
    ):
        op.add_column("incident_event", column)
    op.create_index("uq_incident_event_pos", "incident_event", ["pos"], unique=True)
    op.create_index("uq_incident_event_device_key", "incident_event", ["incident_id", "device_key"], unique=True)


def _create_attachments() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("subject_kind", sa.String(20), nullable=False),
        sa.Column("subject_id", sa.String(100), nullable=False),
        sa.Column("part_of", sa.Integer),
        sa.Column("key", sa.String(200)),
        sa.Column("sha", sa.String(64), nullable=False),
        sa.Column("shown_sha", sa.String(64)),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("media_type", sa.String(60), nullable=False),
        sa.Column("bytes", sa.Integer, nullable=False),
        sa.Column("taken_at", _MOMENT),
        sa.Column("lon", sa.Double),
        sa.Column("lat", sa.Double),
        sa.Column("accuracy_m", sa.Double),
        sa.Column("by_id", sa.String(32)),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("erased_at", _MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_attachment"),
        sa.UniqueConstraint("subject_kind", "subject_id", "key", name="uq_attachment_key"),
    )
    op.create_index("ix_attachment_subject_id", "attachment", ["subject_id", "subject_kind"])


def _create_staff() -> None:
    op.create_table(
        "unit",
        sa.Column("id", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("parent_id", sa.String(60)),
        sa.Column("lon", sa.Double),
        sa.Column("lat", sa.Double),
        sa.Column("areas", _JSON, nullable=False),
        sa.Column("origin", sa.String(20), nullable=False),
        sa.Column("ended_at", _MOMENT),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_unit"),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.String(100), nullable=False),
        sa.Column("account_id", sa.String(32)),
        sa.Column("unit_id", sa.String(60)),
        sa.Column("origin", sa.String(20), nullable=False),
        sa.Column("ended_at", _MOMENT),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_person_account"),
    )
    op.create_index("ix_person_account_id", "person", ["account_id"])
    op.create_table(
        "post",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(100), nullable=False),
        sa.Column("post", sa.String(20), nullable=False),
        sa.Column("area_kind", sa.String(10), nullable=False),
        sa.Column("area_code", sa.String(60), nullable=False),
        sa.Column("from_on", sa.Date, nullable=False),
        sa.Column("until_on", sa.Date),
        sa.Column("by_id", sa.String(32)),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_post"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_post_person"),
    )
    op.create_index("ix_post_person_id", "post", ["person_id"])
    op.create_index("ix_post_area_code", "post", ["area_code", "post"])


def _create_leave() -> None:
    op.create_table(
        "leave",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(100), nullable=False),
        sa.Column("from_at", _MOMENT, nullable=False),
        sa.Column("until_at", _MOMENT),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("stand_in", sa.String(100)),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("asked_by", sa.String(32)),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("decided_by", sa.String(32)),
        sa.Column("decided_at", _MOMENT),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_leave"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_leave_person"),
    )
    op.create_index("ix_leave_person_id", "leave", ["person_id", "from_at"])


def _create_cell_versions() -> None:
    op.create_table(
        "cell_version",
        sa.Column("version", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("county_version", sa.String(100), nullable=False),
        sa.Column("valid_from", _MOMENT, nullable=False),
        sa.Column("parents", _JSON, nullable=False),
        sa.Column("retired", _JSON, nullable=False),
        sa.Column("by_id", sa.String(32)),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_cell_version"),
    )


def _create_messages() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("dedup", sa.String(300), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("to_ref", sa.String(100), nullable=False),
        sa.Column("template", sa.String(40), nullable=False),
        sa.Column("data", _JSON, nullable=False),
        sa.Column("is_urgent", sa.Boolean, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_at", _MOMENT, nullable=False),
        sa.Column("lease_owner", sa.String(64)),
        sa.Column("lease_until", _MOMENT),
        sa.Column("sent_at", _MOMENT),
        sa.Column("error", sa.String(200)),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("dedup", name="uq_outbox_dedup"),
    )
    op.create_index("ix_outbox_state", "outbox", ["state", "channel", "next_at"])
    op.create_table(
        "ticker",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("lease_owner", sa.String(64)),
        sa.Column("lease_until", _MOMENT),
        sa.Column("last_at", _MOMENT),
        sa.Column("last_pos", sa.BigInteger, nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("name", name="pk_ticker"),
    )
