"""The ledger of random cases, recounted second by second in another way, adds up to the minute."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import get_args

import pytest
from case_lives import DATA, NINE, REPORT, event
from hypothesis import given
from hypothesis import strategies as st

from gis.faults import FaultsError
from planning.incidents.case import Case
from planning.incidents.events import IncidentEvent
from planning.incidents.ledger import OWNER_OF, OWNERS, minutes, spans
from planning.incidents.moves import State
from planning.incidents.states import apply, possible

GAP = st.one_of(
    st.integers(0, 59_999_999), st.integers(0, 20).map(lambda m: m * 60_000_000), st.integers(0, 10**13)
)  # microseconds: within a minute, whole minutes, up to four months
# By kind of event, whose time begins with it; what is not here changes nobody's turn.
TURN = {
    "desk": {"reported", "verified", "opened", "returned", "moved", "recategorised", "reopened", "checked_good"},
    "assignee": {"assigned", "reassigned"},
    "worked": {"accepted", "arrived", "handled", "checked_bad"},
    "check": {"fed_back"},
    "ended": {"closed", "refused", "voided", "merged"},
    "paused": {"paused"},
}


@st.composite
def lives(draw: st.DrawFn) -> list[IncidentEvent]:
    at = NINE + timedelta(microseconds=draw(st.integers(0, 10**9)))
    events = [event(None, "report", post="county-desk", at=at, **REPORT)]
    case: Case = apply(None, events[0])
    for _ in range(draw(st.integers(0, 25))):
        at += timedelta(microseconds=draw(GAP))
        who = draw(st.sampled_from(["a-1", "a-2"]))
        moves = [m for m in possible(case, actor=who, posts=["county-desk"], now=at) if m not in ("void", "merge")]
        if not moves:
            continue
        move = draw(st.sampled_from(moves))
        one = event(case, move, post="county-desk", actor=who, at=at, **DATA.get(move, {}))
        case = apply(case, one)
        events.append(one)
    return events


def _recounted(events: list[IncidentEvent], until: datetime) -> dict[str, int]:
    """Microseconds by owner, from the kinds of events alone."""
    told = dict.fromkeys(TURN, 0)
    turn, before_pause = "desk", "desk"
    for one, following in zip(events, [*(e.at for e in events[1:]), until], strict=True):
        if one.kind == "paused":
            before_pause = turn
        turn = before_pause if one.kind == "resumed" else next((o for o, k in TURN.items() if one.kind in k), turn)
        told[turn] += (following - one.at) // timedelta(microseconds=1)
    return told


@given(lives(), st.integers(0, 10**12))
def test_every_moment_has_one_owner_and_the_minutes_add_up(events: list[IncidentEvent], more: int) -> None:
    until = events[-1].at + timedelta(microseconds=more)
    stretches = spans(events, until=until)
    ends = [events[0].at, *(span.until for span in stretches)]
    assert [span.since for span in stretches] == ends[:-1]
    assert ends[-1] == until
    told = minutes(events, until=until)
    assert sum(told.values()) == (until - events[0].at) // timedelta(minutes=1)
    for owner, exact in _recounted(events, until).items():
        named = owner if owner in ("worked", "paused", "ended") else f"waiting-{owner}"
        assert abs(told[named] * 60_000_000 - exact) < 60_000_000  # type: ignore[index]


@given(lives())
def test_without_an_end_the_last_event_is_the_end(events: list[IncidentEvent]) -> None:
    assert minutes(events) == minutes(events, until=events[-1].at)


@given(lives(), st.data())
def test_what_happened_after_the_end_is_not_looked_at(events: list[IncidentEvent], draw: st.DataObject) -> None:
    count = draw.draw(st.integers(1, len(events)))
    until = events[count - 1].at
    assert minutes(events, until=until) == minutes([one for one in events if one.at <= until])


def test_whole_minutes_are_told_as_they_are() -> None:
    moves = [("assign", 5), ("accept", 7), ("pause", 11), ("resume", 100), ("handle", 20), ("feed-back", 3),
             ("check-good", 9), ("close", 2)]  # fmt: skip
    at, case, events = NINE, None, [event(None, "report", post="county-desk", **REPORT)]
    case = apply(None, events[0])
    for move, after in moves:
        at += timedelta(minutes=after)
        actor = "checker" if move == "check-good" else "a-1"
        events.append(event(case, move, post="county-desk", actor=actor, at=at, **DATA.get(move, {})))
        case = apply(case, events[-1])
    assert minutes(events) == {
        "worked": 11 + 20 + 3,
        "paused": 100,
        "waiting-desk": 5 + 2,
        "waiting-assignee": 7,
        "waiting-check": 9,
        "ended": 0,
    }
    assert minutes(events, until=at + timedelta(minutes=60))["ended"] == 60
    assert [(span.owner, span.who) for span in spans(events)][:3] == [
        ("waiting-desk", None), ("waiting-assignee", "w-1"), ("worked", "a-1"),
    ]  # fmt: skip


def test_seconds_that_no_owner_fills_to_a_minute_are_told_once() -> None:
    events = [event(None, "report", post="county-desk", **REPORT)]
    case = apply(None, events[0])
    for n, move in enumerate(("assign", "accept"), start=1):
        events.append(event(case, move, post="county-desk", at=NINE + timedelta(seconds=40 * n), **DATA.get(move, {})))
        case = apply(case, events[-1])
    told = minutes(events, until=NINE + timedelta(seconds=120))
    assert (told["worked"], told["waiting-desk"], told["waiting-assignee"]) == (1, 1, 0)


def test_every_state_has_an_owner_and_every_owner_a_state() -> None:
    assert set(OWNER_OF) == set(get_args(State))
    assert set(OWNER_OF.values()) == set(OWNERS)


def test_a_history_that_is_none_has_no_ledger() -> None:
    with pytest.raises(ValueError, match="at least one"):
        minutes([])
    with pytest.raises(FaultsError):
        minutes([event(None, "accept", post="county-desk")])
