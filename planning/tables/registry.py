"""The tables that an office edits, one line each."""

from __future__ import annotations

from collections.abc import Mapping

from planning.tables import categories, deadlines, rooms, services, speeds, unit_costs
from planning.tables.definition import TableKind

TABLES: Mapping[str, TableKind] = {
    table.name: table
    for table in (
        categories.TABLE,
        deadlines.TABLE,
        services.TABLE,
        rooms.TABLE,
        unit_costs.TABLE,
        speeds.TABLE,
    )
}
