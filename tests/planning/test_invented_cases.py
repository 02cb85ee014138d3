"""Invented months: legal lives of every kind, the same from the same seed, their time counted by another program."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from time_counted import counted_again, events_of_line

from planning.incidents.bulk.example import EXAMPLE, Spot
from planning.incidents.bulk.lines import read_line, written_line
from planning.incidents.bulk.month import invented_month
from planning.incidents.bulk.statistics import figures_of, grouped
from planning.incidents.categories import CATEGORIES
from planning.incidents.ledger import OWNERS, minutes
from planning.incidents.states import apply
from planning.incidents.timetable import Timetable

NOW = datetime(2026, 11, 30, 4, tzinfo=UTC)
WEEK = Timetable(
    ((time(8, 30), time(12)), (time(13, 30), time(18))),
    lambda day: day.weekday() < 5,
    lambda _day: "weekdays",
    lambda day: day > date(2026, 12, 31),
    CATEGORIES,
)
SPOTS = [Spot(116.8, 37.1, "371424100000001", "v1", "t1", ("w1", "w2")), Spot(117.0, 37.0)]


def month(seed=5, count=150):
    since = NOW - timedelta(days=30)
    return list(
        invented_month(SPOTS, seed=seed, count=count, since=since, until=NOW, county_version="v", timetable=WEEK)
    )


@pytest.fixture(scope="module")
def made():
    return month()


def lived(events):
    cases = []
    for event in events:
        cases.append(apply(cases[-1] if cases else None, event))
    return cases


def test_the_same_seed_gives_the_same_month_and_every_case_says_that_it_is_invented(made):
    assert month() == made
    assert month(seed=6) != made
    assert all(EXAMPLE in one.events[0].payload["id"] for one in made)
    assert {one.events[0].payload["channel"] for one in made} == {EXAMPLE}
    assert all(one.events[-1].at <= NOW for one in made)


def test_a_month_holds_every_category_pauses_returns_extensions_and_climbs(made):
    kinds = {event.kind for one in made for event in one.events}
    wanted = {"paused", "resumed", "returned", "extension_asked", "escalated", "warned", "checked_bad", "reopened"}
    assert kinds >= wanted | {"refused", "voided", "merged", "rated"}
    assert {one.events[0].payload["category"] for one in made} == set(CATEGORIES)


def test_the_ledger_says_what_another_program_counts_and_adds_up(made):
    for one in made:
        told = minutes(one.events, until=NOW)
        line = written_line(one.key, one.events, {})
        again = counted_again(events_of_line(line), NOW)
        assert sum(told.values()) == (NOW - one.events[0].at) // timedelta(minutes=1)
        assert all(abs(told[owner] * 60 - again[owner]) < 60 for owner in OWNERS), one.key


def test_a_case_goes_out_as_a_line_and_comes_in_as_it_was(made):
    for one in made:
        back = read_line(written_line(one.key, one.events, {"text-1": one.text}), timetable=WEEK, now=NOW)
        assert (back.key, tuple(back.events), back.texts["text-1"]) == (one.key, one.events, one.text)


def test_figures_count_each_case_once_in_each_grouping(made):
    groups = grouped(figures_of(lived(one.events), until=NOW) for one in made)
    for found in groups.values():
        counts = [group.counts for group in found.values()]
        assert sum(one["reported"] for one in counts) == len(made)
        assert all(one["reported"] == one["closed"] + one["open"] + one["other"] for one in counts)
    late = sum(group.counts["overdue"] for group in groups["month"].values())
    by_hand = 0
    for one in made:
        last = lived(one.events)[-1]
        if last.state in ("refused", "voided", "merged") or last.due_at is None:
            continue
        closed = [event.at for event in one.events if event.kind == "closed"]
        end = closed[-1] if last.state == "closed" else NOW
        by_hand += end > last.due_at
    assert 0 < late == by_hand
