"""Lists of cases: filtered and bounded, from where each stands, without replaying anything."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select

from layers.records.database import Database
from layers.records.tables import incident as incident_table
from planning.incidents.moves import ENDED

_C = incident_table.c
_COLUMNS = (
    *(_C.id, _C.flow, _C.channel, _C.category, func.coalesce(_C.severity, "normal"), _C.state),
    *(func.coalesce(_C.level, "county"), _C.township, _C.cell, _C.lon, _C.lat, _C.assignee, _C.handler, _C.unit),
    *(_C.step, _C.step_due_at, _C.wakes_at, _C.due_at, func.coalesce(_C.is_provisional, false()), _C.merged_into),
    *(_C.road, _C.seq, _C.updated_pos, _C.created_at, _C.updated_at, _C.county_version),
)
_DUE = case((_C.due_at < _C.step_due_at, _C.due_at), else_=func.coalesce(_C.step_due_at, _C.due_at))
"""Until when something has to be done: the step that a case is in, or the whole case where that is due before."""
MOST_LISTED = 500


@dataclass(frozen=True)
class Within:
    """Whose cases: those that lie in one of the cells or townships, or are with one of the units or persons.

    Parameters
    ----------
    cells, townships
    units, persons
        Who is to deal with it.
    handler
        Account that has accepted it.
    """

    cells: Collection[str] = ()
    townships: Collection[str] = ()
    units: Collection[str] = ()
    persons: Collection[str] = ()
    handler: str | None = None


@dataclass(frozen=True)
class CaseFilter:
    """Which cases are asked for; ``None`` and nothing named mean all.

    Parameters
    ----------
    flow
    states, levels, categories, severities
    area
        Township or cell, by its code.
    within
        Areas, units and persons of whom a case has to be in one of any; ``None``: the whole county.
    assignees, handler
        Persons of the roster who are to deal with it, or the account that has accepted it: either suffices.
    overdue_at
        Only what is overdue at an instant.
    since, until
        Reported within, half-open.
    box
        West, south, east, north in degrees: where it has to be, borders included.
    """

    flow: str | None = None
    states: Collection[str] = ()
    levels: Collection[str] = ()
    categories: Collection[str] = ()
    severities: Collection[str] = ()
    area: str | None = None
    within: Within | None = None
    assignees: Collection[str] | None = None
    handler: str | None = None
    overdue_at: datetime | None = None
    since: datetime | None = None
    until: datetime | None = None
    box: tuple[float, float, float, float] | None = None


class ListedCase(NamedTuple):
    """A case as lists have it: the columns of its row, in their order in ``_COLUMNS``."""

    id: str
    flow: str
    channel: str
    category: str
    severity: str
    state: str
    level: str
    township: str | None
    cell: str | None
    lon: float
    lat: float
    assignee: str | None
    handler: str | None
    unit: str | None
    step: str | None
    step_due_at: datetime | None
    wakes_at: datetime | None
    due_at: datetime | None
    is_provisional: bool
    merged_into: str | None
    road: str | None
    version: int
    pos: int
    reported_at: datetime
    updated_at: datetime
    county_version: str


class CaseLists:
    """Lists of the cases in a database.

    Parameters
    ----------
    database
        As ``open_database`` returns it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(self, wanted: CaseFilter, *, limit: int, before: datetime | None = None) -> list[ListedCase]:
        """Return the latest reported, newest first."""
        asked = _asked(wanted).order_by(_C.created_at.desc(), _C.id.desc()).limit(limit)
        return self._rows(asked if before is None else asked.where(_C.created_at < before))

    def changed(self, wanted: CaseFilter, *, after: int, limit: int) -> list[ListedCase]:
        """Return what has changed since a position of the feed, in its order."""
        return self._rows(_asked(wanted).where(_C.updated_pos > after).order_by(_C.updated_pos).limit(limit))

    def by_deadline(self, wanted: CaseFilter, *, limit: int) -> list[ListedCase]:
        """Return what is due first, the longest reported first where several are due at one moment.

        What has no deadline, or whose clock stands still, comes last.
        """
        rests = or_(_DUE.is_(None), _C.state.in_([*ENDED, "paused"]))
        return self._rows(_asked(wanted).order_by(rests, _DUE, _C.created_at, _C.id).limit(limit))

    def nearest(self, wanted: CaseFilter, *, lon: float, lat: float, limit: int) -> list[ListedCase]:
        """Return what lies nearest to a place, degrees, of several at one spot the longest reported.

        As the crow flies; good over some kilometres.
        """
        east, north = (_C.lon - lon) * math.cos(math.radians(lat)), _C.lat - lat
        return self._rows(_asked(wanted).order_by(east * east + north * north, _C.created_at, _C.id).limit(limit))

    def waking(self, *, now: datetime, limit: int) -> list[str]:
        """Return the ids of those that the pass of the deadlines has to look at by now, the longest due first."""
        asked = select(_C.id).where(_C.wakes_at <= now).order_by(_C.wakes_at, _C.id).limit(limit)
        with self._database.reading() as connection:
            return list(connection.scalars(asked))

    def next_waking(self) -> datetime | None:
        """Return when the pass has to look next."""
        with self._database.reading() as connection:
            found: datetime | None = connection.scalar(select(func.min(_C.wakes_at)))
            return found

    def closed_roads(self) -> list[ListedCase]:
        """Return the cases whose road is closed until somebody opens it again."""
        return self._rows(_asked(CaseFilter()).where(_C.road.is_not(None)).order_by(_C.id))

    def count(self, wanted: CaseFilter) -> int:
        """Return how many there are."""
        with self._database.reading() as connection:
            return connection.scalar(select(func.count()).select_from(_asked(wanted).subquery())) or 0

    def latest_position(self) -> int:
        """Return the position of the latest change."""
        with self._database.reading() as connection:
            return connection.scalar(select(func.max(_C.updated_pos))) or 0

    def _rows(self, asked: Select[Any]) -> list[ListedCase]:
        with self._database.reading() as connection:
            return [ListedCase._make(row) for row in connection.execute(asked)]


def _asked(wanted: CaseFilter) -> Select[Any]:
    return select(*_COLUMNS).where(_C.seq.is_not(None), *_conditions(wanted))


def _conditions(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for column, values in (
        (_C.state, wanted.states),
        (_C.level, wanted.levels),
        (_C.category, wanted.categories),
        (_C.severity, wanted.severities),
    ):
        if values:
            found.append(column.in_(list(values)))
    if wanted.flow is not None:
        found.append(_C.flow == wanted.flow)
    if wanted.area is not None:
        found.append(or_(_C.township == wanted.area, _C.cell == wanted.area))
    if wanted.within is not None:
        found.append(_within(wanted.within))
    if wanted.assignees is not None:
        found.append(or_(_C.assignee.in_(list(wanted.assignees)), _handled_by(wanted.handler)))
    if wanted.overdue_at is not None:
        found.append(and_(wanted.overdue_at >= _DUE, _C.state.not_in([*ENDED, "paused"])))
    return [*found, *_when_and_where(wanted)]


def _when_and_where(wanted: CaseFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.since is not None:
        yield _C.created_at >= wanted.since
    if wanted.until is not None:
        yield _C.created_at < wanted.until
    if wanted.box is not None:
        west, south, east, north = wanted.box
        yield and_(_C.lon.between(west, east), _C.lat.between(south, north))


def _within(within: Within) -> ColumnElement[bool]:
    of = (
        (_C.cell, within.cells),
        (_C.township, within.townships),
        (_C.unit, within.units),
        (_C.assignee, within.persons),
    )
    named = [column.in_(list(values)) for column, values in of if values]
    return or_(false(), *named, _handled_by(within.handler))


def _handled_by(handler: str | None) -> ColumnElement[bool]:
    return false() if handler is None else _C.handler == handler
