"""Incidents and their append-only events."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import ProgrammingError

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create both tables, the triggers, and on PostGIS the point."""
    _create_tables()
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        _refuse_changes_sqlite()
        return
    _refuse_changes_postgresql()
    if _postgis(connection):
        op.execute(
            "ALTER TABLE incident ADD COLUMN geom geometry(Point, 4490) "
            "GENERATED ALWAYS AS (ST_SetSRID(ST_MakePoint(lon, lat), 4490)) STORED"
        )
        op.execute("CREATE INDEX ix_incident_geom ON incident USING gist (geom)")


def _create_tables() -> None:
    op.create_table(
        "incident",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("idempotency_key", sa.String(200), nullable=False),
        sa.Column("county_version", sa.String(100), nullable=False),
        sa.Column("lon", sa.Double, nullable=False),
        sa.Column("lat", sa.Double, nullable=False),
        sa.Column("cell", sa.String(15)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_incident"),
        sa.UniqueConstraint("idempotency_key", name="uq_incident_idempotency_key"),
    )
    op.create_index("ix_incident_created_at", "incident", ["created_at"])
    op.create_table(
        "incident_event",
        sa.Column("incident_id", sa.String(40), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("incident_id", "seq", name="pk_incident_event"),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_incident_event_incident"),
    )


def _refuse_changes_sqlite() -> None:
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER incident_event_no_{verb.lower()} BEFORE {verb} ON incident_event "
            "BEGIN SELECT RAISE(ABORT, 'incident_event is append-only'); END"
        )


def _refuse_changes_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER incident_event_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON incident_event "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _postgis(connection: sa.Connection) -> bool:
    """Return whether PostGIS is here, installing it where the server offers it and we may."""
    offered = connection.scalar(sa.text("SELECT count(*) FROM pg_available_extensions WHERE name = 'postgis'"))
    if not offered:
        return False
    try:
        with connection.begin_nested():
            op.execute("CREATE EXTENSION IF NOT EXISTS postgis SCHEMA public")
    except ProgrammingError:  # only the database's administrator may install it
        return False
    return True
