"""Which cells count from when on: one row whenever the cells of the county have become others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, text

from gis.faults import Fault, FaultsError
from layers.records.audit import Act, record
from layers.records.clock import now_of
from layers.records.database import Database
from layers.records.tables import cell_version

KIND = "cell"
_LOCK = 371424_003
"""That of adoptions: one transaction of a PostgreSQL database changes the county at a time."""


@dataclass(frozen=True)
class CellVersion:
    """Cells that count from a moment on.

    Parameters
    ----------
    version
        1, 2, …
    county_version
        The build that has them.
    valid_from
    parents
        Of each code that is new: the codes that its ground had before.
    retired
        Codes that name no cell any more.
    by_id
        Who made them; ``None`` where the county was built anew.
    """

    version: int
    county_version: str
    valid_from: datetime
    parents: Mapping[str, Sequence[str]]
    retired: Sequence[str]
    by_id: str | None


class CellVersions:
    """Versions of the cells in a database.

    Parameters
    ----------
    database
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[CellVersion]:
        """Return every version, the last one first."""
        with self._database.reading() as connection:
            return _all(connection)

    def add(
        self,
        county_version: str,
        *,
        parents: Mapping[str, Sequence[str]],
        retired: Sequence[str],
        settle: Callable[[CellVersion | None], bool],
        act: Act | None,
    ) -> CellVersion | None:
        """Record that other cells count from now on.

        Parameters
        ----------
        county_version
        parents, retired
            What is new in them.
        settle
            Told the last version in the transaction, before the end of it: makes the build current, and says whether
            there is anything to record.
        act
            ``None`` where nobody did it.

        Raises
        ------
        FaultsError
            What ``settle`` raises; then nothing is recorded.
        """
        with self._database.writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            last = next(iter(_all(connection)), None)
            if not settle(last):
                return None
            at = now_of(connection)
            by_id = act.actor.account_id if act else None
            number = last.version + 1 if last else 1
            new = CellVersion(number, county_version, at, dict(parents), list(retired), by_id)
            connection.execute(insert(cell_version).values(**vars(new), at=at))
            if act is not None:
                record(connection, act.about(str(new.version)), at=at)
            return new


def _all(connection: Connection) -> list[CellVersion]:
    rows: list[Any] = list(connection.execute(select(cell_version).order_by(cell_version.c.version.desc())))
    return [
        CellVersion(row.version, row.county_version, row.valid_from, row.parents, row.retired, row.by_id)
        for row in rows
    ]


def moved_on() -> FaultsError:
    """Return the refusal of a change of cells that are others by now."""
    return FaultsError([Fault("county-moved-on", "cells")])
