"""How far the messages are, for health and for those who look after the service."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from api.messages.channels import channels_of
from api.messages.settings import MessageSettings
from api.messages.words import error_words
from layers.records.database import Database
from layers.records.outbox import ChannelCount, counts
from maps.catalogue import Lang, text
from planning.incidents.clocks import CHINA_TIME

DELAYED_AFTER = timedelta(minutes=15)
"""A channel whose messages fail for so long is told as delayed."""


def channel_states(database: Database, settings: MessageSettings, *, lang: Lang) -> list[dict[str, Any]]:
    """Return each channel that is set, or has messages: how many wait since when, are sent or stuck, and why.

    Raises
    ------
    DatabaseDownError
        If the records cannot be asked.
    """
    with database.reading() as connection:
        found = counts(connection)
    is_set = channels_of(settings)
    return [
        _told(name, found.get(name, ChannelCount()), is_set=name in is_set, lang=lang)
        for name in dict.fromkeys((*is_set, *sorted(found)))
    ]


def messages_part(database: Database, settings: MessageSettings, *, now: datetime) -> dict[str, Any]:
    """Return how the messages are as a part of health: ``ok``, ``delayed`` or ``stuck``, and how many wait.

    Raises
    ------
    DatabaseDownError
        If the records cannot be asked.
    """
    with database.reading() as connection:
        found = counts(connection)
    is_set = channels_of(settings)
    at_work = [count for name, count in found.items() if name in is_set]
    waiting = sum(count.waiting for count in at_work)
    if any(count.stuck for count in at_work):
        return {"state": "stuck", "waiting": waiting}
    is_delayed = any(count.error and count.oldest_at and now - count.oldest_at > DELAYED_AFTER for count in at_work)
    return {"state": "delayed" if is_delayed else "ok", "waiting": waiting}


def _told(name: str, count: ChannelCount, *, is_set: bool, lang: Lang) -> dict[str, Any]:
    oldest = count.oldest_at.astimezone(CHINA_TIME).isoformat(timespec="seconds") if count.oldest_at else None
    return {
        "channel": name,
        "name": text(lang, f"outgoing.channel.{name}"),
        "is_set": is_set,
        "waiting": count.waiting,
        "oldest_at": oldest,
        "sent": count.sent,
        "stuck": count.stuck,
        "dropped": count.dropped,
        "error": count.error,
        "error_words": error_words(count.error, lang) if count.error else None,
    }
