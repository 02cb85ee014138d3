"""Schemes that were adopted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "adoption",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("scenario_id", sa.String(32), nullable=False),
        sa.Column("scenario_n", sa.Integer, nullable=False),
        sa.Column("content_id", sa.String(64), nullable=False),
        sa.Column("service", sa.String(40), nullable=False),
        sa.Column("sites", sa.Integer, nullable=False),
        sa.Column("from_date", sa.String(10), nullable=False),
        sa.Column("decision", sa.String(200), nullable=False),
        sa.Column("county_code", sa.Text, nullable=False),
        sa.Column("from_version", sa.String(100), nullable=False),
        sa.Column("to_version", sa.String(100), nullable=False),
        sa.Column("by_id", sa.String(32)),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.Column("withdrawn_by", sa.String(32)),
        sa.Column("reason", sa.String(200)),
        sa.Column("withdrawn_from", sa.String(100)),
        sa.Column("withdrawn_to", sa.String(100)),
        sa.PrimaryKeyConstraint("id", name="pk_adoption"),
        sa.ForeignKeyConstraint(
            ["scenario_id", "scenario_n"],
            ["scenario_revision.scenario_id", "scenario_revision.n"],
            name="fk_adoption_scenario_revision",
        ),
    )
    op.create_index("ix_adoption_at", "adoption", ["county_code", "at"])
