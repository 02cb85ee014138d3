"""The small kinds of case under the six categories, as an office edits them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import cast

from planning.incidents.categories import CATEGORIES
from planning.incidents.subcategories import MODES, Mode, Subcategory
from planning.incidents.targets import SEVERITIES
from planning.tables.definition import Column, Row, RowFault, TableKind
from planning.tables.names import double_names, names_of
from planning.tables.subcategory_examples import EXAMPLES

_CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")
_NONE = {"无": 0, "不查": 0, "none": 0}


def _check(rows: Sequence[Row]) -> Iterator[RowFault]:
    """Refuse codes that stand under no category, doubtful names, and what only half says something."""
    yield from double_names(rows, "code")
    for number, row in enumerate(rows):
        code, category = str(row["code"]), str(row["category"])
        if not _CODE.fullmatch(code):
            yield RowFault("subcategory-bad-code", number, "code", {"parent": category})
        elif not code.startswith(f"{category}-"):
            yield RowFault("subcategory-other-parent", number, "code", {"parent": category})
        if row["mode"] == "directed" and not row["unit"]:
            yield RowFault("subcategory-without-unit", number, "unit")
        if row["mode"] != "directed" and row["unit"]:
            yield RowFault("subcategory-unit-unused", number, "unit")
        if bool(row["radius_m"]) != bool(row["window_minutes"]):
            yield RowFault("subcategory-half-twin", number, "window_minutes" if row["radius_m"] else "radius_m")


TABLE = TableKind(
    "subcategories",
    columns=(
        Column("code", "text", characters=40),
        Column("category", "choice", choices=tuple(CATEGORIES), words="incident.category"),
        Column("name_zh", "text", characters=20),
        Column("name_en", "text", characters=40),
        Column("question", "text", words="incident.question", is_optional=True),
        Column("severity", "choice", choices=SEVERITIES, words="incident.severity"),
        Column("mode", "choice", choices=MODES, words="incident.mode"),
        Column("unit", "text", characters=60, words="incident.unit", is_optional=True),
        Column("radius_m", "whole", unit="m", maximum=5000, spoken=_NONE, zero="table.not-looked-for"),
        Column("window_minutes", "whole", unit="min", maximum=20_160, spoken=_NONE, zero="table.not-looked-for"),
        Column("basis", "text", words="table.subcategory-basis", is_optional=True),
    ),
    key=("code",),
    defaults=EXAMPLES,
    noun="incident-table",
    may_grow=True,
    most_rows=400,
    check=_check,
)


def subcategories_of(rows: Sequence[Row]) -> Mapping[str, Subcategory]:
    """Return the small kinds by their codes."""
    names = names_of(rows, "code")
    return {str(row["code"]): _subcategory(row, names[str(row["code"])]) for row in rows}


def _subcategory(row: Row, names: Mapping[str, str]) -> Subcategory:
    return Subcategory(
        str(row["code"]),
        str(row["category"]),
        names,
        str(row["question"]),
        str(row["severity"]),
        cast("Mode", row["mode"]),
        str(row["unit"]),
        int(row["radius_m"]),
        timedelta(minutes=int(row["window_minutes"])),
    )
