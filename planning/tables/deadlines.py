"""How soon each kind of incident is to be dealt with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from planning.incidents.categories import CATEGORIES, Category
from planning.tables.definition import Column, Row, TableKind

_MOST_WORKDAYS = 60

TABLE = TableKind(
    "deadlines",
    columns=(
        Column("category", "choice", choices=tuple(CATEGORIES), words="incident.category"),
        Column(
            "workdays",
            "whole",
            unit="workdays",
            maximum=_MOST_WORKDAYS,
            spoken={"当日": 0, "当天": 0, "same day": 0},
            zero="table.same-day",
        ),
        Column("basis", "text", words="incident.basis", is_optional=True),
    ),
    key=("category",),
    defaults=tuple({"category": c.name, "workdays": c.workdays, "basis": c.basis} for c in CATEGORIES.values()),
    noun="incident-table",
)


def categories_of(rows: Sequence[Row]) -> Mapping[str, Category]:
    """Return the categories with their deadlines."""
    return {
        str(row["category"]): Category(str(row["category"]), int(row["workdays"]), str(row["basis"])) for row in rows
    }
