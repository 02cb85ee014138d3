from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from gis.faults import FaultsError
from planning.incidents.case import Case
from planning.incidents.events import Assignment, IncidentEvent, assigned, incident_id, reported
from planning.incidents.states import replay

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DUE = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
WORKER = Assignment("w-1", "grid", "A", "grid-worker-a", "a-on-duty", {"village_id": "v-1"})
DESK = Assignment(None, "county", "desk", "county-desk", "outside-cells")
REPORT = reported("i-1", at=NINE, category="traffic", lon=116.8, lat=37, cell="371424001001001", county_version="v1")


def _assigned(seq: int, assignment: Assignment, *, route_seconds: int | None) -> IncidentEvent:
    return assigned(
        assignment,
        seq=seq,
        at=NINE,
        due_at=DUE.isoformat(),
        workdays=0,
        calendar="state-council",
        route_seconds=route_seconds,
    )


def test_a_report_alone_is_an_incident_without_assignment() -> None:
    about = ("traffic", 116.8, 37.0, NINE, "371424001001001", "v1")
    assert replay([REPORT]) == Case("i-1", "reported", 1, NINE, *about, whole_since=NINE)


def test_the_assignment_comes_with_its_deadline_and_route() -> None:
    view = replay([REPORT, _assigned(2, WORKER, route_seconds=240)])
    assert (view.assignment, view.due_at, view.workdays, view.calendar, view.route_seconds, view.version) == (
        WORKER,
        DUE,
        0,
        "state-council",
        240,
        2,
    )


def test_the_latest_assignment_holds() -> None:
    again = {**_assigned(3, DESK, route_seconds=None).payload, "why": "urgent"}
    events = [REPORT, _assigned(2, WORKER, route_seconds=240), IncidentEvent(3, "reassigned", NINE, again)]
    view = replay(events)
    assert (view.assignment, view.route_seconds, view.version) == (DESK, None, 3)


def test_events_pass_through_json_unchanged() -> None:
    events = [REPORT, _assigned(2, WORKER, route_seconds=240)]
    copies = [dataclasses.replace(event, payload=json.loads(json.dumps(event.payload))) for event in events]
    assert copies == events
    assert replay(copies) == replay(events)


@pytest.mark.parametrize(
    "events",
    [
        [],
        [_assigned(1, WORKER, route_seconds=None)],
        [REPORT, dataclasses.replace(REPORT, seq=2)],
        [REPORT, _assigned(3, WORKER, route_seconds=None)],
        [_assigned(2, WORKER, route_seconds=None), REPORT],
    ],
    ids=["none", "no report", "two reports", "a gap", "out of order"],
)
def test_a_broken_history_is_refused(events: list[IncidentEvent]) -> None:
    with pytest.raises((ValueError, FaultsError)):
        replay(events)


def test_the_time_of_an_event_is_kept_in_utc() -> None:
    beijing = timezone(timedelta(hours=8))
    event = IncidentEvent(1, "reported", datetime(2026, 3, 2, 9, 0, tzinfo=beijing), {})
    assert event.at.isoformat() == "2026-03-02T01:00:00+00:00"


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        IncidentEvent(1, "reported", datetime.fromisoformat("2026-03-02"), {})


def test_ids_show_the_local_time_and_sort_by_it() -> None:
    assert incident_id(NINE, suffix="7f3a") == "20260302-090000-7f3a"
    moments = [NINE + timedelta(minutes=37 * n) for n in range(60)]
    ids = [incident_id(moment, suffix="0") for moment in moments]
    assert ids == sorted(ids)
