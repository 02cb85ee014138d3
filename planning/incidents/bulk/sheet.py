"""A batch of a hotline, or cases of the past with their instants, as one table: what an office sends as a file."""

from __future__ import annotations

from planning.incidents.categories import CATEGORIES
from planning.incidents.moves import TRANSITIONS
from planning.tables.definition import Column, TableKind

MOST_ROWS = 10_000
"""In one file; what is more comes in several, or line by line as .jsonl."""
_CODE = 40
_MOMENT = 40
INSTANTS = ("accepted_at", "arrived_at", "handled_at", "closed_at")
"""In the order in which they come; a row that has any of them is of the past."""
OPTIONAL = frozenset(
    {"subcategory", "severity", "lon", "lat", "datum", "village", "text", "name", "phone", "reported_at"}
)

BATCH = TableKind(
    name="case-batch",
    columns=(
        Column("key", "text", characters=100),
        Column("category", "choice", choices=tuple(CATEGORIES), words="incident.category"),
        Column("subcategory", "text", characters=_CODE, is_optional=True),
        Column("severity", "text", characters=_CODE, is_optional=True, words="incident.severity"),
        Column("lon", "text", characters=_CODE, is_optional=True),
        Column("lat", "text", characters=_CODE, is_optional=True),
        Column("datum", "text", characters=_CODE, is_optional=True),
        Column("village", "text", characters=60, is_optional=True),
        Column("text", "text", characters=2000, is_optional=True),
        Column("name", "text", characters=60, is_optional=True),
        Column("phone", "text", characters=30, is_optional=True),
        Column("reported_at", "text", characters=_MOMENT, is_optional=True),
        *(Column(name, "text", characters=_MOMENT, is_optional=True) for name in INSTANTS),
        Column("outcome", "text", characters=_CODE, is_optional=True, words="incident.code"),
    ),
    key=("key",),
    defaults=(),
    noun="incident-table",
    may_grow=True,
    most_rows=MOST_ROWS,
)
"""What a column may hold beside its length is held against the county and the row by whoever reads it."""
SEVERITIES = TRANSITIONS["report"].may["severity"].codes
OUTCOMES = TRANSITIONS["handle"].needs["outcome"].codes
