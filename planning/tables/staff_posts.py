"""Who works where, as a table that an office takes along and sends back; the rows themselves are records."""

from __future__ import annotations

from typing import get_args

from planning.incidents.staff import AreaKind, PostKind
from planning.tables.definition import Column, TableKind

TABLE = TableKind(
    "staff-posts",
    columns=(
        Column("person", "text", characters=60, is_optional=True),
        Column("name", "text", characters=60),
        Column("post", "choice", choices=get_args(PostKind), words="staff.post"),
        Column("area_kind", "choice", choices=get_args(AreaKind), words="staff.area-kind"),
        Column("area", "text", characters=60, is_optional=True),
        Column("area_name", "text", characters=60, is_optional=True),
        Column("from", "text", characters=30, takes_dates=True),
        Column("until", "text", characters=30, is_optional=True, takes_dates=True),
        Column("phone", "text", characters=30, is_optional=True),
        Column("account", "text", characters=60, is_optional=True),
    ),
    key=("person", "name", "post", "area_kind", "area", "from"),
    defaults=(),
    noun="staff",
    may_grow=True,
    most_rows=20_000,
)
