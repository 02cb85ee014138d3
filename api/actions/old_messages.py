"""Forgetting messages that were done with long ago: they say to whom what went, and nobody asks any more."""

from __future__ import annotations

from api.actions.workplace import Workplace
from layers.records.clock import now_of
from layers.records.outbox import forget_done


def forget_old_messages(at_work: Workplace) -> int:
    """Delete messages that were sent, or concerned nobody, longer ago than they are kept; return how many."""
    with at_work.database.get().writing() as connection:
        return forget_done(connection, now=now_of(connection))
