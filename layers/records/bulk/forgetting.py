"""Invented cases leave the database again; a case that is real never does."""

from __future__ import annotations

from sqlalchemy import Connection, delete, exists, func, select

from layers.records.audit import Act, record
from layers.records.database import Database
from layers.records.tables import attachment, audit, incident, incident_event, secret

EXAMPLE = "example"
"""Channel of invented cases; their ids say so too, and by that alone the log lets them go."""


def is_untouched(database: Database) -> bool:
    """Whether there is no case at all and there never was an invented one."""
    with database.reading() as connection:
        had = select(exists().where(audit.c.action == "incident.examples-added"))
        return not connection.scalar(select(exists().select_from(incident))) and not connection.scalar(had)


def examples_in_use(database: Database) -> int:
    """Return how many real cases have been merged into an invented one: they have to be taken apart first."""
    with database.reading() as connection:
        invented = select(incident.c.id).where(incident.c.channel == EXAMPLE)
        asked = select(func.count()).where(incident.c.channel != EXAMPLE, incident.c.merged_into.in_(invented))
        return connection.scalar(asked) or 0


def forget_examples(database: Database, *, act: Act) -> int:
    """Delete all invented cases with what belongs to them, and return how many there were."""
    with database.writing() as connection:
        invented = select(incident.c.id).where(incident.c.channel == EXAMPLE)
        count = connection.scalar(select(func.count()).select_from(invented.subquery())) or 0
        _delete(connection)
        if count:
            record(connection, Act(act.actor, act.action, act.object_kind, act.object_id, {"count": count}))
    return count


def _delete(connection: Connection) -> None:
    invented = select(incident.c.id).where(incident.c.channel == EXAMPLE).scalar_subquery()
    for table in (secret, attachment):
        connection.execute(delete(table).where(table.c.subject_kind == "incident", table.c.subject_id.in_(invented)))
    connection.execute(delete(incident_event).where(incident_event.c.incident_id.in_(invented)))
    connection.execute(delete(incident).where(incident.c.channel == EXAMPLE))
