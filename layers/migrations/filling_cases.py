"""What migration 0009 does to the cases that are there; it knows the rows of that day and nothing of the program."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_MOMENT = sa.DateTime(timezone=True)
_AT_A_TIME = 1000
_REFUSED = "SELECT RAISE(ABORT, 'incident_event is append-only')"

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


def fill_cases(connection: sa.Connection) -> None:
    """Number all events in the order in which they happened, take the words out of them, say where each case stands.

    Parameters
    ----------
    connection
        Of the migration, the columns there.
    """
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
        connection.execute(sa.text(f"ALTER TABLE incident_event {'DISABLE' if allowed else 'ENABLE'} TRIGGER USER"))
        return
    for verb in ("UPDATE", "DELETE"):
        name = f"incident_event_no_{verb.lower()}"
        made = f"CREATE TRIGGER {name} BEFORE {verb} ON incident_event BEGIN {_REFUSED}; END"
        connection.execute(sa.text(f"DROP TRIGGER {name}" if allowed else made))


def let_examples_go(connection: sa.Connection) -> None:
    """Let events of invented cases, which their ids tell apart, be deleted; of all others nothing changes."""
    is_real = "OLD.incident_id NOT LIKE '________-______-example-%'"
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("DROP TRIGGER incident_event_no_change ON incident_event"))
        for name, verbs, when in (
            ("change", "UPDATE OR TRUNCATE ON incident_event FOR EACH STATEMENT", ""),
            ("delete", "DELETE ON incident_event FOR EACH ROW", f"WHEN ({is_real}) "),
        ):
            made = f"CREATE TRIGGER incident_event_no_{name} BEFORE {verbs} {when}EXECUTE FUNCTION refuse_change()"
            connection.execute(sa.text(made))
        return
    connection.execute(sa.text("DROP TRIGGER incident_event_no_delete"))
    made = "CREATE TRIGGER incident_event_no_delete BEFORE DELETE ON incident_event WHEN"
    connection.execute(sa.text(f"{made} {is_real} BEGIN {_REFUSED}; END"))
