"""Scenarios with their revisions, whom they are shared with, and what colleagues say about them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    _create_scenarios()
    _create_revisions()
    _refuse_changes()
    _create_shares()
    _create_comments()
    op.add_column("run", sa.Column("scenario_id", sa.String(32)))
    op.add_column("run", sa.Column("scenario_n", sa.Integer))
    op.create_index("ix_run_scenario_id", "run", ["scenario_id", "scenario_n"])


def _create_scenarios() -> None:
    op.create_table(
        "scenario",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("owner", sa.String(32)),
        sa.Column("county_name", sa.Text, nullable=False),
        sa.Column("county_code", sa.Text, nullable=False),
        sa.Column("county_version", sa.String(100), nullable=False),
        sa.Column("head", sa.Integer, nullable=False),
        sa.Column("parent_id", sa.String(32)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_scenario"),
    )
    op.create_index("ix_scenario_owner", "scenario", ["owner", "changed_at"])


def _create_revisions() -> None:
    op.create_table(
        "scenario_revision",
        sa.Column("scenario_id", sa.String(32), nullable=False),
        sa.Column("n", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("parent", sa.Integer),
        sa.Column("is_aside", sa.Boolean, nullable=False),
        sa.Column("content_id", sa.String(64), nullable=False),
        sa.Column("county_version", sa.String(100), nullable=False),
        sa.Column("body", _JSON, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.String(32)),
        sa.Column("note", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("scenario_id", "n", name="pk_scenario_revision"),
        sa.ForeignKeyConstraint(["scenario_id"], ["scenario.id"], name="fk_scenario_revision_scenario"),
        sa.ForeignKeyConstraint(
            ["scenario_id", "parent"],
            ["scenario_revision.scenario_id", "scenario_revision.n"],
            name="fk_scenario_revision_scenario_revision",
        ),
    )
    op.create_index("ix_scenario_revision_parent", "scenario_revision", ["scenario_id", "parent"])


def _refuse_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER scenario_revision_no_{verb.lower()} BEFORE {verb} ON scenario_revision "
                "BEGIN SELECT RAISE(ABORT, 'scenario_revision is append-only'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER scenario_revision_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON scenario_revision "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _create_shares() -> None:
    op.create_table(
        "scenario_share",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("scenario_id", sa.String(32), nullable=False),
        sa.Column("subject_kind", sa.String(10), nullable=False),
        sa.Column("subject", sa.String(32), nullable=False),
        sa.Column("level", sa.String(10), nullable=False),
        sa.Column("by_id", sa.String(32)),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_scenario_share"),
        sa.ForeignKeyConstraint(["scenario_id"], ["scenario.id"], name="fk_scenario_share_scenario"),
    )
    op.create_index("ix_scenario_share_scenario_id", "scenario_share", ["scenario_id"])
    op.create_index("ix_scenario_share_subject", "scenario_share", ["subject", "subject_kind"])


def _create_comments() -> None:
    op.create_table(
        "comment",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("subject_kind", sa.String(20), nullable=False),
        sa.Column("subject_id", sa.String(100), nullable=False),
        sa.Column("by_id", sa.String(32)),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_comment"),
    )
    op.create_index("ix_comment_subject_id", "comment", ["subject_id", "subject_kind", "at"])
    op.create_table(
        "comment_text",
        sa.Column("comment_id", sa.String(32), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("comment_id", name="pk_comment_text"),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name="fk_comment_text_comment"),
    )
