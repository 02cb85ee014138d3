"""The ordered rules of who is asked first, against brute force over everything that a case can be."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from planning.incidents.categories import CATEGORIES
from planning.incidents.rules import (
    POSTS,
    TIMES,
    UNDECIDED,
    Asked,
    Places,
    Routed,
    Rule,
    dead_rules,
    first_left_out,
    first_rule,
    route,
)
from planning.incidents.subcategories import Subcategory
from planning.incidents.targets import ANY, SEVERITIES
from planning.tables.in_force import DEFAULTS

CELLS = {"c-1": "t-1", "c-2": "t-1", "c-3": "t-2", "c-4": None}
PLACES = Places(("t-1", "t-2", "t-3"), CELLS)
GROUND = [*CELLS.items(), (None, "t-1"), (None, "t-3"), (None, None)]
"""A place in each cell; a case outside the cells has no township, but one of a township without cells may have."""


def any_or(values):
    return st.sampled_from((ANY, *values))


RULES = st.builds(
    Rule,
    st.uuids().map(str),
    any_or(("party", "traffic")),
    any_or(SEVERITIES),
    any_or((*CELLS, *PLACES.townships)),
    any_or(TIMES),
    st.just("grid"),
    st.just("grid-worker"),
)


def every_case():
    grounds = [ground for ground in GROUND if ground != (None, "t-1")]
    for category, severity, (cell, township), on_duty in itertools.product(
        CATEGORIES, SEVERITIES, grounds, (True, False)
    ):
        yield Asked(category, severity, cell, township, on_duty)


def matches(rule, asked):
    return (
        (rule.category in (ANY, asked.category))
        and (rule.severity in (ANY, asked.severity))
        and (rule.area == ANY or rule.area in (asked.cell, asked.township))
        and (rule.time == ANY or (rule.time == "duty") == asked.on_duty)
    )


@settings(max_examples=150, deadline=None)
@given(st.lists(RULES, max_size=8))
def test_the_first_that_matches_wins_and_the_dead_are_exactly_those_that_never_do(rules):
    winners, covering = {}, {index: set() for index in range(len(rules))}
    for asked in every_case():
        matching = [index for index, rule in enumerate(rules) if matches(rule, asked)]
        expected = rules[matching[0]] if matching else None
        assert first_rule(rules, asked) is expected
        if matching:
            winners[matching[0]] = True
            for index in matching[1:]:
                covering[index].add(rules[matching[0]].name)
    dead = {one.index: set(one.covered_by) for one in dead_rules(rules, PLACES)}
    assert dead == {index: covering[index] for index in range(len(rules)) if index not in winners}
    left_out = first_left_out(rules, PLACES)
    assert (left_out is None) == all(any(matches(rule, asked) for rule in rules) for asked in every_case())


def test_a_township_is_dead_once_each_of_its_cells_has_a_rule_and_alive_where_the_cells_are_not_known():
    def rule(name, area):
        return Rule(name, ANY, ANY, area, ANY, "grid", "grid-worker")

    rules = [rule("one", "c-1"), rule("two", "c-2"), rule("both", "t-1"), rule("rest", ANY)]
    assert [(one.index, one.covered_by) for one in dead_rules(rules, PLACES)] == [(2, ("one", "two"))]
    assert dead_rules(rules, Places()) == []
    assert dead_rules([rules[2], rules[0], rules[3]], PLACES)[0].covered_by == ("both",)


def test_two_hundred_rules_of_two_hundred_areas_are_held_against_one_another_at_once():
    cells = {f"c-{n}": f"t-{n % 12}" for n in range(400)}
    rules = [Rule(str(n), ANY, ANY, f"c-{n}", ANY, "grid", "grid-worker") for n in range(199)]
    last = Rule("again", "party", ANY, "c-7", "duty", "grid", "grid-worker")
    assert [one.covered_by for one in dead_rules([*rules, last], Places((), cells))] == [("7",)]


def test_the_rules_that_the_program_comes_with_ask_the_worker_of_the_cell_first_as_before():
    for asked in every_case():
        assert route(DEFAULTS.rules, asked) == Routed("grid-worker", "grid", "grid-worker")
    assert route((), Asked("party", "normal", None, None, True)) == UNDECIDED


def test_a_small_kind_with_enforcement_goes_to_its_unit_whatever_the_rules_say():
    def routed(mode, unit=""):
        kind = Subcategory("traffic-x", "traffic", {}, mode=mode, unit=unit)
        return route(DEFAULTS.rules, Asked("traffic", "normal", "c-1", "t-1", True, kind))

    assert routed("none") == Routed("grid-worker", "grid", "grid-worker")
    assert routed("directed", "transport") == Routed("mode-directed", "county", "department", "directed", "transport")
    assert routed("resident") == Routed("mode-resident", "township", "team", "resident")
    assert routed("regional") == Routed("mode-regional", "county", "regional-team", "regional")
    for mode in ("directed", "resident", "regional"):
        assert routed(mode, "x").level in POSTS[routed(mode, "x").post]
