"""To whom a case goes: never anybody who is away, always somebody, and the reason is true."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from small_roster import (
    ASSISTANT,
    AT,
    CELL,
    CHIEF,
    COORDINATOR,
    GRID,
    HERE,
    TO_COUNTY,
    TO_OFFICE,
    TO_REGION,
    TO_TEAM,
    TOWNSHIP,
    post,
    staff,
)

from planning.incidents.assignment import (
    REASONS,
    RULES,
    UNREADABLE,
    Around,
    Wanted,
    assign,
    assign_without,
)
from planning.incidents.events import Assignment
from planning.incidents.staff import Leave


def away(person, stand_in=None, *, hours=24, state="approved"):
    until = AT + timedelta(hours=hours) if hours else None
    return Leave(f"l-{person}", person, AT - timedelta(hours=1), until, "annual", stand_in, state)


A, B, NEAR, FAR = post("a", "A", "v1"), post("b", "B", "v1"), post("n", "B", "v2"), post("o", "A", "v2")
AROUND = Around(lambda ids: [{"n": 90.0, "region-2": 60.0}.get(one, 600.0) for one in ids], lambda: {"x"})
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
