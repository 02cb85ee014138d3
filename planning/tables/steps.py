"""How long each step of a case may take, when somebody is reminded, and how soon it climbs on when overdue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from planning.incidents.categories import CATEGORIES
from planning.incidents.clocks import Clock
from planning.incidents.targets import ANY, RESTING, SEVERITIES, STEPS, USUAL_TARGETS, StepTarget, Targets, Unit
from planning.tables.definition import Column, Row, RowFault, TableFault, TableKind, Value

_MOST = {"minutes": 1440, "hours": 720, "workdays": 60}
_REST_COLUMNS = {level: f"rest_{level}" for level in RESTING}


def _defaults() -> Iterator[Row]:
    for (category, severity, step), usual in USUAL_TARGETS.items():
        row: dict[str, Value] = {"category": category, "severity": severity, "step": step}
        row |= {name: getattr(usual, name) for name in ("amount", "unit", "clock", "warn_percent")}
        yield {**row, **{_REST_COLUMNS[level]: one for level, one in usual.rest_minutes.items()}, "basis": "example"}


def _check(rows: Sequence[Row]) -> Iterator[RowFault | TableFault]:
    """Refuse what no clock can count, and a table that leaves a step without any time."""
    for number, row in enumerate(rows):
        unit, amount = str(row["unit"]), int(row["amount"])
        if unit == "workdays" and row["clock"] == "calendar":
            yield RowFault("step-days-by-calendar", number, "clock")
        if amount == 0 and unit != "workdays":
            yield RowFault("step-without-time", number, "amount")
        if amount > _MOST[unit]:
            yield RowFault("step-too-long", number, "amount", {"most": _MOST[unit]})
        if row["step"] == "arrive" and row["clock"] == "working" and row["severity"] == "emergency":
            yield RowFault("step-emergency-waits", number, "clock")
    yield from _left_out(rows)


def _left_out(rows: Sequence[Row]) -> Iterator[TableFault]:
    """Yield each step that some category has no time for.

    Only emergencies need one to arrive; a normal case is handled within the days of its category's deadline.
    """
    there = {(str(row["severity"]), str(row["step"]), str(row["category"])) for row in rows}
    for severity in SEVERITIES:
        for step in STEPS:
            if (step == "arrive" and severity != "emergency") or (step == "handle" and severity == "normal"):
                continue
            without = [name for name in CATEGORIES if (severity, step, name) not in there]
            if without and (severity, step, ANY) not in there:
                told = {"severity": severity, "step": step, "category": "、".join(without)}
                yield TableFault("step-left-out", "step", told)


TABLE = TableKind(
    "steps",
    columns=(
        Column("category", "choice", choices=(*CATEGORIES, ANY), words="incident.category"),
        Column("severity", "choice", choices=SEVERITIES, words="incident.severity"),
        Column("step", "choice", choices=STEPS, words="incident.step"),
        Column("amount", "whole", maximum=1440, spoken={"当日": 0, "当天": 0, "same day": 0}),
        Column("unit", "choice", choices=tuple(_MOST), words="table.time-unit"),
        Column("clock", "choice", choices=("calendar", "working"), words="incident.clock"),
        Column("warn_percent", "whole", unit="percent", minimum=10, maximum=100),
        *(Column(name, "whole", unit="min", minimum=1, maximum=10_000) for name in _REST_COLUMNS.values()),
        Column("basis", "text", words="table.time-basis", is_optional=True),
    ),
    key=("category", "severity", "step"),
    defaults=tuple(_defaults()),
    noun="incident-table",
    may_grow=True,
    check=_check,
)
"""Examples, to be replaced by the county's own. A normal case is handled within the days of the table of deadlines,
which a row here may replace."""


def targets_of(rows: Sequence[Row]) -> Targets:
    """Return (category or ``any``, severity, step) → target."""
    return {(str(row["category"]), str(row["severity"]), str(row["step"])): _target(row) for row in rows}


def _target(row: Row) -> StepTarget:
    return StepTarget(
        int(row["amount"]),
        cast("Unit", row["unit"]),
        cast("Clock", row["clock"]),
        int(row["warn_percent"]),
        {level: int(row[name]) for level, name in _REST_COLUMNS.items()},
    )
