"""Scenarios for tests of their records: contents that differ by a number, and who acts."""

from __future__ import annotations

import hashlib

from sqlalchemy import select

from layers.records.audit import Act, Actor, broken_links
from layers.records.database import Database
from layers.records.scenario import NewScenario, ScenarioContent
from layers.records.tables import audit

OWNER = "a" * 32
ACT = Act(Actor(OWNER, "s1", "10.0.0.7"), "scenario.saved", "scenario")
SOLO = Act(Actor(), "scenario.saved", "scenario")


def content(number: int, *, county_version: str = "v1", note: str = "") -> ScenarioContent:
    """Return a content of its own for every number."""
    body = {"question": {"service": "home", "p": number}, "edits": [{"op": "close", "target": f"桥{number}"}]}
    return ScenarioContent(body, content_id(number), county_version, note)


def content_id(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def new(number: int = 0, *, owner: str | None = OWNER, name: str = "关闭大桥") -> NewScenario:
    return NewScenario(name, owner, "临邑县", "371424", content(number))


def acts(database: Database) -> list[tuple[str, str, str, dict[str, object]]]:
    """Return the audit, whose chain holds: action, kind, object, detail."""
    with database.reading() as connection:
        assert not broken_links(connection)
        rows = connection.execute(select(audit).order_by(audit.c.pos))
        return [(row.action, row.object_kind, row.object_id, row.detail) for row in rows]
