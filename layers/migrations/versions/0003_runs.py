"""Computations that last, and the files of their results."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "run",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("question_id", sa.String(64), nullable=False),
        sa.Column("question", _JSON, nullable=False),
        sa.Column("county_version", sa.String(100), nullable=False),
        sa.Column("code_version", sa.String(40), nullable=False),
        sa.Column("lane", sa.String(10), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("asked_by", sa.String(32)),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("cancel_at", sa.DateTime(timezone=True)),
        sa.Column("owner", sa.String(64)),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("progress", _JSON, nullable=False),
        sa.Column("summary", _JSON, nullable=False),
        sa.Column("result_sha", sa.String(64)),
        sa.Column("claim_sha", sa.String(64)),
        sa.Column("error", _JSON),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
    )
    op.create_index("ix_run_state", "run", ["state", "lane", "asked_at"])
    op.create_index("ix_run_question_id", "run", ["question_id", "code_version"])
    op.create_index("ix_run_asked_by", "run", ["asked_by", "asked_at"])
    op.create_table(
        "file",
        sa.Column("sha", sa.String(64), nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("media_type", sa.String(80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha", name="pk_file"),
    )
