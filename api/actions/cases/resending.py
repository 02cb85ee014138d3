"""Messages that were given up, tried again once somebody has mended the channel."""

from __future__ import annotations

from dataclasses import replace

from api.actions.workplace import Workplace
from api.messages.channels import channels_of
from layers.records.audit import Act, Actor, record
from layers.records.clock import now_of
from layers.records.outbox import try_stuck_again


def resend_stuck(at_work: Workplace, *, actor: Actor) -> int:
    """Let the stuck messages of every channel that is set be tried anew, and return how many there were.

    Raises
    ------
    DatabaseDownError
        If the records cannot be written.
    """
    with at_work.database.get().writing() as connection:
        count = try_stuck_again(connection, channels_of(at_work.settings), now=now_of(connection))
        if count:
            record(connection, replace(Act(actor, "message.tried-again", "message"), detail={"messages": count}))
    return count
