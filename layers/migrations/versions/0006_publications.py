"""Publications, remarks on them, and one erasable table for what people say and who they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    _create_publications()
    _create_secrets()
    _move_comment_texts()
    _extend_comments()


def _create_publications() -> None:
    op.create_table(
        "publication",
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("body_sha", sa.String(64), nullable=False),
        sa.Column("files", _JSON, nullable=False),
        sa.Column("runs", _JSON, nullable=False),
        sa.Column("by_id", sa.String(32)),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.Column("withdrawn_by", sa.String(32)),
        sa.Column("reason", sa.Text),
        sa.PrimaryKeyConstraint("slug", name="pk_publication"),
    )
    op.create_index("ix_publication_at", "publication", ["at"])


def _create_secrets() -> None:
    op.create_table(
        "secret",
        sa.Column("ref", sa.String(32), nullable=False),
        sa.Column("subject_kind", sa.String(20), nullable=False),
        sa.Column("subject_id", sa.String(100), nullable=False),
        sa.Column("field", sa.String(20), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("erase_after", sa.DateTime(timezone=True)),
        sa.Column("erased_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("ref", name="pk_secret"),
    )
    op.create_index("ix_secret_subject_id", "secret", ["subject_id", "subject_kind"])
    op.create_index("ix_secret_erase_after", "secret", ["erase_after"])


def _move_comment_texts() -> None:
    op.execute(
        "INSERT INTO secret (ref, subject_kind, subject_id, field, value, erased_at) "
        "SELECT comment_id, 'comment', comment_id, 'text', text, erased_at FROM comment_text"
    )
    op.drop_table("comment_text")


def _extend_comments() -> None:
    with op.batch_alter_table("comment") as table:
        table.add_column(sa.Column("key", sa.String(64)))
        table.add_column(sa.Column("about_kind", sa.String(10)))
        table.add_column(sa.Column("about_id", sa.String(100)))
        table.add_column(sa.Column("village_id", sa.String(100)))
        table.add_column(sa.Column("lon", sa.Double))
        table.add_column(sa.Column("lat", sa.Double))
        table.add_column(sa.Column("channel", sa.String(10)))
        table.add_column(sa.Column("stance", sa.String(10)))
        table.add_column(sa.Column("state", sa.String(10)))
        table.add_column(sa.Column("receipt", sa.String(64)))
        table.add_column(sa.Column("answer", sa.Text))
        table.add_column(sa.Column("answered_by", sa.String(32)))
        table.add_column(sa.Column("answered_at", sa.DateTime(timezone=True)))
        table.add_column(sa.Column("version", sa.Integer, nullable=False, server_default="1"))
        table.create_unique_constraint("uq_comment_key", ["key"])
        table.create_unique_constraint("uq_comment_receipt", ["receipt"])
    with op.batch_alter_table("comment") as table:
        table.alter_column("version", server_default=None)
