"""Questions and results of runs for the tests of their storage."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from layers.records.audit import Act, Actor
from layers.records.database import Database
from layers.records.files import FileStore
from layers.records.run import Lane, Question, Result
from layers.records.tables import audit as audit_table


def question(
    name: str = "q", *, lane: Lane = "short", code: str = "edition", body: dict[str, Any] | None = None
) -> Question:
    return Question("plan", name, {"service": "hub"} if body is None else body, "county", code, lane)


def act(action: str = "plan.asked") -> Act:
    return Act(Actor("a"), action, "run")


def actions(database: Database) -> list[tuple[str, str]]:
    columns = audit_table.c.action, audit_table.c.object_id
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(select(*columns).order_by(audit_table.c.pos))]


def some_result(files: FileStore, *, content: bytes = b'{"answer":1}', claim: bytes | None = None) -> Result:
    kind = "application/json"
    stored = None if claim is None else files.put(claim, media_type=kind)
    return Result(files.put(content, media_type=kind), stored, {"status": "optimal", "final": True})


def anything(value: str) -> dict[str, Any]:
    return {value: [value, 1, None]}
