"""The tables that an office edits, one line each."""

from __future__ import annotations

from collections.abc import Mapping

from planning.tables import (
    calendar,
    categories,
    deadlines,
    duty_hours,
    matters,
    rooms,
    rules,
    services,
    speeds,
    steps,
    subcategories,
    unit_costs,
)
from planning.tables.definition import TableKind

TABLES: Mapping[str, TableKind] = {
    table.name: table
    for table in (
        categories.TABLE,
        subcategories.TABLE,
        deadlines.TABLE,
        steps.TABLE,
        rules.TABLE,
        calendar.TABLE,
        duty_hours.TABLE,
        matters.TABLE,
        services.TABLE,
        rooms.TABLE,
        unit_costs.TABLE,
        speeds.TABLE,
    )
}
