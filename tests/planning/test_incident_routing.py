from __future__ import annotations

import itertools

import pytest

from planning.incidents.categories import CATEGORIES
from planning.incidents.events import Assignment
from planning.incidents.routing import REASONS, RULES, UNREADABLE, Cell, GridWorker, assign, assign_without

CELL = Cell("371424001001001", "v-1", "t-1")
A, A_OFF = GridWorker("p-a", "A", on_duty=True), GridWorker("p-a", "A", on_duty=False)
B, B_OFF = GridWorker("p-b", "B", on_duty=True), GridWorker("p-b", "B", on_duty=False)
VILLAGE = {"village_id": "v-1"}
TOWNSHIP = {"village_id": "v-1", "township_id": "t-1"}

CASES = [
    (CELL, [A, B], Assignment("p-a", "grid", "A", "grid-worker-a", "a-on-duty", VILLAGE)),
    (CELL, [B, A], Assignment("p-a", "grid", "A", "grid-worker-a", "a-on-duty", VILLAGE)),
    (CELL, [A, B_OFF], Assignment("p-a", "grid", "A", "grid-worker-a", "a-on-duty", VILLAGE)),
    (CELL, [A_OFF, B], Assignment("p-b", "grid", "B", "grid-worker-b", "a-off-duty", VILLAGE)),
    (CELL, [B], Assignment("p-b", "grid", "B", "grid-worker-b", "a-vacant", VILLAGE)),
    (CELL, [A_OFF, B_OFF], Assignment(None, "township", "desk", "township-desk", "nobody-on-duty", TOWNSHIP)),
    (CELL, [], Assignment(None, "township", "desk", "township-desk", "no-roster", TOWNSHIP)),
    (None, [], Assignment(None, "county", "desk", "county-desk", "outside-cells")),
    (None, [A, B], Assignment(None, "county", "desk", "county-desk", "outside-cells")),
    # roles go before ids
    (
        CELL,
        [GridWorker("p-0", "B", on_duty=True), A],
        Assignment("p-a", "grid", "A", "grid-worker-a", "a-on-duty", VILLAGE),
    ),
    (
        CELL,
        [GridWorker("p-0", "B", on_duty=True), A_OFF],
        Assignment("p-0", "grid", "B", "grid-worker-b", "a-off-duty", VILLAGE),
    ),
    # a county without townships has no township desk
    (Cell("1", "v-1", None), [], Assignment(None, "county", "desk", "county-desk", "no-roster", VILLAGE)),
]


@pytest.mark.parametrize("category", sorted(CATEGORIES))
@pytest.mark.parametrize(("cell", "roster", "expected"), CASES)
def test_a_then_b_then_a_desk(cell: Cell | None, roster: list[GridWorker], expected: Assignment, category: str) -> None:
    assert assign(cell, roster, category=category) == expected


def test_of_two_workers_in_one_role_the_first_id_is_taken_whatever_the_order() -> None:
    workers = [GridWorker("p-2", "A", on_duty=True), GridWorker("p-1", "A", on_duty=True), A_OFF, B]
    chosen = {assign(CELL, order, category="party").assignee_id for order in itertools.permutations(workers)}
    assert chosen == {"p-1"}


def test_an_unknown_category_is_refused() -> None:
    with pytest.raises(KeyError):
        assign(CELL, [A], category="weather")


def test_every_rule_and_reason_has_a_case() -> None:
    assert {expected.rule for _, _, expected in CASES} == set(RULES)
    without = {assign_without(layer, CELL).reason for layer in (None, *UNREADABLE)}
    assert {expected.reason for _, _, expected in CASES} | without == set(REASONS)


@pytest.mark.parametrize("cell", [CELL, None])
@pytest.mark.parametrize(
    ("layer", "reason"), [*UNREADABLE.items(), (None, "county-unreadable"), ("rivers", "county-unreadable")]
)
def test_without_what_decides_the_county_desk_answers_and_says_why(
    layer: str | None, reason: str, cell: Cell | None
) -> None:
    told = VILLAGE if cell else {}
    assert assign_without(layer, cell) == Assignment(None, "county", "desk", "county-desk", reason, told)
