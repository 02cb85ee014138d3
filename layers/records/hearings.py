"""What the public says of publications: received once, decided together or not at all, erasable for good."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select

from gis.faults import Fault, FaultsError
from layers.records.audit import Act, record
from layers.records.clock import now_of
from layers.records.comments import COMMENT
from layers.records.database import Database
from layers.records.publication import LAYER, Publication
from layers.records.publications import publication_row
from layers.records.remark import (
    MOST_REMARKS,
    Decision,
    NewRemark,
    Remark,
    RemarkFilter,
    RemarkTally,
)
from layers.records.remark_rows import (
    change_remark,
    count_remarks,
    new_row,
    remark_of_key,
    remarks_by_id,
    remarks_where,
    tally_of,
)
from layers.records.secret_values import erase_secrets, keep_secrets, secrets_of
from layers.records.tables import comment as comment_table

CONTACT_KEPT = timedelta(days=365)
"""Name and telephone are erased a year after a publication closes: by then every answer has been given."""
_PERSON = ("name", "phone")


class HearingStore:
    """Remarks on publications in a database; who may receive, read or decide them is the caller's to ask.

    Parameters
    ----------
    database
        As ``open_database`` returns it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def receive(self, new: NewRemark, *, act: Act) -> tuple[Remark, bool]:
        """Keep a remark; the same key again is the remark that is there.

        Parameters
        ----------
        new
            From the public while the publication is open; by staff as long as it was not withdrawn.
        act
            Recorded with the remark as its object, without what was said.

        Returns
        -------
        Remark, bool
            And whether it is new.

        Raises
        ------
        FaultsError
            ``unknown-publication``, ``publication-withdrawn``, ``publication-closed``, ``remark-key-used`` for a key
            under which something else was said, ``publication-too-many-remarks``.
        """
        with self._database.writing() as connection:
            publication, now = publication_row(connection, new.slug, lock=True), now_of(connection)
            known = remark_of_key(connection, new.key_hash)
            if known is not None:
                return _same(connection, known, new), False
            _refuse_late(publication, new, now)
            if count_remarks(connection, new.slug) >= MOST_REMARKS:
                limit = {"limit": MOST_REMARKS}
                raise FaultsError([Fault("publication-too-many-remarks", LAYER, params=limit)])
            row = new_row(new, id_=uuid.uuid4().hex, by_id=act.actor.account_id, now=now)
            connection.execute(insert(comment_table).values(row))
            said = {"text": new.text, "name": new.name, "phone": new.phone}
            until = dict.fromkeys(_PERSON, contact_kept_until(publication))
            keep_secrets(connection, COMMENT, row["id"], said, erase_after=until)
            detail = {"publication": new.slug, "channel": new.channel}
            record(connection, replace(act, object_id=row["id"], detail=detail), at=now)
            return remarks_by_id(connection, new.slug, [row["id"]])[row["id"]], True

    def by_receipt(self, slug: str, code: str) -> Remark | None:
        """Return the remark of a receipt code, ``None`` if there is none."""
        found = self.find(slug, RemarkFilter(receipt=code), limit=1)
        return found[0] if found else None

    def get(self, slug: str, remark_id: str) -> Remark | None:
        """Return a remark with what was said, without who said it; ``None`` if there is none of this id."""
        with self._database.reading() as connection:
            return remarks_by_id(connection, slug, [remark_id]).get(remark_id)

    def find(self, slug: str, wanted: RemarkFilter, *, limit: int = MOST_REMARKS, offset: int = 0) -> list[Remark]:
        """Return remarks with what was said, without who said it, the latest first."""
        with self._database.reading() as connection:
            asked = remarks_where(slug, wanted).order_by(comment_table.c.at.desc(), comment_table.c.id.desc())
            ids = list(connection.scalars(asked.with_only_columns(comment_table.c.id).limit(limit).offset(offset)))
            found = remarks_by_id(connection, slug, ids)
            return [found[id_] for id_ in ids]

    def count(self, slug: str, wanted: RemarkFilter) -> int:
        """Return how many remarks there are of a kind."""
        with self._database.reading() as connection:
            counted = select(func.count()).select_from(remarks_where(slug, wanted).subquery())
            return int(connection.scalar(counted) or 0)

    def with_person(self, slug: str, remark_id: str, *, act: Act) -> Remark | None:
        """Return a remark with who said it.

        Parameters
        ----------
        slug, remark_id
        act
            That somebody's name was looked at is recorded, with the remark as its object.
        """
        with self._database.writing() as connection:
            found = remarks_by_id(connection, slug, [remark_id]).get(remark_id)
            if found is None:
                return None
            person = secrets_of(connection, COMMENT, [remark_id], fields=_PERSON).get(remark_id, {})
            record(connection, act.about(remark_id))
            return replace(found, name=person.get("name", ""), phone=person.get("phone", ""))

    def decide(self, slug: str, decisions: Sequence[Decision], *, act: Act) -> list[Remark]:
        """Show, hide or answer remarks: all of them, or none.

        Parameters
        ----------
        slug
        decisions
            At most one for a remark. One that changes nothing leaves its remark as it is.
        act
            Recorded once, with the remark as its object if it is one, else the publication.

        Returns
        -------
        list of Remark
            Those that were changed.

        Raises
        ------
        FaultsError
            With ``row``, counted from 1, for each: ``unknown-remark``, ``remark-moved-on`` where somebody else has
            changed it since.
        """
        with self._database.writing() as connection:
            publication_row(connection, slug, lock=True)
            known = remarks_by_id(connection, slug, [one.id for one in decisions])
            faults = [
                fault
                for number, one in enumerate(decisions, start=1)
                if (fault := _misfit(number, one, known.get(one.id))) is not None
            ]
            if faults:
                raise FaultsError(faults)
            now, by = now_of(connection), act.actor.account_id
            changed = [
                one for one in decisions if (known[one.id].state, known[one.id].answer) != (one.state, one.answer)
            ]
            for one in changed:
                change_remark(connection, known[one.id], one, by_id=by, now=now)
            if changed:
                about = changed[0].id if len(decisions) == 1 else slug
                kind = "comment" if len(decisions) == 1 else "publication"
                detail = {"publication": slug, "count": len(changed)}
                record(connection, replace(act, object_kind=kind, object_id=about, detail=detail), at=now)
            after = remarks_by_id(connection, slug, [one.id for one in changed])
            return [after[one.id] for one in changed]

    def erase(self, slug: str, remark_id: str, *, act: Act) -> Remark | None:
        """Erase what was said and who said it; that something was said, and its answer, stay.

        Returns
        -------
        Remark
            As it stands then, ``None`` if there is none of this id.
        """
        with self._database.writing() as connection:
            found = remarks_by_id(connection, slug, [remark_id]).get(remark_id)
            if found is None:
                return None
            now = now_of(connection)
            erase_secrets(connection, COMMENT, remark_id, now=now)
            record(connection, replace(act, object_id=remark_id, detail={"publication": slug, "erased": True}), at=now)
            return remarks_by_id(connection, slug, [remark_id])[remark_id]

    def tally(self, slug: str) -> RemarkTally:
        """Return how many remarks there are of each kind."""
        with self._database.reading() as connection:
            return tally_of(connection, slug)


def contact_kept_until(publication: Publication) -> datetime:
    """Return when names and telephones of those who made remarks are erased."""
    return publication.closes_at + CONTACT_KEPT


def _refuse_late(publication: Publication, new: NewRemark, now: datetime) -> None:
    stage = publication.stage(now)
    if stage == "withdrawn" or (stage == "closed" and new.channel == "web"):
        raise FaultsError([Fault(f"publication-{stage}", LAYER, field="slug", value=new.slug)])


def _same(connection: Connection, known: Remark, new: NewRemark) -> Remark:
    """Return the remark of a key, if it says the same; what was erased is taken to have said so."""
    found = remarks_by_id(connection, new.slug, [known.id])[known.id]
    told = (found.about_kind, found.about_id, found.stance, found.text or new.text)
    if told != (new.about_kind, new.about_id, new.stance, new.text):
        raise FaultsError([Fault("remark-key-used", LAYER, field="key")])
    return found


def _misfit(number: int, decision: Decision, known: Remark | None) -> Fault | None:
    if known is None:
        return Fault("unknown-remark", LAYER, row=number, field="id", value=decision.id[:80])
    if decision.version not in (None, known.version):
        return Fault("remark-moved-on", LAYER, row=number, field="version", value=str(decision.version))
    return None
