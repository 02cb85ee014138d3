"""With whom scenarios are shared: accounts and roles, to read, to comment or to edit, until it is taken back."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import Connection, Row, insert, select, update

from gis.faults import Fault, FaultsError
from layers.records.audit import Act
from layers.records.clock import now_of
from layers.records.database import Database
from layers.records.scenario import LAYER, SHARE_LEVELS, Scenario, ShareLevel
from layers.records.scenario_levels import holds
from layers.records.scenario_rows import is_id, scenario_row, tell
from layers.records.tables import account as account_table
from layers.records.tables import scenario_share as share_table

SubjectKind = Literal["account", "role"]
SUBJECT_KINDS: tuple[SubjectKind, ...] = get_args(SubjectKind)
MOST_SHARES = 200
"""That hold at a time."""
_LONGEST_ROLE = 32


@dataclass(frozen=True)
class Subject:
    """Whom a scenario is shared with: an account by its id, or everybody who has a role."""

    kind: SubjectKind
    id: str


@dataclass(frozen=True)
class ScenarioShare:
    """A scenario is somebody's to read, comment or edit.

    Parameters
    ----------
    id, scenario_id
    subject
    level
    by_id
        Who shared it.
    from_at, until_at
        Without an end it holds until it is taken back.
    """

    id: str
    scenario_id: str
    subject: Subject
    level: ShareLevel
    by_id: str | None
    from_at: datetime
    until_at: datetime | None


class ShareStore:
    """Shares of scenarios in a database; who may share is the caller's to ask.

    Parameters
    ----------
    database
        As ``open_database`` returns it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def shares(self, scenario_id: str) -> list[ScenarioShare]:
        """Return the shares of a scenario that hold now, the first made first.

        Raises
        ------
        FaultsError
            ``unknown-scenario``.
        """
        with self._database.reading() as connection:
            return _shares(connection, scenario_row(connection, scenario_id), now=now_of(connection))

    def share(
        self, scenario_id: str, subject: Subject, level: ShareLevel, *, act: Act, until_at: datetime | None = None
    ) -> ScenarioShare:
        """Share a scenario; what the subject had of it before ends.

        Parameters
        ----------
        scenario_id
        subject
            That a role is one, the caller knows.
        level
        act
            Recorded with the scenario as its object.
        until_at
            Aware; without it the share holds until it is taken back.

        Raises
        ------
        FaultsError
            ``unknown-scenario``; ``scenario-bad-share`` for another kind of subject or level;
            ``scenario-share-nobody`` if there is no such account, or it is the owner's;
            ``scenario-too-many-shares``.
        """
        _refuse_unknown_words(subject, level)
        with self._database.writing() as connection:
            scenario, now = scenario_row(connection, scenario_id, lock=True), now_of(connection)
            _refuse_nobody(connection, scenario, subject)
            before = _shares(connection, scenario, now=now)
            same = [one for one in before if one.subject == subject]
            made = next((one for one in same if (one.level, one.until_at) == (level, until_at)), None)
            if made is None:
                for one in same:
                    _end(connection, one, now)
                if len(before) - len(same) >= MOST_SHARES:
                    raise FaultsError([Fault("scenario-too-many-shares", LAYER, params={"limit": MOST_SHARES})])
                by = act.actor.account_id
                made = ScenarioShare(uuid.uuid4().hex, scenario_id, subject, level, by, now, until_at)
                _insert(connection, made)
            tell(connection, act, scenario_id, now, share=made.id, kind=subject.kind, subject=subject.id, level=level)
            return made

    def unshare(self, scenario_id: str, share_id: str, *, act: Act) -> ScenarioShare | None:
        """Take back a share; its row stays.

        Returns
        -------
        ScenarioShare
            As it ended, ``None`` if none of this id holds now.

        Raises
        ------
        FaultsError
            ``unknown-scenario``.
        """
        with self._database.writing() as connection:
            scenario, now = scenario_row(connection, scenario_id, lock=True), now_of(connection)
            ended = next((one for one in _shares(connection, scenario, now=now) if one.id == share_id), None)
            if ended is not None:
                ended = _end(connection, ended, now)
            tell(connection, act, scenario_id, now, share=share_id[:32], ended=ended is not None)
            return ended


def _refuse_unknown_words(subject: Subject, level: ShareLevel) -> None:
    known = {"kind": (subject.kind, SUBJECT_KINDS), "level": (level, SHARE_LEVELS)}
    faults = [
        Fault("scenario-bad-share", LAYER, field=name, value=str(given)[:80], params={"known": ", ".join(words)})
        for name, (given, words) in known.items()
        if given not in words
    ]
    if faults:
        raise FaultsError(faults)


def _refuse_nobody(connection: Connection, scenario: Scenario, subject: Subject) -> None:
    if subject.kind == "role" and 0 < len(subject.id) <= _LONGEST_ROLE and subject.id.isprintable():
        return
    is_other = subject.kind == "account" and is_id(subject.id) and subject.id != scenario.owner
    may = select(account_table.c.id).where(account_table.c.id == subject.id, account_table.c.disabled_at.is_(None))
    if not is_other or connection.scalar(may) is None:
        raise FaultsError([Fault("scenario-share-nobody", LAYER, field="subject", value=subject.id[:80])])


def _shares(connection: Connection, scenario: Scenario, *, now: datetime) -> list[ScenarioShare]:
    mine = select(share_table).where(share_table.c.scenario_id == scenario.id, holds(now))
    return [_share(row) for row in connection.execute(mine.order_by(share_table.c.from_at, share_table.c.id))]


def _share(row: Row[tuple[object, ...]]) -> ScenarioShare:
    subject = Subject(row.subject_kind, row.subject)
    return ScenarioShare(row.id, row.scenario_id, subject, row.level, row.by_id, row.from_at, row.until_at)


def _insert(connection: Connection, made: ScenarioShare) -> None:
    row = {name: value for name, value in vars(made).items() if name != "subject"}
    told = {**row, "subject_kind": made.subject.kind, "subject": made.subject.id}
    connection.execute(insert(share_table).values(told))


def _end(connection: Connection, share: ScenarioShare, now: datetime) -> ScenarioShare:
    connection.execute(update(share_table).where(share_table.c.id == share.id).values(until_at=now))
    return ScenarioShare(**{**vars(share), "until_at": now})
