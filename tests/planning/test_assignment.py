"""To whom a case goes: never anybody who is away, always somebody, and the reason is true."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from planning.incidents.assignment import (
    NO_WAY,
    REASONS,
    RULES,
    UNREADABLE,
    Around,
    Cell,
    Wanted,
    assign,
    assign_without,
)
from planning.incidents.events import Assignment
from planning.incidents.staff import Leave, Person, Post, Staff, Unit

AT = datetime(2026, 12, 1, 2, tzinfo=UTC)
CELL = Cell("371424001001001", "v1", "t1")
HERE = {"village_id": "v1"}
TOWNSHIP = {**HERE, "township_id": "t1"}
PLACES = {"v1": "t1", "v2": "t1", "v3": "t2", CELL.code: "t1"}
LONG_AGO = date(2026, 1, 1)
TEAM, SHARED, OTHER = (
    Unit("team-1", "township-team", "河西执法中队", areas=("t1",)),
    Unit("region-1", "regional-team", "西片区执法队", areas=("t1", "t2")),
    Unit("region-2", "regional-team", "南片区执法队", areas=("t1",)),
)
OFFICE = Unit("dept-1", "department", "自然资源局")


def post(person, kind, code, area="village", since=LONG_AGO, until=None):
    return Post(f"{person}-{kind}-{code}", person, kind, area, code, since, until)


def away(person, stand_in=None, *, hours=24, state="approved"):
    until = AT + timedelta(hours=hours) if hours else None
    return Leave(f"l-{person}", person, AT - timedelta(hours=1), until, "annual", stand_in, state)


def staff(*rows, units=(TEAM, SHARED, OTHER, OFFICE), ended=()):
    posts = [one for one in rows if isinstance(one, Post)]
    leaves = [one for one in rows if isinstance(one, Leave)]
    names = dict.fromkeys(one.person_id for one in posts)
    people = [Person(name, ended_at=AT if name in ended else None) for name in names]
    return Staff(people, posts, leaves, units, townships=PLACES)


A, B, NEAR, FAR = post("a", "A", "v1"), post("b", "B", "v1"), post("n", "B", "v2"), post("o", "A", "v2")
AROUND = Around(lambda ids: [{"n": 90.0, "region-2": 60.0}.get(one, 600.0) for one in ids], lambda: {"x"})
GRID = Wanted()
COORDINATOR, CHIEF = Wanted("village", "coordinator"), Wanted("township", "grid-chief")
ASSISTANT = Wanted("township", "assistant")
TO_TEAM, TO_REGION = Wanted("township", "team"), Wanted("county", "regional-team")
TO_OFFICE, TO_COUNTY = Wanted("county", "department", "dept-1"), Wanted("county", "desk")
TOWN_DESK = Assignment(None, "township", "desk", "township-desk", "nobody-on-duty", TOWNSHIP)


def grid(who, role, rule, reason, **told):
    return Assignment(who, "grid", role, rule, reason, {**HERE, **told})


CASES = {
    "A is there": (GRID, [A, B], grid("a", "A", "grid-worker-a", "a-on-duty")),
    "of the cell itself before its village's": (
        GRID, [A, B, post("own", "A", CELL.code, "cell")], grid("own", "A", "grid-worker-a", "a-on-duty"),
    ),
    "A away, B acts": (GRID, [A, B, away("a")], grid("b", "B", "grid-worker-b", "a-off-duty")),
    "A away without an end": (GRID, [A, B, away("a", hours=0)], grid("b", "B", "grid-worker-b", "a-off-duty")),
    "no A, B acts": (GRID, [B], grid("b", "B", "grid-worker-b", "a-vacant")),
    "leave that is only asked for does not count": (
        GRID, [A, B, away("a", state="asked")], grid("a", "A", "grid-worker-a", "a-on-duty"),
    ),
    "leave that has ended does not count": (
        GRID, [A, B, replace(away("a"), until_at=AT)], grid("a", "A", "grid-worker-a", "a-on-duty"),
    ),
    "A's leave names who stands in": (
        GRID, [A, B, NEAR, away("a", "n")], grid("n", "stand-in", "stand-in", "a-away-named", **{"for": "a"}),
    ),
    "a stand-in who is away is none": (
        GRID, [A, B, NEAR, away("a", "n"), away("n")], grid("b", "B", "grid-worker-b", "a-off-duty"),
    ),
    "B's leave names who stands in": (
        GRID, [A, B, NEAR, away("a"), away("b", "n")],
        grid("n", "stand-in", "stand-in", "b-away-named", **{"for": "b"}),
    ),
    "both away: the nearest in the township": (
        GRID, [A, B, NEAR, FAR, away("a"), away("b")],
        grid("n", "nearest", "nearest-free", "nearest-free", township_id="t1", minutes=2),
    ),
    "nobody near who is free": (
        GRID, [A, B, post("x", "A", "v2"), post("z", "A", "v3"), away("a"), away("b")], TOWN_DESK,
    ),
    "a post that begins tomorrow": (
        GRID, [post("a", "A", "v1", since=date(2026, 12, 2)), B], grid("b", "B", "grid-worker-b", "a-vacant"),
    ),
    "a post that ended yesterday": (
        GRID, [post("a", "A", "v1", until=date(2026, 11, 30)), B], grid("b", "B", "grid-worker-b", "a-vacant"),
    ),
    "the last day of a post": (
        GRID, [post("a", "A", "v1", until=date(2026, 12, 1)), B], grid("a", "A", "grid-worker-a", "a-on-duty"),
    ),
    "nobody named": (GRID, [], replace(TOWN_DESK, reason="no-roster")),
    "coordinator of the village": (
        COORDINATOR, [post("c", "coordinator-b", "v1")],
        Assignment("c", "village", "coordinator", "coordinator", "post-on-duty", HERE),
    ),
    "coordinator of the nearest village": (
        COORDINATOR, [post("c", "coordinator-a", "v2"), post("c9", "coordinator-a", "9", "centre")],
        Assignment("c", "village", "coordinator", "coordinator", "nearest-on-duty", {**HERE, "minutes": 10}),
    ),
    "coordinators away": (
        COORDINATOR, [post("c", "coordinator-a", "v1"), away("c")],
        Assignment(None, "township", "desk", "township-desk", "post-away", {**TOWNSHIP, "post": "coordinator"}),
    ),
    "the stand-in of a coordinator": (
        COORDINATOR, [post("c", "coordinator-a", "v1"), NEAR, away("c", "n")],
        Assignment("n", "village", "stand-in", "stand-in", "post-away-named", {**HERE, "for": "c"}),
    ),
    "grid chief": (
        CHIEF, [post("h", "grid-chief", "t1", "township")],
        Assignment("h", "township", "chosen", "grid-chief", "post-on-duty", TOWNSHIP),
    ),
    "assistant who is free": (
        ASSISTANT, [post("x", "assistant", "t1", "township"), post("y", "assistant", "t1", "township")],
        Assignment("y", "township", "chosen", "assistant", "post-on-duty", TOWNSHIP),
    ),
    "no assistant": (
        ASSISTANT, [],
        Assignment(None, "township", "desk", "township-desk", "post-vacant", {**TOWNSHIP, "post": "assistant"}),
    ),
    "the township's team": (
        TO_TEAM, [post("m", "team", "team-1", "unit")],
        Assignment("m", "township", "team", "township-team", "unit-on-duty", {"unit_id": "team-1"}),
    ),
    "a team of which nobody is there": (
        TO_TEAM, [post("m", "team", "team-1", "unit"), away("m")],
        Assignment(None, "township", "desk", "township-desk", "unit-away", {**TOWNSHIP, "unit_id": "team-1"}),
    ),
    "the nearer of two shared teams": (
        TO_REGION, [post("m", "team", "region-1", "unit"), post("k", "team", "region-2", "unit")],
        Assignment("k", "county", "team", "regional-team", "nearest-unit", {"unit_id": "region-2"}),
    ),
    "department": (
        TO_OFFICE, [post("d", "department", "dept-1", "unit")],
        Assignment("d", "county", "department", "department", "unit-on-duty", {"unit_id": "dept-1"}),
    ),
    "department unknown": (
        Wanted("county", "department", "dept-9"), [],
        Assignment(None, "county", "desk", "county-desk", "unit-unknown", {**HERE, "unit_id": "dept-9"}),
    ),
    "the desk by rule": (TO_COUNTY, [A], Assignment(None, "county", "desk", "county-desk", "by-rule", HERE)),
}  # fmt: skip
OUTSIDE = Assignment(None, "county", "desk", "county-desk", "outside-cells")


@pytest.mark.parametrize("case", CASES)
def test_who_answers_and_why(case):
    wanted, rows, expected = CASES[case]
    assert assign(CELL, staff(*rows), at=AT, wanted=wanted, around=AROUND) == expected


def test_outside_every_cell_the_county_desk_answers_but_a_department_serves_everywhere():
    assert assign(None, staff(A, B), at=AT) == OUTSIDE
    found = assign(None, staff(post("d", "department", "dept-1", "unit")), at=AT, wanted=TO_OFFICE)
    assert (found.assignee_id, found.role) == ("d", "department")


def test_a_county_without_townships_has_no_township_desk():
    found = assign(replace(CELL, township_id=None), staff(), at=AT)
    assert (found.level, found.rule, found.reason) == ("county", "county-desk", "no-roster")


def test_every_rule_and_reason_has_a_case():
    expected = [*(one for _wanted, _rows, one in CASES.values()), OUTSIDE]
    assert {one.rule for one in expected} == set(RULES)
    without = {assign_without(layer, CELL).reason for layer in (None, *UNREADABLE)}
    assert {one.reason for one in expected} | without == set(REASONS)


@pytest.mark.parametrize("cell", [CELL, None])
@pytest.mark.parametrize(("layer", "reason"), [*UNREADABLE.items(), (None, "county-unreadable")])
def test_without_what_decides_the_county_desk_answers_and_says_why(layer, reason, cell):
    told = HERE if cell else {}
    assert assign_without(layer, cell) == Assignment(None, "county", "desk", "county-desk", reason, told)


def drawn(rng):
    """Return a random roster: posts that begin and end, leave of every state, some people ended."""
    names = [f"p{number}" for number in range(rng.randint(0, 9))]
    day = date(2026, 12, 1)

    def one(name):
        kind, area, code = rng.choice(
            [("A", "village", rng.choice(["v1", "v2", "v3"])), ("B", "village", rng.choice(["v1", "v2", "v3"])),
             ("A", "cell", CELL.code), ("team", "unit", rng.choice(["team-1", "region-1", "region-2"])),
             ("department", "unit", "dept-1"), ("coordinator-a", "village", rng.choice(["v1", "v2"])),
             ("grid-chief", "township", "t1")]
        )  # fmt: skip
        since = day + timedelta(days=rng.choice([-9, -1, 0, 1]))
        return post(name, kind, code, area, since, rng.choice([None, since, day, since + timedelta(days=5)]))

    posts = [one(name) for name in names for _ in range(rng.randint(1, 2))]
    leaves = [
        Leave(
            f"l{n}-{name}", name, AT + timedelta(hours=(begin := rng.randint(-30, 5))),
            rng.choice([None, AT + timedelta(hours=begin + rng.randint(1, 40))]), "sick",
            rng.choice([None, *names]), rng.choice(["approved", "approved", "asked", "denied", "withdrawn"]),
        )
        for name in names for n in range(rng.randint(0, 2))
    ]  # fmt: skip
    ended = {name for name in names if rng.random() < 0.1}
    return names, posts, leaves, ended


def test_of_ten_thousand_random_rosters_nobody_away_is_assigned_somebody_always_is_and_the_reason_is_true():
    for seed in range(10_000):
        rng = random.Random(seed)
        names, posts, leaves, ended = drawn(rng)
        seconds = {name: rng.choice([60.0, 300.0, NO_WAY]) for name in names}
        busy = {name for name in names if rng.random() < 0.2}
        wanted = rng.choice([GRID, GRID, GRID, TO_TEAM, TO_REGION, TO_OFFICE, COORDINATOR, CHIEF])
        around = Around(lambda ids, known=seconds: [known.get(one, 100.0) for one in ids], lambda known=busy: known)
        found = assign(CELL, staff(*posts, *leaves, ended=ended), at=AT, wanted=wanted, around=around)
        day = date(2026, 12, 1)
        held = [
            one for one in posts
            if one.from_on <= day and (one.until_on is None or day <= one.until_on) and one.person_id not in ended
        ]  # fmt: skip
        off = {
            one.person_id: one for one in leaves
            if one.state == "approved" and one.from_at <= AT and (one.until_at is None or one.until_at > AT)
        }  # fmt: skip
        there = {one.person_id for one in held} - off.keys()
        assert found.assignee_id in there | {None}, seed
        assert (found.assignee_id is None) == (found.role == "desk"), seed
        if wanted is GRID:
            _check_reason(found, held, there, seconds, busy, seed)


def _check_reason(found, held, there, seconds, busy, seed):
    own = {one.person_id for one in held if one.post == "A" and one.area_code == CELL.code}
    first = own or {one.person_id for one in held if (one.post, one.area_code) == ("A", "v1")}
    second = {one.person_id for one in held if (one.post, one.area_code) == ("B", "v1")}
    near = {one.person_id for one in held if one.post in "AB" and PLACES.get(one.area_code) == "t1"}
    reachable = {one for one in near & there - busy if seconds[one] < NO_WAY}
    true = {
        "a-on-duty": found.assignee_id in first & there,
        "a-off-duty": first and not first & there and found.assignee_id in second & there,
        "a-vacant": not first and found.assignee_id in second & there,
        "a-away-named": not first & there and found.params.get("for") in first,
        "b-away-named": not (first | second) & there and found.params.get("for") in second,
        "nearest-free": not (first | second) & there
        and found.assignee_id == min(reachable, key=lambda one: (seconds[one], one), default=""),
        "nobody-on-duty": (first or second) and not (first | second) & there and not reachable,
        "no-roster": not (first or second) and not reachable,
    }
    assert true[found.reason], (seed, found)
