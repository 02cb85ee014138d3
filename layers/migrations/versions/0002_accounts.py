"""Accounts, what they may do, who is signed in, and the audit of what was done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    _create_accounts()
    _create_sessions()
    _create_audit()


def _create_accounts() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("display", sa.String(60), nullable=False),
        sa.Column("password_hash", sa.String(200)),
        sa.Column("external_id", sa.String(200)),
        sa.Column("prefs", _JSON, nullable=False),
        sa.Column("must_change", sa.Boolean, nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(32)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("name", name="uq_account_name"),
        sa.UniqueConstraint("external_id", name="uq_account_external_id"),
    )
    op.create_table(
        "role_grant",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("account_id", sa.String(32), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("area_kind", sa.String(10), nullable=False),
        sa.Column("area_code", sa.String(60), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True)),
        sa.Column("by_id", sa.String(32)),
        sa.PrimaryKeyConstraint("id", name="pk_role_grant"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_role_grant_account"),
    )
    op.create_index("ix_role_grant_account_id", "role_grant", ["account_id"])


def _create_sessions() -> None:
    op.create_table(
        "session",
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("account_id", sa.String(32)),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("scopes", _JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("key_hash", name="pk_session"),
        sa.UniqueConstraint("id", name="uq_session_id"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_session_account"),
    )
    op.create_index("ix_session_account_id", "session", ["account_id"])
    op.create_table(
        "throttle",
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_throttle"),
    )


def _create_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("pos", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.String(32)),
        sa.Column("session_id", sa.String(32)),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("object_kind", sa.String(30), nullable=False),
        sa.Column("object_id", sa.String(100), nullable=False),
        sa.Column("from_addr", sa.String(64), nullable=False),
        sa.Column("detail", _JSON, nullable=False),
        sa.Column("prev_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("pos", name="pk_audit"),
    )
    op.create_index("ix_audit_at", "audit", ["at", "pos"])
    op.create_index("ix_audit_account_id", "audit", ["account_id", "pos"])
    op.create_index("ix_audit_action", "audit", ["action", "pos"])
    op.create_index("ix_audit_object_kind", "audit", ["object_kind", "pos"])
    op.create_index("ix_audit_object_id", "audit", ["object_id", "pos"])
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON audit "
                "BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
