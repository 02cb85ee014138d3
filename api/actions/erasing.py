"""Erasing personal data that are due: once a day by the service, and whenever somebody asks."""

from __future__ import annotations

from api.actions.workplace import Workplace
from layers.records.audit import Act, Actor
from layers.records.erasing import Erased, erase_due


def erase_what_is_due(at_work: Workplace, *, actor: Actor) -> Erased:
    """Erase names and numbers whose day has come, with one row in the audit."""
    return erase_due(at_work.database.get(), act=Act(actor, "secret.erased", "secret"))
