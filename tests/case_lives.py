"""Moves of a case with data that fits, for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from planning.incidents.case import Case
from planning.incidents.events import IncidentEvent
from planning.incidents.states import TRANSITIONS

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
REPORT = {
    "id": "i-1",
    "category": "traffic",
    "lon": 116.8,
    "lat": 37.0,
    "cell": None,
    "county_version": "v",
}
DATA: dict[str, dict[str, Any]] = {
    "verify": {"outcome": "different"},
    "refuse": {"reason": "too-vague"},
    "assign": {"assignee_id": "w-1", "due_at": (NINE + timedelta(days=3)).isoformat()},
    "handle": {"outcome": "solved"},
    "feed-back": {"outcome": "told"},
    "check-bad": {"reason": "half-done"},
    "rate": {"stars": 4},
    "return": {"reason": "not-my-area"},
    "reassign": {"assignee_id": None, "why": "on-leave"},
    "ask-extension": {"until": (NINE + timedelta(days=900)).isoformat(), "reason": "weather"},
    "grant-extension": {"until": (NINE + timedelta(days=900)).isoformat()},
    "pause": {"reason": "season"},
    "merge": {"into": "i-2"},
    "split": {"parts": ["i-3", "i-4"]},
    "move": {"lon": 117.0, "lat": 37.1},
    "recategorise": {"category": "campus"},
    "void": {"reason": "test"},
    "reopen": {"reason": "came-back"},
    "attach": {"attachment": "f-1"},
    "close-road": {"road": "w1"},
    "erase": {"what": ["texts"]},
    "warn": {"step": "accept"},
    "escalate": {"step": "accept", "to_level": "township"},
}


def event(
    case: Case | None, move: str, *, post: str, actor: str = "a-1", at: datetime = NINE, **data: Any
) -> IncidentEvent:
    payload = {"actor": actor, "post": post, **data}
    return IncidentEvent(case.version + 1 if case else 1, TRANSITIONS[move].kind, at, payload)
