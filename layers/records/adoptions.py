"""Adopted schemes as records: who decided what, from when, and which build of the county has its sites."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, text, update

from gis.faults import Fault, FaultsError
from layers.records.audit import Act, record
from layers.records.clock import now_of
from layers.records.database import Database
from layers.records.plain import storable
from layers.records.scenario import LAYER
from layers.records.tables import adoption as adoption_table

KIND = "adoption"
_LOCK = 371424_003
"""Key of the advisory lock that lets one transaction of a PostgreSQL database change the county at a time."""


class Move(NamedTuple):
    """A county went from one build to another."""

    at: datetime
    from_version: str
    to_version: str


@dataclass(frozen=True)
class Adoption:
    """A decision for a scheme.

    Parameters
    ----------
    id
    scenario_id, scenario_n, content_id
        The revision that was adopted.
    service
    sites
        How many facilities it plans.
    from_date
        From when, ``2027-01-01``.
    decision
        The document that says so, by its title or number.
    county_code
    from_version, to_version
        The builds of the county before and after.
    by_id, at
    withdrawn_at, withdrawn_by, reason, withdrawn_from, withdrawn_to
        Likewise, where it was withdrawn.
    """

    id: str
    scenario_id: str
    scenario_n: int
    content_id: str
    service: str
    sites: int
    from_date: str
    decision: str
    county_code: str
    from_version: str
    to_version: str
    by_id: str | None
    at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None
    reason: str | None = None
    withdrawn_from: str | None = None
    withdrawn_to: str | None = None

    @property
    def moves(self) -> tuple[Move, ...]:
        """How it moved the county from build to build."""
        moves = (Move(self.at, self.from_version, self.to_version),)
        if self.withdrawn_at is None or self.withdrawn_from is None or self.withdrawn_to is None:
            return moves
        return (*moves, Move(self.withdrawn_at, self.withdrawn_from, self.withdrawn_to))


Settle = Callable[[Move | None], str | None]
"""Told the last move of the county that was recorded; finishes it if that is still to do, and returns the build that
counts."""


class AdoptionStore:
    """Adoptions in a database; who may decide is the caller's to ask.

    Parameters
    ----------
    database
        As ``open_database`` returns it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def all_of(self, county_code: str) -> list[Adoption]:
        """Return the adoptions of a county, the last one first, withdrawn ones included."""
        with self._database.reading() as connection:
            return _all_of(connection, county_code)

    def in_force(self, id_: str) -> Adoption:
        """Return an adoption that was not withdrawn.

        Raises
        ------
        FaultsError
            ``unknown-adoption``; ``adoption-withdrawn``.
        """
        with self._database.reading() as connection:
            return _in_force(connection, id_)

    def in_force_for(self, scenario_id: str, n: int) -> Adoption | None:
        """Return the decision for a revision of a scenario that was not withdrawn, ``None`` if there is none."""
        mine = (adoption_table.c.scenario_id == scenario_id, adoption_table.c.scenario_n == n)
        asked = select(adoption_table).where(*mine, adoption_table.c.withdrawn_at.is_(None)).limit(1)
        with self._database.reading() as connection:
            row = connection.execute(asked).first()
            return None if row is None else Adoption(**row._mapping)

    def add(self, new: Adoption, *, settle: Settle, act: Act) -> Adoption:
        """Record a decision; the caller then makes its build the current one.

        Parameters
        ----------
        new
            ``at`` is set here.
        settle
            Called in the transaction.
        act
            Recorded with the adoption as its object.

        Raises
        ------
        FaultsError
            ``county-moved-on`` if the county is another build by now than the one that the decision starts from.
        """
        with self._database.writing() as connection:
            _take_turn(connection, new.county_code, new.from_version, settle)
            made = replace(new, at=now_of(connection))
            connection.execute(insert(adoption_table).values(vars(made)))
            record(connection, act.about(made.id), at=made.at)
            return made

    def withdraw(
        self, id_: str, reason: str, *, from_version: str, to_version: str, settle: Settle, act: Act
    ) -> Adoption:
        """Record that a decision does not hold any more.

        Parameters
        ----------
        id_
        reason
        from_version, to_version
            The builds of the county before and after.
        settle, act
            As for ``add``.

        Raises
        ------
        FaultsError
            ``unknown-adoption``; ``adoption-withdrawn`` if it was withdrawn before; ``county-moved-on``.
        """
        with self._database.writing() as connection:
            known = _in_force(connection, id_)
            _take_turn(connection, known.county_code, from_version, settle)
            ended = replace(
                known,
                withdrawn_at=now_of(connection),
                withdrawn_by=act.actor.account_id,
                reason=reason,
                withdrawn_from=from_version,
                withdrawn_to=to_version,
            )
            mine = adoption_table.c.id == id_
            connection.execute(update(adoption_table).where(mine).values(vars(ended)))
            record(connection, act.about(id_), at=ended.withdrawn_at)
            return ended


def last_move(adoptions: Iterable[Adoption]) -> Move | None:
    """Return the last move of a county that was recorded, ``None`` if there was none."""
    return max((move for one in adoptions for move in one.moves), default=None)


def _all_of(connection: Connection, county_code: str) -> list[Adoption]:
    asked = select(adoption_table).where(adoption_table.c.county_code == county_code)
    rows = connection.execute(asked.order_by(adoption_table.c.at.desc(), adoption_table.c.id))
    return [Adoption(**row._mapping) for row in rows]


def _in_force(connection: Connection, id_: str) -> Adoption:
    row = connection.execute(select(adoption_table).where(adoption_table.c.id == storable(id_)[:32])).first()
    if row is None:
        raise FaultsError([Fault("unknown-adoption", LAYER, field="id", value=id_[:80])])
    known = Adoption(**row._mapping)
    if known.withdrawn_at is not None:
        raise FaultsError([Fault("adoption-withdrawn", LAYER, field="id", value=known.decision)])
    return known


def _take_turn(connection: Connection, county_code: str, from_version: str, settle: Settle) -> None:
    """Go on only where the county is still the build that was looked at, and let nobody else move it until the end."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    if settle(last_move(_all_of(connection, county_code))) != from_version:
        raise FaultsError([Fault("county-moved-on", LAYER)])
