"""Leave, as a table that an office takes along and sends back; the rows themselves are records."""

from __future__ import annotations

from typing import get_args

from planning.incidents.staff import LeaveReason, LeaveState
from planning.tables.definition import Column, TableKind

TABLE = TableKind(
    "staff-leave",
    columns=(
        Column("person", "text", characters=60),
        Column("name", "text", characters=60, is_optional=True),
        Column("from", "text", characters=30, takes_dates=True),
        Column("until", "text", characters=30, is_optional=True, takes_dates=True),
        Column("reason", "choice", choices=get_args(LeaveReason), words="staff.leave-reason"),
        Column("stand_in", "text", characters=60, is_optional=True),
        Column("state", "choice", choices=get_args(LeaveState), words="staff.leave-state"),
    ),
    key=("person", "from"),
    defaults=(),
    noun="staff",
    may_grow=True,
    most_rows=5_000,
)
