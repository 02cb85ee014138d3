"""The ordered rules of who is asked first, as an office edits them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from planning.incidents.categories import CATEGORIES
from planning.incidents.events import LEVELS, Level
from planning.incidents.rules import POSTS, TIMES, Places, Rule, dead_rules, first_left_out
from planning.incidents.targets import ANY, SEVERITIES
from planning.tables.definition import Column, Row, RowFault, TableFault, TableKind


def rule_faults(rows: Sequence[Row], places: Places | None = None) -> Iterator[RowFault | TableFault]:
    """Yield what is wrong with the rules as a whole.

    Parameters
    ----------
    rows
    places
        Of the county; without them areas are taken as they are written, each apart from all others.
    """
    known = places or Places()
    rules = rules_of(rows)
    for number, rule in enumerate(rules):
        if rule.level not in POSTS[rule.post]:
            yield RowFault("rule-post-elsewhere", number, "level", {"level": "、".join(POSTS[rule.post])})
        if (rule.post == "department") != bool(rule.unit):
            yield RowFault("rule-without-unit" if rule.post == "department" else "rule-unit-unused", number, "unit")
        if places is not None and not known.has(rule.area):
            yield RowFault("rule-unknown-area", number, "area")
    for dead in dead_rules(rules, known):
        yield RowFault("rule-never-first", dead.index, "rule", {"rule": "、".join(dead.covered_by)})
    left_out = first_left_out(rules, known)
    if left_out is not None:
        told = dict(zip(("category", "severity", "area", "time"), left_out, strict=True))
        yield TableFault("rule-left-out", "rule", told)


TABLE = TableKind(
    "rules",
    columns=(
        Column("rule", "text", characters=40, words="incident.rule"),
        Column("category", "choice", choices=(*CATEGORIES, ANY), words="incident.category"),
        Column("severity", "choice", choices=(*SEVERITIES, ANY), words="incident.severity"),
        Column("area", "text", characters=60, words="table.area"),
        Column("time", "choice", choices=(*TIMES, ANY), words="table.duty"),
        Column("level", "choice", choices=LEVELS, words="incident.level"),
        Column("post", "choice", choices=tuple(POSTS), words="incident.asked-post"),
        Column("unit", "text", characters=60, words="incident.unit", is_optional=True),
        Column("basis", "text", words="table.time-basis", is_optional=True),
    ),
    key=("rule",),
    defaults=(
        {
            "rule": "grid-worker",
            "category": ANY,
            "severity": ANY,
            "area": ANY,
            "time": ANY,
            "level": "grid",
            "post": "grid-worker",
            "unit": "",
            "basis": "example",
        },
    ),
    noun="incident-table",
    may_grow=True,
    check=rule_faults,
)
"""Everything goes to the worker of the cell first, as before there were rules."""


def rules_of(rows: Sequence[Row]) -> tuple[Rule, ...]:
    """Return the rules in their order."""
    return tuple(_rule(row) for row in rows)


def _rule(row: Row) -> Rule:
    rule, category, severity, area, time = (str(row[name]) for name in ("rule", "category", "severity", "area", "time"))
    return Rule(rule, category, severity, area, time, cast("Level", row["level"]), str(row["post"]), str(row["unit"]))
