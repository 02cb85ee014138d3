"""Which requests a caller of the public door sees, and what of them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal

from api.actions.open311.asking import Wanted
from api.actions.open311.told import request_told
from api.actions.open_county import OpenCounty
from api.actions.workplace import Workplace
from layers.records.bulk.requests import reported_cases
from maps.catalogue import Lang

Shows = Literal["own", "open311", "all"]
"""Whose requests everybody sees: nobody's but one's own, those that came by this door, or all."""


@dataclass(frozen=True)
class Guest:
    """Who asks.

    Parameters
    ----------
    account_id
        ``None`` without a key that is good.
    is_local
        Whether it is the local user of solo mode, who is everybody.
    shows
        As the office has set it.
    """

    account_id: str | None
    is_local: bool
    shows: Shows


def requests_told(
    at_work: Workplace, at_hand: OpenCounty | None, wanted: Wanted, *, guest: Guest, lang: Lang
) -> list[dict[str, Any]]:
    """Return the requests that are asked for, as far as the caller may see them."""
    asked = wanted.filter
    if not guest.is_local and guest.shows == "own":
        if guest.account_id is None:
            return []
        asked = dataclasses.replace(asked, by=guest.account_id)
    elif not guest.is_local and guest.shows == "open311":
        asked = dataclasses.replace(asked, channels=("open311",))
    found = reported_cases(at_work.database.get(), asked, limit=wanted.limit, offset=wanted.offset)
    tables = at_work.tables.get()
    return [
        request_told(
            at_hand,
            one,
            tables=tables,
            is_own=guest.is_local
            or (guest.account_id is not None and one.report.payload.get("actor") == guest.account_id),
            is_extended=wanted.is_extended,
            lang=lang,
        )
        for one in found
    ]
