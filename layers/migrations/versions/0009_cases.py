"""Cases: where each stands, who works where, messages and files; what was said in words moves to what can be erased."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_MOMENT = sa.DateTime(timezone=True)
_AT_A_TIME = 1000


def upgrade() -> None:
    """Add the columns, fill them, and make the tables."""
    _extend_cases()
    _extend_events()
    _fill()
    _create_attachments()
    _create_staff()
    _create_messages()


def _extend_cases() -> None:
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


_EVENT = sa.table(
    "incident_event",
    sa.column("incident_id", sa.String),
    sa.column("seq", sa.Integer),
    sa.column("kind", sa.String),
    sa.column("at", _MOMENT),
    sa.column("payload", _JSON),
    sa.column("pos", sa.BigInteger),
    sa.column("stored_at", _MOMENT),
)
_CASE = sa.table(
    "incident",
    sa.column("id", sa.String),
    sa.column("category", sa.String),
    sa.column("severity", sa.String),
    sa.column("state", sa.String),
    sa.column("level", sa.String),
    sa.column("township", sa.String),
    sa.column("assignee", sa.String),
    sa.column("due_at", _MOMENT),
    sa.column("is_provisional", sa.Boolean),
    sa.column("seq", sa.Integer),
    sa.column("updated_pos", sa.BigInteger),
    sa.column("updated_at", _MOMENT),
)
_SECRET = sa.table(
    "secret",
    sa.column("ref", sa.String),
    sa.column("subject_kind", sa.String),
    sa.column("subject_id", sa.String),
    sa.column("field", sa.String),
    sa.column("value", sa.Text),
)


def _fill() -> None:
    """Number all events in the order in which they happened, take the words out of them, say where each case stands."""
    connection = op.get_bind()
    _let_change(connection, allowed=True)
    asked = sa.select(_EVENT.c.incident_id, _EVENT.c.seq, _EVENT.c.kind, _EVENT.c.at, _EVENT.c.payload).order_by(
        _EVENT.c.at, _EVENT.c.incident_id, _EVENT.c.seq
    )
    rows = connection.execute(asked).all()
    for first in range(0, len(rows), _AT_A_TIME):
        _fill_some(connection, first, rows[first : first + _AT_A_TIME])
    _let_change(connection, allowed=False)


def _fill_some(connection: sa.Connection, first: int, rows: Any) -> None:
    events, cases, texts = [], [], []
    for pos, row in enumerate(rows, start=first + 1):
        payload = dict(row.payload)
        said = payload.pop("text", "") if row.kind == "reported" else ""
        events.append(
            {"of": row.incident_id, "n": row.seq, "new_payload": payload, "new_pos": pos, "new_stored_at": row.at}
        )
        if said:
            texts.append(_text_row(row.incident_id, said))
        cases.append({"of": row.incident_id, **_stands(row.kind, payload), "n": row.seq, "new_pos": pos, "at": row.at})
    connection.execute(
        sa.update(_EVENT)
        .where(_EVENT.c.incident_id == sa.bindparam("of"), _EVENT.c.seq == sa.bindparam("n"))
        .values(
            payload=sa.bindparam("new_payload"),
            pos=sa.bindparam("new_pos"),
            stored_at=sa.bindparam("new_stored_at"),
        ),
        events,
    )
    if texts:
        connection.execute(sa.insert(_SECRET), texts)
    for case in cases:
        known = {name: case[name] for name in case if name not in ("of", "n", "new_pos", "at")}
        told = {"seq": case["n"], "updated_pos": case["new_pos"], "updated_at": case["at"]}
        connection.execute(sa.update(_CASE).where(_CASE.c.id == case["of"]).values(**known, **told))


def _text_row(incident_id: str, said: str) -> dict[str, str]:
    """Return what was said as a value that can be erased: the text of the first event."""
    about = {"subject_kind": "incident", "subject_id": incident_id, "field": "text-1"}
    return {"ref": uuid.uuid4().hex, "value": said, **about}


def _stands(kind: str, payload: dict[str, Any]) -> dict[str, Any]:
    """Return what an event of the version before says of its case: a report, then an assignment."""
    if kind == "reported":
        return {"category": payload["category"], "severity": "normal", "state": "reported", "level": "county"}
    return {
        "state": "assigned",
        "level": payload.get("level"),
        "township": (payload.get("params") or {}).get("township_id"),
        "assignee": payload.get("assignee_id"),
        "due_at": datetime.fromisoformat(payload["due_at"]).astimezone(UTC) if payload.get("due_at") else None,
        "is_provisional": False,
    }


def _let_change(connection: sa.Connection, *, allowed: bool) -> None:
    """Lift the triggers of the log for this one rewriting, and put them back."""
    if connection.dialect.name == "postgresql":
        op.execute(f"ALTER TABLE incident_event {'DISABLE' if allowed else 'ENABLE'} TRIGGER USER")
        return
    for verb in ("UPDATE", "DELETE"):
        name = f"incident_event_no_{verb.lower()}"
        op.execute(
            f"DROP TRIGGER {name}"
            if allowed
            else f"CREATE TRIGGER {name} BEFORE {verb} ON incident_event "
            "BEGIN SELECT RAISE(ABORT, 'incident_event is append-only'); END"
        )


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
        sa.Column("ended_at", _MOMENT),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_unit"),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.String(100), nullable=False),
        sa.Column("account_id", sa.String(32)),
        sa.Column("unit_id", sa.String(60)),
        sa.Column("kind", sa.String(20), nullable=False),
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
    op.create_table(
        "leave",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(100), nullable=False),
        sa.Column("from_at", _MOMENT, nullable=False),
        sa.Column("until_at", _MOMENT, nullable=False),
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
