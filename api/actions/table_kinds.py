"""Tables held against what there is here: services and departments that a row names, townships and cells."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from api.actions.tables_at_rest import edition_of
from gis.faults import Fault, FaultsError
from layers.county import open_county
from layers.current import current_version
from layers.records.documents import DocumentStore
from layers.records.staff_rows import departments_now
from layers.store import read_build
from planning.closest import Closest
from planning.incidents.rules import Places
from planning.tables.definition import Row, RowFault, TableFault, TableKind
from planning.tables.in_force import Tables
from planning.tables.registry import TABLES
from planning.tables.rules import rule_faults

Found = Iterable[RowFault | TableFault]
_WITH_UNITS = ("rules", "subcategories")
"""Tables whose column ``unit`` names a department."""


def kind_here(store: DocumentStore, data_dir: Path, kind: TableKind) -> TableKind:
    """Return a kind of table whose rows are held against what there is here as well.

    Parameters
    ----------
    store
        Whose newest table of services says which there are.
    data_dir
        Of the current county, which may have services of its own, and has townships and cells.
    kind
    """
    check = _CHECKS.get(kind.name)
    return dataclasses.replace(kind, check=lambda rows: check(store, data_dir, rows)) if check else kind


def refuse_unknown(store: DocumentStore, data_dir: Path, kind: TableKind, rows: Sequence[Row]) -> None:
    """Refuse rows, as they are to be stored, that name what there is not here: they would never count.

    Raises
    ------
    FaultsError
        One for each row.
    """
    check = _CHECKS.get(kind.name)
    if check is None:
        return
    faults = [
        Fault(
            one.code,
            kind.name,
            row=one.row + 1 if isinstance(one, RowFault) else None,
            field=one.column,
            value=str(rows[one.row][one.column]) if isinstance(one, RowFault) else "",
            params=one.params,
        )
        for one in check(store, data_dir, rows)
    ]
    if faults:
        raise FaultsError(faults)


def places_here(data_dir: Path) -> Places | None:
    """Return the townships and cells of the current county, ``None`` if they cannot be read."""
    try:
        county = open_county(data_dir)
        townships = {str(id_) for id_ in county.table("townships").index} if county.has("townships") else set()
        if not county.has("cells"):
            return Places(townships)
        of = county.table("cells")["township_id"].fillna("").astype(str)
    except FaultsError:  # a county that cannot be read is told elsewhere
        return None
    cells = {str(code): township or None for code, township in of.items()}
    return Places(townships | set(filter(None, cells.values())), cells)


def _unit_costs(store: DocumentStore, data_dir: Path, rows: Sequence[Row]) -> Found:
    yield from TABLES["unit-costs"].check(rows)
    newest = store.latest("services")
    tables = Tables({} if newest is None else {"services": edition_of(newest)}, of_county=_of_county(data_dir))
    known = tables.services
    closest = Closest(known)
    for number, row in enumerate(rows):
        name = str(row["service"])
        if name not in known:
            told = {"known": ", ".join(known), "closest": closest.to(name)}
            yield RowFault("unknown-service", number, "service", told)


def _rules(store: DocumentStore, data_dir: Path, rows: Sequence[Row]) -> Found:
    yield from rule_faults(rows, places_here(data_dir))
    yield from _unknown_units(store, TABLES["rules"], rows)


def _subcategories(store: DocumentStore, _data_dir: Path, rows: Sequence[Row]) -> Found:
    kind = TABLES["subcategories"]
    yield from kind.check(rows)
    yield from _unknown_units(store, kind, rows)


def _unknown_units(store: DocumentStore, kind: TableKind, rows: Sequence[Row]) -> Iterator[RowFault]:
    """Yield the rows that name a department that is not there, but for examples that nobody has touched.

    Before the staff has been taken over no department is known. The program's examples name some that a county may not
    have: that is said beside the table, and must not keep it from being saved.
    """
    known = _departments(store)
    closest = Closest(known)
    examples = {kind.key_of(row): row["unit"] for row in kind.defaults}
    for number, row in enumerate(rows):
        unit = str(row["unit"] or "")
        if known and unit and unit not in known and unit != examples.get(kind.key_of(row)):
            told = {"known": ", ".join(sorted(known)), "closest": closest.to(unit)}
            yield RowFault("table-unknown-unit", number, "unit", told)


def units_missing(store: DocumentStore, kind: TableKind, rows: Sequence[Row]) -> list[str]:
    """Return the departments that rows of small kinds or rules name and that are not there."""
    if kind.name not in _WITH_UNITS:
        return []
    named = dict.fromkeys(str(row["unit"]) for row in rows if row["unit"])
    known = _departments(store) if named else frozenset()
    return [unit for unit in named if known and unit not in known]


def _departments(store: DocumentStore) -> frozenset[str]:
    with store.database.reading() as connection:
        return departments_now(connection, now=datetime.now(UTC))


_CHECKS: Mapping[str, Callable[[DocumentStore, Path, Sequence[Row]], Found]] = {
    "unit-costs": _unit_costs,
    "rules": _rules,
    "subcategories": _subcategories,
}


def _of_county(data_dir: Path) -> tuple[Row, ...]:
    try:
        version = current_version(data_dir)
        return () if version is None else tuple(read_build(data_dir, version).get("services", ()))
    except FaultsError:  # a county that cannot be read is told elsewhere
        return ()
