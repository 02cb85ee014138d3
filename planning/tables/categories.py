"""The kinds of incident and what they are called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planning.incidents.categories import CATEGORIES
from planning.tables.definition import Column, Row, RowFault, TableKind
from planning.tables.names import double_names

_NAMES = {
    "party": ("党建", "Party building"),
    "livelihood": ("民生", "Livelihood"),
    "security": ("治安", "Public security"),
    "traffic": ("道路交通", "Road traffic"),
    "environment": ("环保", "Environment"),
    "campus": ("校园安全", "Campus safety"),
}
"""The words of the six kinds as an office gets them; the same as in the catalogue."""


def _check(rows: Sequence[Row]) -> Iterator[RowFault]:
    """Refuse names that two kinds of incident share."""
    return double_names(rows, "category")


TABLE = TableKind(
    "categories",
    columns=(
        Column("category", "choice", choices=tuple(CATEGORIES)),
        Column("name_zh", "text", characters=20),
        Column("name_en", "text", characters=40),
        Column("note", "text", is_optional=True),
    ),
    key=("category",),
    defaults=tuple(
        {"category": name, "name_zh": _NAMES[name][0], "name_en": _NAMES[name][1], "note": ""} for name in CATEGORIES
    ),
    noun="incident-table",
    check=_check,
)
