"""What is missing in the staff, told in advance with its days."""

from datetime import UTC, date, datetime, timedelta

import pytest

from planning.incidents.clocks import CHINA_TIME
from planning.incidents.gaps import gaps
from planning.incidents.staff import Leave, Person, Post, Staff

NOW = datetime(2026, 12, 1, 1, tzinfo=UTC)
CELLS = {"c1": "v1", "c2": "v1", "c3": "v2"}
PLACES = {"v1": "t1", "v2": "t2", "c1": "t1", "c2": "t1", "c3": "t2"}
FULL = [("a1", "A", "v1"), ("b1", "B", "v1"), ("a2", "A", "v2"), ("b2", "B", "v2")]


def post(person, kind, code, *, until=None, area="village"):
    return Post(f"{person}{code}", person, kind, area, code, date(2026, 1, 1), until)


def leave(person, first, last, stand_in=None, state="approved"):
    day = [None if one is None else NOW + timedelta(days=one) for one in (first, last)]
    return Leave(f"l{person}{first}", person, day[0], day[1], "annual", stand_in, state)


def staff(posts, *leaves):
    people = [Person(name, account_id="x") for name in {one.person_id for one in posts}]
    return Staff(people, posts, leaves, townships=PLACES)


def found(posts, *leaves, asked=()):
    told = gaps(staff(posts, *leaves), CELLS, at=NOW, days=14, asked=asked)
    return [
        (one.kind, one.township, one.area or one.person_id, _days(one.from_at), _days(one.until_at)) for one in told
    ]


def _days(moment):
    return None if moment is None else (moment - NOW) / timedelta(days=1)


POSTS = [post(*row) for row in FULL]
ENDS = date(2026, 12, 4)
AFTER = _days(datetime(2026, 12, 5, tzinfo=CHINA_TIME))


@pytest.mark.parametrize(
    ("posts", "leaves", "expected"),
    [
        (POSTS, [], []),
        (POSTS[1:], [], [("no-a", "t1", "v1", 0, None)]),
        (POSTS[:-1], [], [("no-b", "t2", "v2", 0, None)]),
        ([*POSTS[1:], post("a1", "A", "v1", until=ENDS)], [], [("no-a", "t1", "v1", AFTER, None)]),
        # a cell with a worker of its own is told apart from its village
        ([*POSTS[1:], post("a1", "A", "c1", area="cell")], [], [("no-a", "t1", "v1", 0, None)]),
        # both away: only the days that they share, in the span
        (
            POSTS,
            [leave("a1", -3, 5, "b2"), leave("b1", 2, 30, "b2"), leave("b2", 3, 4, "a2")],
            [("nobody-there", "t1", "v1", 3, 4)],
        ),
        (POSTS, [leave("a1", 1, None), leave("b1", 20, 30)], [("no-stand-in", "t1", "a1", 1, None)]),
        (POSTS, [leave("a1", -5, -1), leave("b1", 15, 20)], []),
    ],
)
def test_each_gap_by_name_and_days(posts, leaves, expected):
    assert found(posts, *leaves) == expected


def test_leave_that_waits_for_an_answer_is_told_when_nobody_stands_in():
    assert found(POSTS, asked=[leave("a2", 3, 6, state="asked")]) == [("no-stand-in", "t2", "a2", 3, 6)]


def test_people_without_an_account_are_told_unless_they_have_ended():
    people = [Person("a1"), Person("b1", account_id="x"), Person("a2", ended_at=NOW), Person("b2", account_id="y")]
    told = gaps(Staff(people, POSTS, townships=PLACES), CELLS, at=NOW, days=1)
    assert [(one.kind, one.person_id or one.area) for one in told] == [("no-a", "v2"), ("no-account", "a1")]
