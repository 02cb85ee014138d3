"""What colleagues say about scenarios: that something was said stays, what was said can be erased."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, insert, null, select

from gis.faults import Fault, FaultsError
from layers.records.audit import Act
from layers.records.clock import now_of
from layers.records.database import Database
from layers.records.plain import storable
from layers.records.scenario import LAYER
from layers.records.scenario_rows import is_id, scenario_row, tell
from layers.records.secret_values import erase_secrets, keep_secrets
from layers.records.tables import comment as comment_table
from layers.records.tables import secret as secret_table

MOST_COMMENTS = 2_000
"""On one scenario, erased ones among them."""
MAX_COMMENT_CHARACTERS = 2_000
COMMENT = "comment"
"""Kind under which what was said rests among the secrets."""
_ON_SCENARIO = "scenario"


@dataclass(frozen=True)
class Comment:
    """What somebody said.

    Parameters
    ----------
    id
    subject_kind, subject_id
        About what.
    text
        ``None`` once it was erased.
    by_id
        Account, ``None`` in solo mode and on the command line.
    at
    erased_at
    """

    id: str
    subject_kind: str
    subject_id: str
    text: str | None
    by_id: str | None
    at: datetime
    erased_at: datetime | None = None


class CommentStore:
    """Comments in a database; who may read, make or erase them is the caller's to ask.

    Parameters
    ----------
    database
        As ``open_database`` returns it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def comment(self, scenario_id: str, text: str, *, act: Act) -> Comment:
        """Say something about a scenario.

        Parameters
        ----------
        scenario_id
        text
            May have several lines.
        act
            Recorded with the scenario as its object, without the text.

        Raises
        ------
        FaultsError
            ``scenario-bad-comment``, ``unknown-scenario``, ``scenario-too-many-comments``.
        """
        tidy = _tidy(text)
        with self._database.writing() as connection:
            scenario, now = scenario_row(connection, scenario_id, lock=True), now_of(connection)
            if _count(connection, scenario.id) >= MOST_COMMENTS:
                raise FaultsError([Fault("scenario-too-many-comments", LAYER, params={"limit": MOST_COMMENTS})])
            made = Comment(uuid.uuid4().hex, _ON_SCENARIO, scenario.id, tidy, act.actor.account_id, now)
            row = {name: value for name, value in vars(made).items() if name in comment_table.c}
            connection.execute(insert(comment_table).values({**row, "version": 1}))
            keep_secrets(connection, COMMENT, made.id, {"text": tidy})
            tell(connection, act, scenario.id, now, comment=made.id)
            return made

    def comments(self, scenario_id: str, *, limit: int = MOST_COMMENTS) -> list[Comment]:
        """Return the latest comments on a scenario, in the order in which they were made.

        Raises
        ------
        FaultsError
            ``unknown-scenario``.
        """
        with self._database.reading() as connection:
            scenario = scenario_row(connection, scenario_id)
            newest = _asked().where(*_on(scenario.id)).order_by(comment_table.c.at.desc(), comment_table.c.id.desc())
            return [Comment(**row._mapping) for row in connection.execute(newest.limit(limit))][::-1]

    def get(self, comment_id: str) -> Comment | None:
        """Return a comment, ``None`` if there is none of this id."""
        with self._database.reading() as connection:
            return _one(connection, comment_id)

    def erase_comment(self, comment_id: str, *, act: Act) -> Comment | None:
        """Erase what was said; that something was said stays.

        Parameters
        ----------
        comment_id
        act
            Recorded with the scenario as its object.

        Returns
        -------
        Comment
            ``None`` if there is none of this id.
        """
        with self._database.writing() as connection:
            found = _one(connection, comment_id)
            if found is None:
                return None
            now = now_of(connection)
            erase_secrets(connection, COMMENT, comment_id, now=now)
            tell(connection, act, found.subject_id, now, comment=comment_id, erased=True)
            return _one(connection, comment_id)


def _tidy(text: str) -> str:
    """Return a text without blanks around it, its lines ended alike."""
    tidy = "\n".join(text.strip().splitlines())
    if not 0 < len(tidy) <= MAX_COMMENT_CHARACTERS or storable(tidy) != tidy:
        limit = {"limit": MAX_COMMENT_CHARACTERS}
        raise FaultsError([Fault("scenario-bad-comment", LAYER, field="text", params=limit)])
    return tidy


def _asked() -> Select[tuple[object, ...]]:
    is_erased = secret_table.c.erased_at.is_not(None)
    words = case((is_erased, null()), else_=secret_table.c.value).label("text")
    said = and_(
        secret_table.c.subject_kind == COMMENT,
        secret_table.c.subject_id == comment_table.c.id,
        secret_table.c.field == "text",
    )
    told = [comment_table.c[name] for name in ("id", "subject_kind", "subject_id", "by_id", "at")]
    return select(*told, words, secret_table.c.erased_at).join_from(comment_table, secret_table, said)


def _on(scenario_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return comment_table.c.subject_id == scenario_id, comment_table.c.subject_kind == _ON_SCENARIO


def _count(connection: Connection, scenario_id: str) -> int:
    counted = select(func.count()).select_from(comment_table).where(*_on(scenario_id))
    return int(connection.scalar(counted) or 0)


def _one(connection: Connection, comment_id: str) -> Comment | None:
    if not is_id(comment_id):
        return None
    mine = (comment_table.c.id == comment_id, comment_table.c.subject_kind == _ON_SCENARIO)
    row = connection.execute(_asked().where(*mine)).first()
    return Comment(**row._mapping) if row else None
