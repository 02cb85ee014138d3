"""The register of publications: published once, withdrawn at most once, never deleted.

Nothing of it changes but that counter-proposals come to it: :mod:`layers.records.counter_runs`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import Connection, Row, insert, select, update

from gis.faults import Fault, FaultsError
from layers.records.audit import Act, record
from layers.records.clock import now_of
from layers.records.database import Database
from layers.records.files import name_files
from layers.records.plain import storable
from layers.records.publication import (
    LAYER,
    MAX_REASON_CHARACTERS,
    MAX_TEXT_CHARACTERS,
    MAX_TITLE_CHARACTERS,
    NewPublication,
    Publication,
)
from layers.records.tables import publication as publication_table

MOST_LISTED = 500
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,58})[a-z0-9]")


class PublicationStore:
    """Publications in a database; who may publish is the caller's to ask.

    Parameters
    ----------
    database
        As ``open_database`` returns it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def publish(self, new: NewPublication, *, act: Act) -> Publication:
        """Enter a scheme into the register, with its files, in one transaction.

        Parameters
        ----------
        new
            Its files are on disk.
        act
            Recorded with the publication as its object.

        Raises
        ------
        FaultsError
            ``publication-bad-slug``, ``publication-bad-title``, ``publication-bad-text``,
            ``publication-closes-early``, ``publication-slug-taken``; all but the last together.
        """
        _refuse(list(_faults(new)))
        with self._database.writing() as connection:
            if _row(connection, new.slug) is not None:
                raise FaultsError([Fault("publication-slug-taken", LAYER, field="slug", value=new.slug)])
            name_files(connection, [new.body, *new.files.values()])
            connection.execute(insert(publication_table).values(_values(new, act)))
            record(connection, replace(act, object_id=new.slug, detail={**act.detail, "sha": new.body.sha}), at=new.at)
            made = _row(connection, new.slug)
            if made is None:
                raise RuntimeError("a row that was written is not there")
            return made

    def get(self, slug: str) -> Publication | None:
        """Return a publication, ``None`` if there is none of this name."""
        with self._database.reading() as connection:
            return _row(connection, slug)

    def register(self, *, limit: int = MOST_LISTED) -> list[Publication]:
        """Return the latest publications, those withdrawn among them, newest first."""
        newest = select(publication_table).order_by(publication_table.c.at.desc(), publication_table.c.slug)
        with self._database.reading() as connection:
            return [_publication(row) for row in connection.execute(newest.limit(limit))]

    def withdraw(self, slug: str, reason: str, *, act: Act) -> Publication | None:
        """Withdraw a publication; what was published and heard stays, with the reason.

        Parameters
        ----------
        slug
        reason
            As everybody reads it.
        act
            Recorded with the publication as its object.

        Returns
        -------
        Publication
            As it stands then, ``None`` if there is none of this name. One that was withdrawn keeps its first reason.

        Raises
        ------
        FaultsError
            ``publication-bad-reason``.
        """
        words = "\n".join(reason.strip().splitlines())
        if not 0 < len(words) <= MAX_REASON_CHARACTERS or storable(words) != words:
            limit = {"limit": MAX_REASON_CHARACTERS}
            raise FaultsError([Fault("publication-bad-reason", LAYER, field="reason", params=limit)])
        with self._database.writing() as connection:
            found = _row(connection, slug, lock=True)
            if found is None or found.withdrawn_at is not None:
                return found
            now = now_of(connection)
            mine = update(publication_table).where(publication_table.c.slug == slug)
            values = {"withdrawn_at": now, "withdrawn_by": act.actor.account_id, "reason": words}
            connection.execute(mine.values(values))
            record(connection, act.about(slug), at=now)
            return _row(connection, slug)


def is_slug(text: str) -> bool:
    """Tell whether a text can be the name of a publication in an address."""
    return _SLUG.fullmatch(text) is not None


def _faults(new: NewPublication) -> Iterator[Fault]:
    if not is_slug(new.slug):
        yield Fault("publication-bad-slug", LAYER, field="slug", value=new.slug[:80])
    is_line = new.title.strip() == new.title and new.title.isprintable() and storable(new.title) == new.title
    if not 0 < len(new.title) <= MAX_TITLE_CHARACTERS or not is_line:
        limit = {"limit": MAX_TITLE_CHARACTERS}
        yield Fault("publication-bad-title", LAYER, field="title", value=new.title[:80], params=limit)
    if len(new.text) > MAX_TEXT_CHARACTERS or storable(new.text) != new.text:
        yield Fault("publication-bad-text", LAYER, field="text", params={"limit": MAX_TEXT_CHARACTERS})
    if new.closes_at <= new.at:
        yield Fault("publication-closes-early", LAYER, field="closes_at", value=new.closes_at.isoformat())


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise FaultsError(faults)


def _values(new: NewPublication, act: Act) -> dict[str, object]:
    return {
        **{name: getattr(new, name) for name in ("slug", "title", "text", "at", "closes_at")},
        "body_sha": new.body.sha,
        "files": {name: one.sha for name, one in new.files.items()},
        "runs": list(new.runs),
        "by_id": act.actor.account_id,
    }


def publication_row(connection: Connection, slug: str, *, lock: bool = False) -> Publication:
    """Return a publication, locked where it is asked for; on SQLite nobody else can write anyway.

    Raises
    ------
    FaultsError
        ``unknown-publication``.
    """
    found = _row(connection, slug, lock=lock)
    if found is None:
        raise FaultsError([Fault("unknown-publication", LAYER, field="slug", value=slug[:80])])
    return found


def _row(connection: Connection, slug: str, *, lock: bool = False) -> Publication | None:
    if not is_slug(slug):  # what callers write may hold characters that a database refuses
        return None
    asked = select(publication_table).where(publication_table.c.slug == slug)
    row = connection.execute(asked.with_for_update() if lock else asked).first()
    return _publication(row) if row else None


def _publication(row: Row[tuple[object, ...]]) -> Publication:
    return Publication(**{**row._mapping, "runs": tuple(row.runs)})
