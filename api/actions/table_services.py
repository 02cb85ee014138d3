"""Whether the services that a table names are there: those of the office's table, and the county's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from api.actions.tables_at_rest import edition_of
from gis.faults import Fault, FaultsError
from layers.current import current_version
from layers.records.documents import DocumentStore
from layers.store import read_build
from planning.closest import Closest
from planning.tables.definition import Row, TableKind
from planning.tables.in_force import Tables

_NAMES_SERVICES = ("unit-costs",)
"""Tables whose rows are about a service."""


def refuse_unknown_services(store: DocumentStore, data_dir: Path, kind: TableKind, rows: Sequence[Row]) -> None:
    """Refuse rows about services that there are not: what they say would never count.

    Parameters
    ----------
    store
        Whose newest table of services says which there are.
    data_dir
        Whose current county may have some of its own.
    kind, rows
        Of the table that is to be saved.

    Raises
    ------
    FaultsError
        ``unknown-service`` for each row.
    """
    if kind.name not in _NAMES_SERVICES:
        return
    newest = store.latest("services")
    tables = Tables({} if newest is None else {"services": edition_of(newest)}, of_county=_of_county(data_dir))
    known = tables.services
    closest = Closest(known)
    named = [(number, str(row["service"])) for number, row in enumerate(rows, start=1)]
    faults = [
        Fault(
            "unknown-service",
            kind.name,
            row=number,
            field="service",
            value=name,
            params={"known": ", ".join(known), "closest": closest.to(name)},
        )
        for number, name in named
        if name not in known
    ]
    if faults:
        raise FaultsError(faults)


def _of_county(data_dir: Path) -> tuple[Row, ...]:
    try:
        version = current_version(data_dir)
        return () if version is None else tuple(read_build(data_dir, version).get("services", ()))
    except FaultsError:  # a county that cannot be read is told elsewhere
        return ()
