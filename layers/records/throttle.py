"""How often something may be tried: counted in the database, so that several processes share the count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from layers.records.database import Database
from layers.records.tables import throttle as throttle_table

_KEPT = timedelta(days=1)
"""Longer than any window."""


@dataclass(frozen=True)
class Limit:
    """At most so many tries in a window that begins with the first of them.

    Parameters
    ----------
    most
    window
    """

    most: int
    window: timedelta


class Throttle:
    """Counts tries by key.

    Parameters
    ----------
    database
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def wait_for(self, limits: dict[str, Limit], *, now: datetime) -> timedelta:
        """Count one try under each key, unless one of them has had enough.

        Parameters
        ----------
        limits
            By key.
        now

        Returns
        -------
        timedelta
            Zero if the try was counted, else how long to wait; then nothing was counted.
        """
        with self._database.reading() as connection:
            wait = _wait(_counted(connection, limits), limits, now)
        if wait:  # whoever has to wait anyway makes nobody else wait for the write lock
            return wait
        with self._database.writing() as connection:
            for key in sorted(limits):
                _begin(connection, key, now)
            counted = _counted(connection, limits, locked=True)
            wait = _wait(counted, limits, now)
            if not wait:
                _count(connection, counted, limits, now)
        return wait

    def forgive(self, keys: tuple[str, ...], *, counts: tuple[str, ...] = ()) -> None:
        """Forget the tries under keys, and take one back under each of the others."""
        with self._database.writing() as connection:
            connection.execute(delete(throttle_table).where(throttle_table.c.key.in_(keys)))
            less = {"count": throttle_table.c.count - 1}
            some = throttle_table.c.key.in_(counts) & (throttle_table.c.count > 0)
            connection.execute(update(throttle_table).where(some).values(less))


def _counted(connection: Connection, keys: Iterable[str], *, locked: bool = False) -> dict[str, tuple[datetime, int]]:
    """Return start and count of the windows of keys, by key, in one order so that nobody waits in a circle."""
    asked = select(throttle_table).where(throttle_table.c.key.in_(list(keys))).order_by(throttle_table.c.key)
    rows = connection.execute(asked.with_for_update() if locked else asked).mappings()
    return {row["key"]: (row["window_start"], row["count"]) for row in rows}


def _wait(counted: Mapping[str, tuple[datetime, int]], limits: Mapping[str, Limit], now: datetime) -> timedelta:
    held = [start + limits[key].window - now for key, (start, count) in counted.items() if count >= limits[key].most]
    return max([timedelta(0), *held])


def _begin(connection: Connection, key: str, now: datetime) -> None:
    """Make sure that a key has a row, and that old rows do not pile up; another process may be making it."""
    if connection.scalar(select(throttle_table.c.key).where(throttle_table.c.key == key)) is None:
        connection.execute(delete(throttle_table).where(throttle_table.c.window_start < now - _KEPT))
        with suppress(IntegrityError), connection.begin_nested():
            connection.execute(insert(throttle_table).values(key=key, window_start=now, count=0))


def _count(
    connection: Connection, counted: Mapping[str, tuple[datetime, int]], limits: Mapping[str, Limit], now: datetime
) -> None:
    for key, (start, count) in counted.items():
        is_over = now - start >= limits[key].window
        values = {"window_start": now, "count": 1} if is_over else {"window_start": start, "count": count + 1}
        connection.execute(update(throttle_table).where(throttle_table.c.key == key).values(values))
