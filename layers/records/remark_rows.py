"""Rows of remarks in a transaction: made, read with what was said, changed, counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select, update

from layers.records.comments import COMMENT
from layers.records.remark import Decision, NewRemark, Remark, RemarkFilter, RemarkTally, receipt_hash
from layers.records.scenario_rows import is_id
from layers.records.secret_values import secrets_of
from layers.records.tables import comment as comment_table

ON_PUBLICATION = "publication"
_SAME = ("about_kind", "about_id", "village_id", "lon", "lat", "channel", "stance")
_AT_A_TIME = 500
"""Rows that one question names: databases take only so many parameters."""


def new_row(new: NewRemark, *, id_: str, by_id: str | None, now: datetime) -> dict[str, Any]:
    """Return the row of a remark that comes in; what was said is no part of it."""
    return {
        "id": id_,
        "key": new.key_hash,
        "subject_kind": ON_PUBLICATION,
        "subject_id": new.slug,
        "by_id": by_id,
        "at": now,
        **{name: getattr(new, name) for name in _SAME},
        "state": "new",
        "receipt": receipt_hash(new.slug, new.receipt),
        "answer": "",
        "answered_by": None,
        "answered_at": None,
        "version": 1,
    }


def remark_of_key(connection: Connection, key_hash: str) -> Remark | None:
    """Return the remark that came in under a key, without what was said; ``None`` if none did."""
    row = connection.execute(select(comment_table).where(comment_table.c.key == key_hash)).first()
    return _remark(row, {}) if row else None


def remarks_by_id(connection: Connection, slug: str, ids: Sequence[str]) -> dict[str, Remark]:
    """Return remarks on a publication with what was said, those that there are."""
    found: dict[str, Remark] = {}
    ids = [one for one in ids if is_id(one)]
    said = secrets_of(connection, COMMENT, ids, fields=("text",))
    for start in range(0, len(ids), _AT_A_TIME):
        part = comment_table.c.id.in_(ids[start : start + _AT_A_TIME])
        for row in connection.execute(select(comment_table).where(*_on(slug), part)):
            found[row.id] = _remark(row, said.get(row.id, {}))
    return found


def remarks_where(slug: str, wanted: RemarkFilter) -> Select[Any]:
    """Return the question for the remarks on a publication that a filter names."""
    asked = select(comment_table).where(*_on(slug))
    for name in ("state", "channel", "about_kind", "about_id", "stance"):
        if value := getattr(wanted, name):
            asked = asked.where(comment_table.c[name] == value)
    if wanted.answered is not None:
        asked = asked.where((comment_table.c.answer != "") == wanted.answered)
    if wanted.receipt:
        asked = asked.where(comment_table.c.receipt == receipt_hash(slug, wanted.receipt))
    return asked


def change_remark(
    connection: Connection, known: Remark, decision: Decision, *, by_id: str | None, now: datetime
) -> None:
    """Write what was decided; an answer that is as it was keeps who gave it."""
    values: dict[str, Any] = {"state": decision.state, "version": known.version + 1}
    if decision.answer != known.answer:
        is_given = decision.answer != ""
        values |= {"answer": decision.answer, "answered_by": by_id if is_given else None}
        values["answered_at"] = now if is_given else None
    connection.execute(update(comment_table).where(comment_table.c.id == known.id).values(values))


def count_remarks(connection: Connection, slug: str) -> int:
    """Return how many remarks there are on a publication."""
    return int(connection.scalar(select(func.count()).select_from(comment_table).where(*_on(slug))) or 0)


def tally_of(connection: Connection, slug: str) -> RemarkTally:
    """Count the remarks on a publication by subject, stance, channel and state."""
    answered = func.count().filter(comment_table.c.answer != "")
    total, answers = connection.execute(select(func.count(), answered).where(*_on(slug))).one()
    kind, subject = comment_table.c.about_kind, comment_table.c.about_id
    counted = select(kind, subject, func.count()).where(*_on(slug)).group_by(kind, subject)
    rows = sorted(connection.execute(counted), key=lambda row: (-row[2], row[0], row[1]))
    return RemarkTally(
        total=int(total),
        answered=int(answers),
        states=_counts(connection, slug, "state"),
        channels=_counts(connection, slug, "channel"),
        stances=_counts(connection, slug, "stance"),
        subjects={(row[0], row[1]): int(row[2]) for row in rows},
    )


def _counts(connection: Connection, slug: str, name: str) -> dict[str, int]:
    column = comment_table.c[name]
    counted = select(column, func.count()).where(*_on(slug)).group_by(column)
    return {code: int(count) for code, count in sorted(tuple(row) for row in connection.execute(counted))}


def _on(slug: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return comment_table.c.subject_id == slug, comment_table.c.subject_kind == ON_PUBLICATION


def _remark(row: Row[Any], said: Mapping[str, str]) -> Remark:
    told = {name: row._mapping[name] for name in ("id", *_SAME, "state", "at", "by_id", "answer", "version")}
    answered = {"answered_by": row.answered_by, "answered_at": row.answered_at}
    return Remark(slug=row.subject_id, **told, **answered, text=said.get("text"))
