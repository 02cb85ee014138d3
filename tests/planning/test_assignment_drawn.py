"""To whom a case goes, of any roster at any instant: held against what is true by a second program."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_roster import (
    ASSISTANT,
    AT,
    CELL,
    CHIEF,
    COORDINATOR,
    GRID,
    PLACES,
    TO_COUNTY,
    TO_OFFICE,
    TO_REGION,
    TO_TEAM,
    post,
    staff,
)

from planning.incidents.assignment import NO_WAY, Around, assign
from planning.incidents.staff import Leave

ROSTERS, INSTANTS_EACH = 420, 24
NAMES = [f"p{number}" for number in range(6)]
HOURS = range(-40, 41, 2)
"""From ten in the morning in China: leave begins and ends then, days too; instants are those or a second beside."""
SECONDS = (60.0, 300.0, NO_WAY)
KINDS_OF_POST = [
    *(("A", "village", "v1"), ("A", "village", "v2"), ("A", "cell", CELL.code), ("B", "village", "v1")),
    *(
        ("B", "village", "v2"),
        ("B", "village", "v3"),
        ("coordinator-a", "village", "v1"),
        ("department", "unit", "dept-1"),
    ),
    *(("coordinator-b", "village", "v2"), ("grid-chief", "township", "t1"), ("assistant", "township", "t1")),
    *(("team", "unit", "team-1"), ("team", "unit", "region-1"), ("team", "unit", "region-2")),
]
WANTED = [GRID, GRID, GRID, TO_TEAM, TO_REGION, TO_OFFICE, COORDINATOR, CHIEF, ASSISTANT, TO_COUNTY]


@dataclass(frozen=True)
class Drawn:
    """A roster as it may be, and who of it is far or on a case."""

    posts: list
    leaves: list
    ended: frozenset
    seconds: dict
    busy: frozenset

    def __post_init__(self):
        rows = staff(*self.posts, *self.leaves, ended=self.ended)
        object.__setattr__(self, "staff", rows)


def _a_post(name, kind, first_day, days):
    since = date(2026, 12, 1) + timedelta(days=first_day)
    return post(name, kind[0], kind[2], kind[1], since, None if days is None else since + timedelta(days=days))


def _a_leave(name, stand_in, state, begin_h, hours):
    begin = AT + timedelta(hours=begin_h)
    until = None if hours is None else begin + timedelta(hours=hours)
    return Leave(f"l-{name}-{begin_h}-{hours}", name, begin, until, "sick", stand_in, state)


someone = st.sampled_from(NAMES)
posts_held = st.sampled_from(
    [_a_post(*all_of) for all_of in product(NAMES, KINDS_OF_POST, range(-9, 4), (None, 0, 1, 3, 8))]
)
leave_taken = st.builds(
    _a_leave,
    someone,
    st.none() | someone,
    st.sampled_from(["approved", "approved", "asked", "denied", "withdrawn"]),
    st.sampled_from(HOURS),
    st.sampled_from([None, 2, 4, 8, 24, 60]),
)
rosters = st.builds(
    Drawn,
    st.lists(posts_held, max_size=14),
    st.lists(leave_taken, max_size=8),
    st.frozensets(someone, max_size=1),
    st.fixed_dictionaries(dict.fromkeys(NAMES, st.sampled_from(SECONDS))),
    st.frozensets(someone, max_size=2),
)
instants = st.lists(
    st.sampled_from(
        [(AT + timedelta(hours=hours, seconds=seconds), wanted)
         for hours, seconds, wanted in product(HOURS, (-1, 0, 1), WANTED)]
    ),
    min_size=INSTANTS_EACH,
    max_size=INSTANTS_EACH,
)  # fmt: skip


def test_of_ten_thousand_rosters_and_instants_nobody_away_is_assigned_somebody_always_is_and_the_reason_is_true():
    asked = 0

    @settings(max_examples=ROSTERS, suppress_health_check=list(HealthCheck))
    @given(rosters, instants)
    def holds(drawn, moments):
        nonlocal asked
        asked += len(moments)
        around = Around(lambda ids: [drawn.seconds.get(one, 100.0) for one in ids], lambda: drawn.busy)
        for at, wanted in moments:
            found = assign(CELL, drawn.staff, at=at, wanted=wanted, around=around)
            _check(found, drawn, at, wanted)

    holds()
    assert asked >= 10_000


def _check(found, drawn, at, wanted):
    day = (at + timedelta(hours=8)).date()
    ended = drawn.ended if at >= AT else frozenset()
    held = [
        one for one in drawn.posts
        if one.from_on <= day and (one.until_on is None or day <= one.until_on) and one.person_id not in ended
    ]  # fmt: skip
    off = [
        one for one in drawn.leaves
        if one.state == "approved" and one.from_at <= at and (one.until_at is None or at < one.until_at)
    ]  # fmt: skip
    there = {one.person_id for one in held} - {one.person_id for one in off}
    assert found.assignee_id in there | {None}
    assert (found.assignee_id is None) == (found.role == "desk")
    if found.role == "stand-in":
        assert (found.params["for"], found.assignee_id) in {(one.person_id, one.stand_in) for one in off}
    if wanted is GRID:
        _check_reason(found, held, there, drawn)


def _check_reason(found, held, there, drawn):
    own = {one.person_id for one in held if one.post == "A" and one.area_code == CELL.code}
    first = own or {one.person_id for one in held if (one.post, one.area_code) == ("A", "v1")}
    second = {one.person_id for one in held if (one.post, one.area_code) == ("B", "v1")}
    near = {one.person_id for one in held if one.post in "AB" and PLACES.get(one.area_code) == "t1"}
    reachable = {one for one in near & there - drawn.busy if drawn.seconds[one] < NO_WAY}
    true = {
        "a-on-duty": found.assignee_id in first & there,
        "a-off-duty": first and not first & there and found.assignee_id in second & there,
        "a-vacant": not first and found.assignee_id in second & there,
        "a-away-named": not first & there and found.params.get("for") in first,
        "b-away-named": not (first | second) & there and found.params.get("for") in second,
        "nearest-free": not (first | second) & there
        and found.assignee_id == min(reachable, key=lambda one: (drawn.seconds[one], one), default=""),
        "nobody-on-duty": (first or second) and not (first | second) & there and not reachable,
        "no-roster": not (first or second) and not reachable,
    }
    assert true[found.reason], found
