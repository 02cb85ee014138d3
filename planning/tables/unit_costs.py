"""What a site of each service costs to open, to close and to extend."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence

from planning.services import Service
from planning.tables.definition import Column, Row, RowFault, TableKind, Value
from planning.tables.service_checks import is_code
from planning.tables.services import SERVICES

_MOST_YUAN = 10**11
_MOST_PLACES = 10**9
_FIGURES = ("opening_yuan", "closing_yuan", "included", "extension_yuan")
_BASES = {"opening_basis": "opening_yuan", "extension_basis": "extension_yuan"}


def _default(service: Service) -> Row:
    figures: dict[str, Value] = {name: getattr(service, name) for name in _FIGURES}
    return {"service": service.name, **figures, **{name: service.bases.get(of, "") for name, of in _BASES.items()}}


def _check(rows: Sequence[Row]) -> Iterator[RowFault]:
    """Refuse what no service can be called; whether there is such a service, the tables at hand say."""
    for number, row in enumerate(rows):
        if not is_code(str(row["service"])):
            yield RowFault("service-bad-code", number, "service")


TABLE = TableKind(
    "unit-costs",
    columns=(
        Column("service", "text", characters=40, words="page.service"),
        Column("opening_yuan", "whole", unit="yuan", maximum=_MOST_YUAN),
        Column("closing_yuan", "whole", unit="yuan", maximum=_MOST_YUAN),
        Column("included", "whole", unit="places", maximum=_MOST_PLACES),
        Column("extension_yuan", "whole", unit="yuan", maximum=_MOST_YUAN),
        Column("opening_basis", "text", words="planning.basis", is_optional=True),
        Column("extension_basis", "text", words="planning.basis", is_optional=True),
    ),
    key=("service",),
    defaults=tuple(_default(service) for service in SERVICES.values()),
    noun="planning-table",
    may_grow=True,
    most_rows=40,
    check=_check,
)


def with_costs(services: Mapping[str, Service], rows: Sequence[Row]) -> Mapping[str, Service]:
    """Return the services with the costs that stand here, and where these come from; others keep their own."""
    by_name = {str(row["service"]): row for row in rows}
    return {
        name: _with_costs(service, by_name[name]) if name in by_name else service for name, service in services.items()
    }


def _with_costs(service: Service, row: Row) -> Service:
    bases = {of: str(row[name]) for name, of in _BASES.items()}
    others = {field: code for field, code in service.bases.items() if field not in bases}
    return dataclasses.replace(
        service,
        opening_yuan=int(row["opening_yuan"]),
        closing_yuan=int(row["closing_yuan"]),
        included=int(row["included"]),
        extension_yuan=int(row["extension_yuan"]),
        bases=others | {field: basis for field, basis in bases.items() if basis},
    )
