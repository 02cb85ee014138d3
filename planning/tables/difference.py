"""What differs between two contents of a table, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from planning.tables.definition import Row, TableKind, Value


@dataclass(frozen=True)
class RowChange:
    """One row that differs.

    Parameters
    ----------
    change
        ``added``, ``removed`` or ``changed``.
    key
        What tells the row from the others.
    cells
        (column, before, after) of what differs; all columns of a row that was added or removed.
    """

    change: Literal["added", "removed", "changed"]
    key: tuple[Value, ...]
    cells: tuple[tuple[str, Value | None, Value | None], ...]


def difference(kind: TableKind, before: Sequence[Row], after: Sequence[Row]) -> list[RowChange]:
    """Return the rows that differ, in the order of `after`, those removed last.

    Parameters
    ----------
    kind
    before, after
        As they are stored.
    """
    old = {kind.key_of(row): row for row in before}
    new = {kind.key_of(row): row for row in after}
    names = [column.name for column in kind.columns if column.name not in kind.key]
    changes = []
    for key, row in new.items():
        was = old.get(key)
        before_of = dict.fromkeys(names) if was is None else was
        cells = tuple((name, before_of[name], row[name]) for name in names if was is None or was[name] != row[name])
        if was is None or cells:
            changes.append(RowChange("added" if was is None else "changed", key, cells))
    for key, row in old.items():
        if key not in new:
            changes.append(RowChange("removed", key, tuple((name, row[name], None) for name in names)))
    return changes
