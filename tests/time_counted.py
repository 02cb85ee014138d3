"""Whose time it was, counted from the events alone: a second program that shares nothing with the ledger."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from typing import Any

# Kind of event → whose time begins with it; kinds that are not named change nothing.
BEGINS = {
    "reported": "waiting-desk", "verified": "waiting-desk", "opened": "waiting-desk", "returned": "waiting-desk",
    "moved": "waiting-desk", "recategorised": "waiting-desk", "reopened": "waiting-desk",
    "checked_good": "waiting-desk",
    "assigned": "waiting-assignee", "reassigned": "waiting-assignee",
    "accepted": "worked", "arrived": "worked", "handled": "worked", "checked_bad": "worked",
    "fed_back": "waiting-check", "paused": "paused",
    "closed": "ended", "refused": "ended", "voided": "ended", "merged": "ended",
}  # fmt: skip


def counted_again(events: list[tuple[str, datetime]], until: datetime) -> Counter[str]:
    """Return seconds by owner of the time, from kinds and instants."""
    seconds: Counter[str] = Counter()
    owner, before, since = "", "", events[0][1]
    for kind, at in events:
        if owner:
            seconds[owner] += (at - since).total_seconds()
        since = at
        if kind == "resumed":
            owner = before
        elif kind in BEGINS:
            before, owner = owner, BEGINS[kind]
    seconds[owner] += (until - since).total_seconds()
    return seconds


def events_of_line(line: str) -> list[tuple[str, datetime]]:
    """Return kinds and instants of an exported case."""
    told: dict[str, Any] = json.loads(line)
    return [(one["kind"], datetime.fromisoformat(one["at"])) for one in told["events"]]
