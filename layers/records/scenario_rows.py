"""Rows of scenarios and their revisions in a transaction: read, locked, added, and what may stand in them."""

from __future__ import annotations

import dataclasses
import json
import re
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from gis.faults import Fault, FaultsError
from layers.records.audit import Act, record
from layers.records.plain import storable
from layers.records.scenario import (
    LAYER,
    MAX_BODY_BYTES,
    MAX_NAME_CHARACTERS,
    MAX_NOTE_CHARACTERS,
    MOST_REVISIONS,
    Scenario,
    ScenarioContent,
    ScenarioRevision,
)
from layers.records.tables import scenario as scenario_table
from layers.records.tables import scenario_revision as revision_table

_ID = re.compile(r"[0-9a-f]{32}")


def is_id(text: str) -> bool:
    """Tell whether a text can be an id: what callers write may hold characters that a database refuses."""
    return _ID.fullmatch(text) is not None


def scenario_row(connection: Connection, scenario_id: str, *, lock: bool = False) -> Scenario:
    """Return a scenario.

    Parameters
    ----------
    connection
    scenario_id
    lock
        Let nobody else change it until the transaction ends; on SQLite nobody can anyway.

    Raises
    ------
    FaultsError
        ``unknown-scenario``.
    """
    asked = select(scenario_table).where(scenario_table.c.id == scenario_id)
    row = connection.execute(asked.with_for_update() if lock else asked).first() if is_id(scenario_id) else None
    if row is None:
        raise FaultsError([Fault("unknown-scenario", LAYER, field="id", value=scenario_id[:80])])
    return Scenario(**row._mapping)


def scenario_in_use(connection: Connection, scenario_id: str) -> Scenario:
    """Return a scenario that may be worked on, locked.

    Raises
    ------
    FaultsError
        ``unknown-scenario``; ``scenario-archived`` if it was put away.
    """
    scenario = scenario_row(connection, scenario_id, lock=True)
    if scenario.archived_at is not None:
        raise FaultsError([Fault("scenario-archived", LAYER, field="id", value=scenario.name)])
    return scenario


def change_scenario(connection: Connection, scenario: Scenario, now: datetime, **values: Any) -> Scenario:
    """Change a locked row and return it as it stands then."""
    new = {**values, "changed_at": now, "version": scenario.version + 1}
    connection.execute(update(scenario_table).where(scenario_table.c.id == scenario.id).values(new))
    return dataclasses.replace(scenario, **new)


def add_scenario(connection: Connection, scenario: Scenario) -> None:
    """Add a row; its first revision follows in the same transaction."""
    connection.execute(insert(scenario_table).values(vars(scenario)))


def revision_row(connection: Connection, scenario_id: str, n: int) -> ScenarioRevision:
    """Return a revision.

    Raises
    ------
    FaultsError
        ``unknown-scenario-revision``.
    """
    asked = select(revision_table).where(revision_table.c.scenario_id == scenario_id, revision_table.c.n == n)
    row = connection.execute(asked).first() if is_id(scenario_id) and 1 <= n <= MOST_REVISIONS else None
    if row is None:
        raise FaultsError([Fault("unknown-scenario-revision", LAYER, field="n", value=str(n))])
    return ScenarioRevision(**row._mapping)


def add_revision(
    connection: Connection,
    scenario_id: str,
    content: ScenarioContent,
    *,
    parent: int | None,
    is_aside: bool = False,
    by: str | None,
    now: datetime,
) -> ScenarioRevision:
    """Append a revision of a locked scenario under the next number.

    Raises
    ------
    FaultsError
        ``scenario-too-many-revisions``.
    """
    last = connection.scalar(select(func.max(revision_table.c.n)).where(revision_table.c.scenario_id == scenario_id))
    if (last or 0) >= MOST_REVISIONS:
        raise FaultsError([Fault("scenario-too-many-revisions", LAYER, params={"limit": MOST_REVISIONS})])
    revision = ScenarioRevision(
        scenario_id=scenario_id,
        n=(last or 0) + 1,
        parent=parent,
        is_aside=is_aside,
        content_id=content.content_id,
        county_version=content.county_version,
        at=now,
        by_id=by,
        note=content.note,
        body=content.body,
    )
    connection.execute(insert(revision_table).values(vars(revision)))
    return revision


def tell(connection: Connection, act: Act, scenario_id: str, now: datetime, **detail: Any) -> None:
    """Record what was done to a scenario; call this last."""
    told = dataclasses.replace(act, object_kind="scenario", object_id=scenario_id, detail={**act.detail, **detail})
    record(connection, told, at=now)


def tidy_scenario_name(name: str) -> str:
    """Return a name on one line, with single blanks.

    Raises
    ------
    FaultsError
        ``scenario-bad-name``.
    """
    tidy = " ".join(name.split())  # also wide blanks, which do not count as printable
    if not (0 < len(tidy) <= MAX_NAME_CHARACTERS and tidy.isprintable()):
        limit = {"limit": MAX_NAME_CHARACTERS}
        raise FaultsError([Fault("scenario-bad-name", LAYER, field="name", value=name[:80], params=limit)])
    return tidy


def plain_content(content: ScenarioContent) -> ScenarioContent:
    """Return a content as both kinds of database keep it.

    Raises
    ------
    FaultsError
        With everything that is wrong: ``scenario-body-too-large``, ``scenario-body-not-plain``,
        ``scenario-bad-note``.
    """
    faults: list[Fault] = []
    try:
        written = json.dumps(content.body, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        written = ""
    body: Any = json.loads(written) if written else None
    if not isinstance(body, dict) or storable(body) != body:
        faults.append(Fault("scenario-body-not-plain", LAYER, field="body"))
    elif len(written.encode()) > MAX_BODY_BYTES:
        limit = {"limit": MAX_BODY_BYTES // 1000, "kb": -(-len(written.encode()) // 1000)}
        faults.append(Fault("scenario-body-too-large", LAYER, field="body", params=limit))
    note = " ".join(content.note.split())
    if len(note) > MAX_NOTE_CHARACTERS or not note.isprintable():
        faults.append(Fault("scenario-bad-note", LAYER, field="note", params={"limit": MAX_NOTE_CHARACTERS}))
    if faults:
        raise FaultsError(faults)
    return dataclasses.replace(content, body=body, note=note)
