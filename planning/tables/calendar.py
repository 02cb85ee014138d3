"""Days on which the office differs from the calendar that the State Council announced, or knows it earlier."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from gis.faults import Param
from planning.tables.definition import Column, Row, RowFault, TableKind

_LONGEST_BREAK_DAYS = 20
"""A longer one would leave cases without any deadline for weeks; festivals take up to nine days."""
_BY_LAW = (
    ("2027-01-01", "new-year"),
    ("2027-05-01", "labour-day"),
    ("2027-05-02", "labour-day"),
    ("2027-10-01", "national-day"),
    ("2027-10-02", "national-day"),
    ("2027-10-03", "national-day"),
)
"""Holidays of fixed date of the year after this edition of the program: they are off whatever is announced."""
_DAY = timedelta(days=1)


def _check(rows: Sequence[Row]) -> Iterator[RowFault]:
    """Refuse a break that no office has: somebody has mistyped a month, or filled a column too far down."""
    days = days_of(rows)
    numbers = {date.fromisoformat(str(row["day"])): number for number, row in enumerate(rows)}
    seen = date.min
    for day in sorted(numbers):
        if day <= seen or not _is_off(day, days):
            continue
        first, seen = _end(day, -_DAY, days), _end(day, _DAY, days)
        length = (seen - first).days + 1
        if length > _LONGEST_BREAK_DAYS:
            told: dict[str, Param] = {"count": length, "most": _LONGEST_BREAK_DAYS, "last": seen.isoformat()}
            yield RowFault("calendar-break-too-long", numbers[day], "kind", told)


def _end(day: date, step: timedelta, days: Mapping[date, bool]) -> date:
    """Return the first or last day of a break."""
    while _is_off(day + step, days):
        day += step
    return day


def _is_off(day: date, days: Mapping[date, bool]) -> bool:
    return not days[day] if day in days else day.weekday() >= 5


TABLE = TableKind(
    "calendar",
    columns=(
        Column("day", "day"),
        Column("kind", "choice", choices=("holiday", "workday"), words="table.day-kind"),
        Column("name", "text", characters=40, words="table.holiday", is_optional=True),
        Column("basis", "text", words="table.time-basis", is_optional=True),
    ),
    key=("day",),
    defaults=tuple({"day": day, "kind": "holiday", "name": name, "basis": "law"} for day, name in _BY_LAW),
    noun="incident-table",
    may_grow=True,
    most_rows=600,
    check=_check,
)


def days_of(rows: Sequence[Row]) -> Mapping[date, bool]:
    """Return day → whether it is worked."""
    return {date.fromisoformat(str(row["day"])): row["kind"] == "workday" for row in rows}
