"""Reports written into a database, and why they could not be."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from acts import REPORTED

from layers.records.database import Database
from layers.records.database_faults import DatabaseDownError
from layers.records.incidents import IncidentStore
from planning.incidents.events import Assignment, assigned, reported

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
DESK = Assignment(None, "county", "desk", "county-desk", "outside-cells")


def report(database: Database, name: str) -> None:
    first = reported(name, at=NOW, category="party", lon=1.0, lat=2.0, cell=None, county_version="v")
    then = assigned(DESK, seq=2, at=NOW, due_at=NOW.isoformat(), workdays=0, calendar="weekdays", route_seconds=None)
    IncidentStore(database).report([first, then], idempotency_key=name, act=REPORTED)


def reason(work: Callable[[], object]) -> tuple[str, float]:
    """Why it is down, and how many seconds that took to tell."""
    begun = time.monotonic()
    with pytest.raises(DatabaseDownError) as told:
        work()
    return told.value.reason, time.monotonic() - begun
