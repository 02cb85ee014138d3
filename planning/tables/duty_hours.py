"""When an office is on duty on a working day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import time

from planning.incidents.deadlines import DUTY_HOURS
from planning.tables.definition import Column, Row, RowFault, TableKind
from planning.tables.moments import minute_of, time_of

_LEAST_MINUTES = 60
_MOST_STRETCHES = 6


def _check(rows: Sequence[Row]) -> Iterator[RowFault]:
    """Refuse duty that ends before it begins, that overlaps, or that is hardly any."""
    spans = [(minute_of(str(row["from"])), minute_of(str(row["to"])), number) for number, row in enumerate(rows)]
    turned = [(number, str(rows[number]["from"])) for begin, end, number in spans if end <= begin]
    if turned:
        yield from (RowFault("duty-ends-first", number, "to", {"begin": begin}) for number, begin in turned)
        return
    latest: tuple[int, int, int] | None = None
    for span in sorted(spans):
        if latest is not None and span[0] < latest[1]:
            other = rows[latest[2]]
            yield RowFault("duty-overlaps", span[2], "from", {"other": f"{other['from']}–{other['to']}"})
        latest = span if latest is None or span[1] > latest[1] else latest
    if sum(end - begin for begin, end, _ in spans) < _LEAST_MINUTES:
        yield RowFault("duty-too-short", 0, "to", {"minutes": _LEAST_MINUTES})


TABLE = TableKind(
    "duty-hours",
    columns=(
        Column("from", "time"),
        Column("to", "time"),
        Column("basis", "text", words="table.time-basis", is_optional=True),
    ),
    key=("from",),
    defaults=tuple({"from": f"{begin:%H:%M}", "to": f"{end:%H:%M}", "basis": "example"} for begin, end in DUTY_HOURS),
    noun="incident-table",
    may_grow=True,
    most_rows=_MOST_STRETCHES,
    check=_check,
)


def duty_hours_of(rows: Sequence[Row]) -> tuple[tuple[time, time], ...]:
    """Return the stretches of duty of a working day, from and to, in the order of the day."""
    ordered = sorted(rows, key=lambda row: str(row["from"]))
    return tuple((time_of(str(row["from"])), time_of(str(row["to"]))) for row in ordered)
