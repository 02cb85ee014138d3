"""The services of a county: whom each serves, how far people go for it, and what a site must have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import get_args

from gis.travel_modes import MODES
from planning.groups import Group
from planning.services import CAPACITY_UNITS, Service
from planning.tables.definition import Column, Row, RowFault, TableKind
from planning.tables.names import double_names
from planning.tables.service_checks import USUAL_MODELS, service_faults
from planning.tables.service_rows import row_of, service_of

_ELDER_CENTRE = Service(
    "elder-centre",
    names={"zh": "养老服务中心", "en": "Elder-care centre"},
    model="p-median",
    p=5,
    limit_minutes=30,
    mode="car",
    group="60+",
    capacity_unit="beds",
    load_per_mille=40,
    opening_yuan=38_310_000,
    closing_yuan=150_000,
    included=300,
    extension_yuan=101_000,
    least_capacity=20,
    least_m2_per_place=35,
    facility_kinds=("elder-home", "elder-centre"),
    bases={
        "model": "least-travel",
        "p": "five-centres",
        "limit_minutes": "assumption",
        "mode": "elders-are-driven",
        "group": "elders",
        "candidates": "all-points",
        "capacity": "beds-per-elders",
        "opening_yuan": "cost-of-300-beds",
        "extension_yuan": "cost-of-a-bed-more",
    },
)

_HUB = Service(
    "hub",
    names={"zh": "社区综合服务中心", "en": "Community hub"},
    model="lscp",
    p=None,
    limit_minutes=15,
    mode="e-bike",
    group="all",
    capacity_unit="people",
    load_per_mille=1000,
    opening_yuan=1_300_000,
    closing_yuan=0,
    included=0,
    extension_yuan=0,
    largest=30_000,
    least_floor_area_m2=500,
    facility_kinds=("hub",),
    has_rooms=True,
    bases={
        "model": "everyone-within-limit",
        "limit_minutes": "fifteen-minute-circle",
        "mode": "e-bike-decides",
        "group": "everyone",
        "candidates": "all-points",
        "capacity": "hub-size",
        "opening_yuan": "cost-of-500-m2",
    },
)

_SERVICE_ROOM = Service(
    "service-room",
    names={"zh": "民生服务室", "en": "Service room"},
    model="p-median",
    p=102,
    limit_minutes=15,
    mode="e-bike",
    group="all",
    capacity_unit="people",
    load_per_mille=1000,
    opening_yuan=72_000,
    closing_yuan=0,
    included=0,
    extension_yuan=0,
    facility_kinds=("service-room",),
    above="elder-centre",
    bases={
        "model": "least-travel",
        "p": "centre-villages",
        "limit_minutes": "fifteen-minute-circle",
        "mode": "e-bike-decides",
        "group": "everyone",
        "candidates": "all-points",
        "capacity": "everyone-served",
        "opening_yuan": "cost-of-a-refit",
    },
)

SERVICES: Mapping[str, Service] = {service.name: service for service in (_ELDER_CENTRE, _HUB, _SERVICE_ROOM)}
"""The services that the program comes with."""

_MOST_M2 = 100_000
_MOST_PLACES = 10**9
_NONE = dict.fromkeys(
    ("不限", "无", "none", "无要求", "no requirement", "未定", "not set", "由模型求出", "found by the model"), 0
)


def _check(rows: Sequence[Row]) -> Iterator[RowFault]:
    """Refuse names that two services share, and whatever single cells do not show."""
    yield from double_names(rows, "service")
    known = [str(row["service"]) for row in rows]
    for number, row in enumerate(rows):
        for code, column, params in service_faults(row, known):
            yield RowFault(code, number, column, params)


TABLE = TableKind(
    "services",
    columns=(
        Column("service", "text", characters=40),
        Column("name_zh", "text", characters=20),
        Column("name_en", "text", characters=40),
        Column("group", "choice", choices=get_args(Group), words="table.group"),
        Column("model", "choice", choices=USUAL_MODELS, words="page.model"),
        Column("p", "whole", unit="sites", maximum=5000, spoken=_NONE, zero="table.found"),
        Column("limit_minutes", "number", unit="min", minimum=0.1, maximum=600, decimals=1),
        Column("mode", "choice", choices=tuple(MODES), words="page.mode"),
        Column("capacity_unit", "choice", choices=CAPACITY_UNITS, words="table.capacity-unit"),
        Column("load_per_mille", "whole", minimum=1, maximum=1_000_000),
        Column("largest", "whole", unit="places", maximum=_MOST_PLACES, spoken=_NONE, zero="table.none"),
        Column("least_floor_area_m2", "whole", unit="m2", maximum=_MOST_M2, spoken=_NONE, zero="table.unasked"),
        Column("least_capacity", "whole", unit="places", maximum=_MOST_PLACES, spoken=_NONE, zero="table.unasked"),
        Column("least_m2_per_place", "whole", unit="m2", maximum=_MOST_M2, spoken=_NONE, zero="table.unasked"),
        Column("floor_area_m2", "whole", unit="m2", maximum=_MOST_M2, spoken=_NONE, zero="table.not-set"),
        Column("facility_kinds", "text", listed="page.kind", is_optional=True),
        Column("only_where", "text", characters=40, words="page.service", is_optional=True),
        Column("above", "text", characters=40, words="page.service", is_optional=True),
        Column("has_rooms", "choice", choices=("yes", "no"), words="table.yes-no"),
        Column("basis", "text", words="planning.basis", is_optional=True),
    ),
    key=("service",),
    defaults=tuple(row_of(service) for service in SERVICES.values()),
    noun="planning-table",
    may_grow=True,
    most_rows=40,
    check=_check,
)


def services_of(rows: Sequence[Row], of_county: Sequence[Row] = ()) -> Mapping[str, Service]:
    """Return the services that there are.

    Parameters
    ----------
    rows
        The office's: a row that is as the program comes with it says nothing against the county's.
    of_county
        The county's own.
    """
    usual = {str(row["service"]): row for row in TABLE.defaults}
    ours = {str(row["service"]): row for row in rows}
    theirs = {str(row["service"]): row for row in of_county}
    edited = {name: row for name, row in ours.items() if row != usual.get(name)}
    found = ours | theirs | edited
    return {name: service_of(row, SERVICES.get(name)) for name, row in found.items()}
