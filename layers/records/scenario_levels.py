"""What somebody may do with a scenario: all of it as its owner, else as far as it is shared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, and_, false, or_, select

from layers.records.scenario import LEVELS, Level, Scenario, Viewer
from layers.records.tables import scenario as scenario_table
from layers.records.tables import scenario_share as share_table


def is_owned_by(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition that a scenario is the viewer's own."""
    owner = scenario_table.c.owner
    return owner.is_(None) if viewer.account_id is None else owner == viewer.account_id


def is_shared_with(viewer: Viewer, *, now: datetime) -> Select[tuple[str]]:
    """Return the ids of scenarios that are shared with the viewer, as a query."""
    return select(share_table.c.scenario_id).where(_subjects(viewer), holds(now))


def holds(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a share has not ended."""
    until = share_table.c.until_at
    return and_(share_table.c.from_at <= now, or_(until.is_(None), until > now))


def levels_of(
    connection: Connection, scenarios: Sequence[Scenario], viewer: Viewer, *, now: datetime
) -> dict[str, Level]:
    """Return the most that the viewer may do with each scenario; those that the viewer may not see are left out.

    Parameters
    ----------
    connection
    scenarios
    viewer
    now
    """
    found: dict[str, Level] = {one.id: "owner" for one in scenarios if one.owner == viewer.account_id}
    shared = select(share_table.c.scenario_id, share_table.c.level).where(
        share_table.c.scenario_id.in_([one.id for one in scenarios]), _subjects(viewer), holds(now)
    )
    for scenario_id, level in connection.execute(shared):
        if scenario_id not in found or LEVELS.index(level) > LEVELS.index(found[scenario_id]):
            found[scenario_id] = level
    return found


def _subjects(viewer: Viewer) -> ColumnElement[bool]:
    kind, subject = share_table.c.subject_kind, share_table.c.subject
    mine = and_(kind == "account", subject == viewer.account_id) if viewer.account_id is not None else false()
    return or_(mine, and_(kind == "role", subject.in_(viewer.roles)))
