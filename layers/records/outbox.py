"""What leaves the house: messages kept with the event that causes them, sent at least once, each under one key."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_on_server
from sqlalchemy.dialects.sqlite import insert as insert_in_file

from layers.records.clock import now_of
from layers.records.database import Database
from layers.records.message_tables import outbox as outbox_table
from layers.records.servers import is_gone

FIRST_REST, LONGEST_REST = timedelta(seconds=15), timedelta(minutes=15)
"""After the first failure, doubled with each; never longer, so that all is out soon after a gateway is back."""
GIVEN_UP_AFTER = timedelta(days=7)
"""So long a message is tried; then it is stuck, and somebody has to look."""
KEPT = timedelta(days=90)
"""So long a message that is done can be looked up; what it told stays in the history of its case."""
LEASE = timedelta(seconds=60)
"""So long a server's claim counts: longer than any channel may take for one message."""
MOST_ERROR_CHARACTERS = 200
_DOUBLINGS = 10


@dataclass(frozen=True, slots=True)
class Message:
    """Something that somebody is to hear.

    Parameters
    ----------
    dedup
        What it is about, to whom and by which channel: the same again is the same message.
    channel
    to_ref
        ``person:…``, ``applicant:…``, ``desk:…``; never a number or a name.
    template
        Code of the text.
    data
        What the text mentions: codes, ids and instants, nothing that would have to be erased.
    is_urgent
        Whether it goes out in quiet hours too.
    """

    dedup: str
    channel: str
    to_ref: str
    template: str
    data: Mapping[str, Any] = field(default_factory=dict)
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that a server is about to send.

    Parameters
    ----------
    id
        The key under which it leaves, the same at every try.
    message
    at
        When it was written.
    tries
        This one included.
    """

    id: str
    message: Message
    at: datetime
    tries: int


@dataclass(frozen=True, slots=True)
class ChannelCount:
    """How far the messages of a channel are.

    Parameters
    ----------
    waiting, sent, stuck, dropped
        Dropped is what had nobody to go to any more.
    oldest_at
        When the oldest that waits was written.
    error
        Why the last of those that are not out failed.
    """

    waiting: int = 0
    sent: int = 0
    stuck: int = 0
    dropped: int = 0
    oldest_at: datetime | None = None
    error: str | None = None


def put(connection: Connection, messages: Sequence[Message], *, now: datetime) -> int:
    """Keep messages in the transaction of the event that causes them.

    Parameters
    ----------
    connection
        In a writing transaction.
    messages
        Those that are kept already are left as they are.
    now

    Returns
    -------
    int
        How many are new.
    """
    rows = [_row(message, now) for message in {one.dedup: one for one in messages}.values()]
    if not rows:
        return 0
    insert = insert_on_server if connection.dialect.name == "postgresql" else insert_in_file
    kept = insert(outbox_table).on_conflict_do_nothing().returning(outbox_table.c.id)
    return len(connection.execute(kept, rows).all())


def key_of(dedup: str) -> str:
    """Return the key under which a message leaves: it follows from what the message is about."""
    return hashlib.sha256(dedup.encode()).hexdigest()[:32]


class Outbox:
    """The messages as a server sends them.

    Parameters
    ----------
    database
    owner
        Name of the server, from :func:`layers.records.servers.server_name`.
    """

    def __init__(self, database: Database, *, owner: str) -> None:
        self._database = database
        self._owner = owner

    def take(self, channel: str, *, only_urgent: bool = False, now: datetime | None = None) -> Taken | None:
        """Claim the message that has been due longest in a channel, ``None`` if none is due.

        It is nobody else's until it is told how it went, the lease ends, or this server is seen to be gone.

        Parameters
        ----------
        channel
        only_urgent
            Leave the others for later: these are quiet hours.
        now
            The database's own clock if not given.
        """
        if not self._is_due(channel, only_urgent=only_urgent, now=now):
            return None  # asked every other second by every server, which must not take turns at the write lock
        with self._database.writing() as connection:
            at = now or now_of(connection)
            free = self._free(connection, channel, only_urgent=only_urgent, now=at)
            first = select(outbox_table).where(free).order_by(outbox_table.c.next_at, outbox_table.c.id).limit(1)
            row = connection.execute(first.with_for_update(skip_locked=True)).first()
            if row is None:
                return None
            mine = {"lease_owner": self._owner, "lease_until": at + LEASE, "tries": row.tries + 1}
            connection.execute(update(outbox_table).where(outbox_table.c.id == row.id).values(mine))
        message = Message(row.dedup, row.channel, row.to_ref, row.template, row.data, row.is_urgent)
        return Taken(row.id, message, row.at, row.tries + 1)

    def sent(self, taken: Taken, *, now: datetime | None = None) -> None:
        """Note that a message has left, whoever holds it now."""
        with self._database.writing() as connection:
            out = {"state": "sent", "sent_at": now or now_of(connection), "error": None, **_UNOWNED}
            connection.execute(update(outbox_table).where(outbox_table.c.id == taken.id).values(out))

    def failed(self, taken: Taken, error: str, *, now: datetime | None = None) -> bool:
        """Note that a message did not leave, and when it is tried again.

        Parameters
        ----------
        taken
        error
            In words or a code; it must hold neither number nor password.
        now
            The database's own clock if not given.

        Returns
        -------
        bool
            Whether it will be tried again; else it is stuck.
        """
        with self._database.writing() as connection:
            at = now or now_of(connection)
            is_over = at - taken.at >= GIVEN_UP_AFTER
            state = "stuck" if is_over else "waiting"
            later = {"state": state, "next_at": at + rest_after(taken.tries), "error": error[:MOST_ERROR_CHARACTERS]}
            mine = (outbox_table.c.id == taken.id, outbox_table.c.lease_owner == self._owner)
            connection.execute(update(outbox_table).where(*mine).values(**later, **_UNOWNED))
        return not is_over

    def dropped(self, taken: Taken, why: str) -> None:
        """Note that a message has nobody to go to any more."""
        with self._database.writing() as connection:
            over = {"state": "dropped", "error": why, **_UNOWNED}
            connection.execute(update(outbox_table).where(outbox_table.c.id == taken.id).values(over))

    def _is_due(self, channel: str, *, only_urgent: bool, now: datetime | None) -> bool:
        with self._database.reading() as connection:
            free = self._free(connection, channel, only_urgent=only_urgent, now=now or now_of(connection))
            return connection.execute(select(outbox_table.c.id).where(free).limit(1)).first() is not None

    def _free(self, connection: Connection, channel: str, *, only_urgent: bool, now: datetime) -> Any:
        """Return what tells the messages that may be claimed: due, and nobody's or of a server that is gone."""
        waiting = and_(outbox_table.c.state == "waiting", outbox_table.c.channel == channel)
        held = select(outbox_table.c.lease_owner).where(waiting, outbox_table.c.lease_until >= now).distinct()
        gone = [owner for owner in connection.scalars(held) if owner != self._owner and is_gone(owner)]
        unheld = or_(outbox_table.c.lease_until.is_(None), outbox_table.c.lease_until < now)
        due = and_(waiting, outbox_table.c.next_at <= now, or_(unheld, outbox_table.c.lease_owner.in_(gone)))
        return and_(due, outbox_table.c.is_urgent) if only_urgent else due


def rest_after(tries: int) -> timedelta:
    """Return how long a message rests after so many tries that failed."""
    doublings = min(max(tries - 1, 0), _DOUBLINGS)
    return min(FIRST_REST * (1 << doublings), LONGEST_REST)


def counts(connection: Connection) -> dict[str, ChannelCount]:
    """Return how far the messages of each channel are that ever had one."""
    table = outbox_table.c
    grouped = select(table.channel, table.state, func.count(), func.min(table.at)).group_by(table.channel, table.state)
    found: dict[str, dict[str, Any]] = {}
    for channel, state, count, oldest in connection.execute(grouped):
        told = found.setdefault(channel, {})
        told[state] = count
        if state == "waiting":
            told["oldest_at"] = oldest
    return {channel: ChannelCount(**told, error=_last_error(connection, channel)) for channel, told in found.items()}


def try_stuck_again(connection: Connection, channels: Collection[str], *, now: datetime) -> int:
    """Let what is stuck be tried anew, as if it had been written now; return how many there were."""
    stuck = (outbox_table.c.state == "stuck", outbox_table.c.channel.in_(channels))
    anew = {"state": "waiting", "at": now, "next_at": now, "tries": 0}
    return connection.execute(update(outbox_table).where(*stuck).values(anew)).rowcount


_UNOWNED: Mapping[str, Any] = {"lease_owner": None, "lease_until": None}


def forget_done(connection: Connection, *, now: datetime) -> int:
    """Delete what was sent, or concerned nobody, longer ago than ``KEPT``; what waits or is stuck stays."""
    since = func.coalesce(outbox_table.c.sent_at, outbox_table.c.at)
    done = outbox_table.c.state.in_(("sent", "dropped"))
    return connection.execute(delete(outbox_table).where(done, since < now - KEPT)).rowcount


def _row(message: Message, now: datetime) -> dict[str, Any]:
    return {
        "id": key_of(message.dedup),
        "dedup": message.dedup,
        "at": now,
        "channel": message.channel,
        "to_ref": message.to_ref,
        "template": message.template,
        "data": dict(message.data),
        "is_urgent": message.is_urgent,
        "state": "waiting",
        "tries": 0,
        "next_at": now,
    }


def _last_error(connection: Connection, channel: str) -> str | None:
    of_channel = (outbox_table.c.channel == channel, outbox_table.c.state.in_(("waiting", "stuck")))
    failed = select(outbox_table.c.error).where(*of_channel, outbox_table.c.error.is_not(None))
    found: str | None = connection.scalar(failed.order_by(outbox_table.c.next_at.desc()).limit(1))
    return found
