"""The staff as records: who there is, in which post, where and until when; names and numbers rest apart."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, insert, select, update

from layers.records.audit import Act, record
from layers.records.database import Database
from layers.records.secret_values import keep_until, put_secrets, secrets_of
from layers.records.staff_rows import (
    NAME,
    PERSON,
    PHONE,
    StaffRows,
    count_change,
    counter_of,
    moved_on,
    read_staff,
    refuse_moved_on,
)
from layers.records.tables import person as person_table
from layers.records.tables import post as post_table
from planning.incidents.clocks import CHINA_TIME
from planning.incidents.staff import AreaKind, Origin, PostKind

KEPT_AFTER_END = timedelta(days=180)
"""So long names and numbers of people who hold no post any more are kept."""


@dataclass(frozen=True)
class PersonChange:
    """Somebody new, or what is to be changed of somebody.

    Parameters
    ----------
    id
    is_new
    name, phone
        ``None`` leaves them as they are; an empty phone takes it away.
    account_id
        Joined from then on; ``None`` leaves it as it is, an empty one parts them.
    expected_version
        Of the person that the caller saw; ``None`` does not ask.
    """

    id: str
    is_new: bool = False
    name: str | None = None
    phone: str | None = None
    account_id: str | None = None
    expected_version: int | None = None


@dataclass(frozen=True)
class PostChange:
    """A new post, or other days of one that there is.

    Parameters
    ----------
    id
        ``None`` for a new one.
    """

    person_id: str
    post: PostKind
    area_kind: AreaKind
    area_code: str
    from_on: date
    until_on: date | None = None
    id: str | None = None


@dataclass(frozen=True)
class StaffChange:
    """What is changed at once: all of it or nothing.

    Parameters
    ----------
    people, posts
    expected_count
        Of changes of posts that the caller knew; ``None`` does not ask.
    """

    people: Sequence[PersonChange] = ()
    posts: Sequence[PostChange] = ()
    expected_count: int | None = None

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.people or self.posts)


@dataclass(frozen=True)
class PersonWords:
    """Name and telephone as far as they are kept."""

    name: str = ""
    phone: str = field(default="", repr=False)


class StaffStore:
    """Staff in a database; whether a change makes sense is the caller's to ask.

    Parameters
    ----------
    database
        As ``open_database`` returns it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def counter(self) -> int:
        """Return how often the staff has changed: cheap enough for every report."""
        with self._database.reading() as connection:
            return counter_of(connection)

    def posts_counter(self) -> int:
        """Return how often people or posts have changed."""
        with self._database.reading() as connection:
            return counter_of(connection, "posts")

    def rows(self) -> StaffRows:
        """Return everybody with posts and leave, without names."""
        with self._database.reading() as connection:
            return read_staff(connection)

    def names(self, person_ids: Collection[str]) -> dict[str, str]:
        """Return the names of some people, those that are kept."""
        with self._database.reading() as connection:
            return names_of(connection, person_ids)

    def with_phone(self, person_ids: Collection[str]) -> frozenset[str]:
        """Return those of whom a telephone number is kept; the numbers themselves are asked for one by one."""
        with self._database.reading() as connection:
            found = secrets_of(connection, PERSON, sorted(person_ids), fields=(PHONE,))
        return frozenset(found)

    def phone(self, person_id: str, *, act: Act) -> str:
        """Return somebody's telephone number, "" without one, and record that it was looked at."""
        with self._database.writing() as connection:
            found = secrets_of(connection, PERSON, [person_id], fields=(PHONE,))
            record(connection, act.about(person_id))
        return found.get(person_id, {}).get(PHONE, "")

    def save(self, change: StaffChange, *, act: Act, now: datetime) -> None:
        """Make a change, and record it once.

        Parameters
        ----------
        change
        act
            Its detail tells how much was changed; never a name.
        now

        Raises
        ------
        ConflictError
            ``staff-moved-on`` if somebody else has changed a person, or the staff, since the caller looked.
        """
        with self._database.writing() as connection:
            count_change(connection, "posts", now)  # first: it lets one transaction at a time change the staff
            if change.expected_count is not None:
                refuse_moved_on(connection, "posts", change.expected_count)
            for one in change.people:
                _save_person(connection, one, now)
            for post in change.posts:
                _save_post(connection, post, act, now)
            for person_id in {one.id for one in change.people} | {one.person_id for one in change.posts}:
                settle(connection, person_id, now)
            detail = {"people": len(change.people), "posts": len(change.posts)}
            record(connection, dataclasses.replace(act, detail={**detail, **act.detail}), at=now)


def names_of(connection: Connection, person_ids: Iterable[str]) -> dict[str, str]:
    """Return the names of people, those that are kept."""
    found = secrets_of(connection, PERSON, sorted(set(person_ids)), fields=(NAME,))
    return {person: words[NAME] for person, words in found.items() if words.get(NAME)}


def settle(connection: Connection, person_id: str, now: datetime) -> None:
    """Say of a person whether and when the last post ends, and so when name and number are to be erased."""
    days = list(connection.scalars(select(post_table.c.until_on).where(post_table.c.person_id == person_id)))
    last = max((day for day in days if day is not None), default=None)
    ended = None if last is None or None in days else datetime.combine(last, time(), CHINA_TIME) + timedelta(days=1)
    change = {"ended_at": ended, "updated_at": now, "version": person_table.c.version + 1}
    connection.execute(update(person_table).where(person_table.c.id == person_id).values(change))
    keep_until(connection, PERSON, person_id, ended + KEPT_AFTER_END if ended else None)


def insert_person(connection: Connection, person_id: str, *, origin: Origin, now: datetime) -> None:
    """Add somebody without a name yet."""
    row = {"id": person_id, "account_id": None, "unit_id": None, "origin": origin, "ended_at": None}
    connection.execute(insert(person_table).values(**row, updated_at=now, version=0))


def _save_person(connection: Connection, change: PersonChange, now: datetime) -> None:
    if change.is_new:
        insert_person(connection, change.id, origin="office", now=now)
    if change.expected_version is not None:
        version = connection.scalar(select(person_table.c.version).where(person_table.c.id == change.id))
        if version != change.expected_version:
            raise moved_on(change.expected_version, version or 0)
    values: Mapping[str, str | None] = {NAME: change.name, PHONE: change.phone}
    put_secrets(connection, PERSON, change.id, {name: value for name, value in values.items() if value is not None})
    if change.account_id is not None:
        joined = {"account_id": change.account_id or None}
        connection.execute(update(person_table).where(person_table.c.id == change.id).values(joined))


def _save_post(connection: Connection, change: PostChange, act: Act, now: datetime) -> None:
    days = {"from_on": change.from_on, "until_on": change.until_on}
    by = {"by_id": act.actor.account_id, "at": now}
    if change.id is not None:
        connection.execute(update(post_table).where(post_table.c.id == change.id).values(**days, **by))
        return
    where = {"post": change.post, "area_kind": change.area_kind, "area_code": change.area_code}
    row = {"id": uuid.uuid4().hex, "person_id": change.person_id, **where, **days, **by}
    connection.execute(insert(post_table).values(row))
