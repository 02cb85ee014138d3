"""Scenarios as their owners and those they are shared with see them: kept, listed, named, put away, copied."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select
from sqlalchemy.exc import IntegrityError

from gis.faults import Fault, refuse_together
from layers.records.audit import Act
from layers.records.clock import now_of
from layers.records.conflicts import ConflictError
from layers.records.database import Database
from layers.records.scenario import LAYER, Level, NewScenario, Scenario, ScenarioContent, Viewer
from layers.records.scenario_levels import is_owned_by, is_shared_with, levels_of
from layers.records.scenario_rows import (
    add_revision,
    add_scenario,
    change_scenario,
    is_id,
    plain_content,
    revision_row,
    scenario_row,
    tell,
    tidy_scenario_name,
)
from layers.records.tables import scenario as scenario_table

A_PAGE = 50


@dataclass(frozen=True)
class ScenarioPage:
    """Some of the scenarios that somebody may see, the one changed last first.

    Parameters
    ----------
    entries
        Each with what the viewer may do with it.
    following
        The place to go on from, ``None`` if nothing is left.
    """

    entries: tuple[tuple[Scenario, Level], ...]
    following: tuple[datetime, str] | None


class ScenarioStore:
    """Scenarios in a database.

    Reading asks what the viewer may see; of the methods that write the caller asks ``level_of`` before.

    Parameters
    ----------
    database
        As ``open_database`` returns it; may be shared by threads and processes.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, new: NewScenario, *, act: Act) -> Scenario:
        """Keep a scenario with its first revision.

        Parameters
        ----------
        new
        act
            Recorded with the scenario as its object.

        Raises
        ------
        FaultsError
            With everything that is wrong with name and content.
        ConflictError
            If the key belongs to a scenario of somebody else, or of another content.
        """
        refuse_together(lambda: tidy_scenario_name(new.name), lambda: plain_content(new.content))
        return self._made_once(lambda connection: _made_under(connection, new) or _create(connection, new, act))

    def get(self, scenario_id: str, viewer: Viewer) -> Scenario | None:
        """Return a scenario that the viewer may see, ``None`` if there is none of this id."""
        return self.seen(scenario_id, viewer)[0]

    def level_of(self, scenario_id: str, viewer: Viewer) -> Level | None:
        """Return what the viewer may do with a scenario, ``None`` if not even see it."""
        return self.seen(scenario_id, viewer)[1]

    def seen(self, scenario_id: str, viewer: Viewer) -> tuple[Scenario, Level] | tuple[None, None]:
        """Return a scenario and what the viewer may do with it; nothing if there is none that the viewer may see."""
        if not is_id(scenario_id):
            return None, None
        with self._database.reading() as connection:
            row = connection.execute(select(scenario_table).where(scenario_table.c.id == scenario_id)).first()
            if row is None:
                return None, None
            scenario = Scenario(**row._mapping)
            level = levels_of(connection, [scenario], viewer, now=now_of(connection)).get(scenario.id)
            return (scenario, level) if level else (None, None)

    def visible_to(
        self,
        viewer: Viewer,
        *,
        archived: bool = False,
        limit: int = A_PAGE,
        after: tuple[datetime, str] | None = None,
    ) -> ScenarioPage:
        """Return the scenarios that the viewer owns or that are shared with the viewer, the one changed last first.

        Parameters
        ----------
        viewer
        archived
            Those that were put away instead of those in use.
        limit
        after
            ``ScenarioPage.following`` of the page before.
        """
        with self._database.reading() as connection:
            now = now_of(connection)
            asked = _visible(viewer, archived=archived, now=now)
            rows = connection.execute(_later(asked, after).limit(limit + 1))
            found = [Scenario(**row._mapping) for row in rows]
            shown = found[:limit]
            levels = levels_of(connection, shown, viewer, now=now)
        following = (shown[-1].changed_at, shown[-1].id) if len(found) > limit else None
        return ScenarioPage(tuple((one, levels[one.id]) for one in shown if one.id in levels), following)

    def rename(self, scenario_id: str, name: str, *, act: Act) -> Scenario:
        """Give a scenario another name.

        Raises
        ------
        FaultsError
            ``scenario-bad-name``, ``unknown-scenario``.
        """
        tidy = tidy_scenario_name(name)
        with self._database.writing() as connection:
            scenario, now = scenario_row(connection, scenario_id, lock=True), now_of(connection)
            renamed = scenario if scenario.name == tidy else change_scenario(connection, scenario, now, name=tidy)
            tell(connection, act, scenario_id, now, version=renamed.version)
            return renamed

    def archive(self, scenario_id: str, *, act: Act, archived: bool = True) -> Scenario:
        """Put a scenario away so that it is listed apart and changed no more, or take it out again.

        Raises
        ------
        FaultsError
            ``unknown-scenario``.
        """
        with self._database.writing() as connection:
            scenario, now = scenario_row(connection, scenario_id, lock=True), now_of(connection)
            if (scenario.archived_at is not None) != archived:
                scenario = change_scenario(connection, scenario, now, archived_at=now if archived else None)
            tell(connection, act, scenario_id, now, version=scenario.version)
            return scenario

    def clone(
        self, scenario_id: str, n: int | None, *, owner: str | None, name: str, act: Act, key: str | None = None
    ) -> Scenario:
        """Keep a copy of a revision as a scenario of its own.

        Parameters
        ----------
        scenario_id
        n
            Number of the revision, ``None`` for the one that counts.
        owner
            Of the copy.
        name
            Of the copy.
        act
            Recorded with the copy as its object.
        key
            Id of the copy, as for ``NewScenario``.

        Raises
        ------
        FaultsError
            ``scenario-bad-name``, ``unknown-scenario``, ``unknown-scenario-revision``.
        ConflictError
            As for ``create``.
        """
        tidy_scenario_name(name)

        def copy(connection: Connection) -> Scenario:
            source = scenario_row(connection, scenario_id)
            copied = revision_row(connection, scenario_id, source.head if n is None else n)
            content = ScenarioContent(copied.body, copied.content_id, copied.county_version)
            place = source.county_name, source.county_code
            new = NewScenario(name, owner, *place, content, parent_id=source.id, key=key)
            return _made_under(connection, new) or _create(connection, new, act, copied=copied.n)

        return self._made_once(copy)

    def _made_once(self, make: Callable[[Connection], Scenario]) -> Scenario:
        """Return what is made, or what the same key has made in between."""
        try:
            with self._database.writing() as connection:
                return make(connection)
        except IntegrityError:
            with self._database.writing() as connection:
                return make(connection)


def _made_under(connection: Connection, new: NewScenario) -> Scenario | None:
    """Return the scenario that was made under the key before, ``None`` if none was."""
    row = None
    if new.key is not None:
        row = connection.execute(select(scenario_table).where(scenario_table.c.id == new.key)).first()
    if row is None:
        return None
    made = Scenario(**row._mapping)
    first = revision_row(connection, made.id, 1)
    if (made.owner, made.parent_id, first.content_id) != (new.owner, new.parent_id, new.content.content_id):
        raise ConflictError([Fault("scenario-key-taken", layer=LAYER, field="key", value=made.id)])
    return made


def _create(connection: Connection, new: NewScenario, act: Act, **detail: int) -> Scenario:
    now, content = now_of(connection), plain_content(new.content)
    scenario = Scenario(
        id=new.key or uuid.uuid4().hex,
        name=tidy_scenario_name(new.name),
        owner=new.owner,
        county_name=new.county_name,
        county_code=new.county_code,
        county_version=content.county_version,
        head=1,
        parent_id=new.parent_id,
        created_at=now,
        changed_at=now,
        archived_at=None,
        version=1,
    )
    add_scenario(connection, scenario)
    add_revision(connection, scenario.id, content, parent=None, by=act.actor.account_id, now=now)
    of_copy = {"copy_of": new.parent_id} if new.parent_id else {}
    tell(connection, act, scenario.id, now, n=1, content_id=content.content_id, **of_copy, **detail)
    return scenario


def _visible(viewer: Viewer, *, archived: bool, now: datetime) -> Select[tuple[object, ...]]:
    away = scenario_table.c.archived_at
    return select(scenario_table).where(
        away.is_not(None) if archived else away.is_(None),
        or_(is_owned_by(viewer), scenario_table.c.id.in_(is_shared_with(viewer, now=now))),
    )


def _later(asked: Select[tuple[object, ...]], after: tuple[datetime, str] | None) -> Select[tuple[object, ...]]:
    """Return what is asked for from a place on, the one changed last first."""
    changed, own = scenario_table.c.changed_at, scenario_table.c.id
    ordered = asked.order_by(changed.desc(), own.desc())
    if after is None:
        return ordered
    older: ColumnElement[bool] = or_(changed < after[0], and_(changed == after[0], own < after[1]))
    return ordered.where(older)
