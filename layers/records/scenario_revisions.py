"""Revisions of scenarios: autosave, history and undo are one tree of rows that stay, and a head that moves along it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from gis.faults import Fault, FaultsError, refuse_together
from layers.records.audit import Act
from layers.records.clock import now_of
from layers.records.database import Database
from layers.records.scenario import (
    LAYER,
    RevisionEntry,
    Scenario,
    ScenarioContent,
    ScenarioMovedOnError,
    ScenarioRevision,
)
from layers.records.scenario_rows import (
    add_revision,
    change_scenario,
    plain_content,
    revision_row,
    scenario_in_use,
    scenario_row,
    tell,
    tidy_scenario_name,
)
from layers.records.tables import scenario_revision as revision_table

_OF_ENTRY = [revision_table.c[field.name] for field in dataclasses.fields(RevisionEntry)]


@dataclass(frozen=True)
class Saved:
    """What came of saving.

    Parameters
    ----------
    scenario
        As it stands then.
    revision
        The one that counts then.
    is_new
        Whether this call made it; not so where the content is the one that counts already.
    """

    scenario: Scenario
    revision: ScenarioRevision
    is_new: bool


class RevisionStore:
    """Revisions of scenarios in a database; who may see or save them is the caller's to ask.

    Parameters
    ----------
    database
        As ``open_database`` returns it; may be shared by threads and processes.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(
        self, scenario_id: str, content: ScenarioContent, *, expected: int, act: Act, name: str | None = None
    ) -> Saved:
        """Append a revision; it counts from now on, unless another one does by now than the caller saw.

        Parameters
        ----------
        scenario_id
        content
        expected
            Number of the revision that the content was made from.
        act
            Recorded with the scenario as its object, whatever comes of it.
        name
            Another one for the scenario, unless the content is only kept beside it.

        Raises
        ------
        ScenarioMovedOnError
            If another revision counts by now; the content is kept beside it all the same.
        FaultsError
            ``unknown-scenario``, ``unknown-scenario-revision``, ``scenario-archived``,
            ``scenario-too-many-revisions``; whatever is wrong with the content and the name.
        """
        refuse_together(lambda: plain_content(content), lambda: name is None or tidy_scenario_name(name))
        called = {} if name is None else {"name": tidy_scenario_name(name)}
        with self._database.writing() as connection:
            saved, kept = _save(connection, scenario_id, plain_content(content), expected, act, **called)
        if kept is not None:  # told after the transaction: what is kept must not be rolled back
            raise ScenarioMovedOnError(expected=expected, head=saved.revision, kept=kept)
        return saved

    def undo(self, scenario_id: str, *, expected: int, act: Act) -> Saved:
        """Let the revision count from which the present one was made.

        Raises
        ------
        ScenarioMovedOnError
            If another revision counts by now than expected; nothing is changed then.
        FaultsError
            ``scenario-nothing-to-undo`` at the first; ``unknown-scenario``, ``scenario-archived``.
        """
        with self._database.writing() as connection:
            scenario, head = _head_as_expected(connection, scenario_id, expected)
            if head.parent is None:
                raise FaultsError([Fault("scenario-nothing-to-undo", LAYER, field="expected", value=str(head.n))])
            return _move(connection, scenario, head.parent, act)

    def redo(self, scenario_id: str, *, expected: int, act: Act) -> Saved:
        """Let the newest revision count that was made from the present one; what was only kept aside is left out.

        Raises
        ------
        ScenarioMovedOnError
            If another revision counts by now than expected; nothing is changed then.
        FaultsError
            ``scenario-nothing-to-redo``; ``unknown-scenario``, ``scenario-archived``.
        """
        with self._database.writing() as connection:
            scenario, head = _head_as_expected(connection, scenario_id, expected)
            children = (revision_table.c.parent == head.n) & revision_table.c.is_aside.is_(False)
            mine = (revision_table.c.scenario_id == scenario.id) & children
            newest = connection.scalar(select(func.max(revision_table.c.n)).where(mine))
            if newest is None:
                raise FaultsError([Fault("scenario-nothing-to-redo", LAYER, field="expected", value=str(head.n))])
            return _move(connection, scenario, newest, act)

    def revision(self, scenario_id: str, n: int | None = None) -> ScenarioRevision:
        """Return a revision with its body, the one that counts if none is named.

        Raises
        ------
        FaultsError
            ``unknown-scenario``, ``unknown-scenario-revision``.
        """
        with self._database.reading() as connection:
            scenario = scenario_row(connection, scenario_id)
            return revision_row(connection, scenario.id, scenario.head if n is None else n)

    def revisions(self, scenario_id: str, *, before: int | None = None, limit: int = 100) -> Sequence[RevisionEntry]:
        """Return revisions without their bodies, newest first.

        Parameters
        ----------
        scenario_id
        before
            Only those with a smaller number.
        limit

        Raises
        ------
        FaultsError
            ``unknown-scenario``.
        """
        with self._database.reading() as connection:
            scenario = scenario_row(connection, scenario_id)
            asked = select(*_OF_ENTRY).where(revision_table.c.scenario_id == scenario.id)
            older = asked if before is None else asked.where(revision_table.c.n < before)
            rows = connection.execute(older.order_by(revision_table.c.n.desc()).limit(limit))
            return [RevisionEntry(**row._mapping) for row in rows]


def _save(
    connection: Connection, scenario_id: str, content: ScenarioContent, expected: int, act: Act, **called: str
) -> tuple[Saved, int | None]:
    """Return what came of it, and the number under which the content is kept aside if it does not count."""
    scenario = scenario_in_use(connection, scenario_id)
    revision_row(connection, scenario_id, expected)
    head, now = revision_row(connection, scenario_id, scenario.head), now_of(connection)
    if _is_same(head, content):
        if called.get("name", scenario.name) != scenario.name:
            scenario = change_scenario(connection, scenario, now, **called)
        tell(connection, act, scenario_id, now, n=head.n, unchanged=True)
        return Saved(scenario, head, is_new=False), None
    by = act.actor.account_id
    if expected != head.n:
        kept = _kept_before(connection, scenario_id, content, expected)
        if kept is None:
            kept = add_revision(connection, scenario_id, content, parent=expected, is_aside=True, by=by, now=now).n
        tell(connection, act, scenario_id, now, n=kept, made_from=expected, aside=True)
        return Saved(scenario, head, is_new=False), kept
    new = add_revision(connection, scenario_id, content, parent=expected, by=by, now=now)
    moved = change_scenario(connection, scenario, now, head=new.n, county_version=new.county_version, **called)
    tell(connection, act, scenario_id, now, n=new.n, content_id=new.content_id)
    return Saved(moved, new, is_new=True), None


def _kept_before(connection: Connection, scenario_id: str, content: ScenarioContent, expected: int) -> int | None:
    """Return the number under which the same was made from the same before, as by a request that is repeated."""
    same = (
        (revision_table.c.scenario_id == scenario_id)
        & (revision_table.c.parent == expected)
        & (revision_table.c.content_id == content.content_id)
        & (revision_table.c.county_version == content.county_version)
    )
    kept: int | None = connection.scalar(select(func.max(revision_table.c.n)).where(same))
    return kept


def _is_same(head: ScenarioRevision, content: ScenarioContent) -> bool:
    return (head.content_id, head.county_version) == (content.content_id, content.county_version)


def _head_as_expected(connection: Connection, scenario_id: str, expected: int) -> tuple[Scenario, ScenarioRevision]:
    scenario = scenario_in_use(connection, scenario_id)
    head = revision_row(connection, scenario_id, scenario.head)
    if head.n != expected:
        raise ScenarioMovedOnError(expected=expected, head=head, kept=None)
    return scenario, head


def _move(connection: Connection, scenario: Scenario, n: int, act: Act) -> Saved:
    new, now = revision_row(connection, scenario.id, n), now_of(connection)
    moved = change_scenario(connection, scenario, now, head=n, county_version=new.county_version)
    tell(connection, act, scenario.id, now, n=n, moved_from=scenario.head)
    return Saved(moved, new, is_new=False)
