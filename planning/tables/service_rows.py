"""A service as a row of a table, of the office or of a county file, and a row as a service."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from planning.groups import Group
from planning.services import CapacityUnit, Service
from planning.tables.definition import Row, Value

NEW_BUILDING_YUAN_PER_M2 = 2_600
"""What a new building costs where nobody says more: an assumption."""

COSTS = ("opening_yuan", "closing_yuan", "included", "extension_yuan")
_PLAIN = (
    *("model", "limit_minutes", "mode", "group", "capacity_unit", "load_per_mille"),
    *("least_floor_area_m2", "least_capacity", "least_m2_per_place", "only_where", "above"),
)
_OR_NONE = ("p", "largest", "floor_area_m2")
"""Figures of which 0 says that there is none."""
_MADE_OF = {"candidates": ("only_where",), "capacity": ("capacity_unit", "load_per_mille", "largest")}
"""What a default is made of, where that is not the figure of its name."""
_SOURCED = ("model", "p", "limit_minutes", "mode")
"""Defaults of which a service says where they come from."""


def row_of(service: Service) -> Row:
    """Return the row of a service; what its sites cost stands in a table of its own."""
    row: dict[str, Value] = {
        "service": service.name,
        "name_zh": service.names["zh"],
        "name_en": service.names["en"],
        **{name: getattr(service, name) for name in _PLAIN},
        **{name: getattr(service, name) or 0 for name in _OR_NONE},
        "facility_kinds": ", ".join(service.facility_kinds),
        "has_rooms": "yes" if service.has_rooms else "no",
        "basis": "",
    }
    return row


def service_of(row: Row, usual: Service | None) -> Service:
    """Return the service of a row.

    Parameters
    ----------
    row
        Complete; of a county file it may give costs as well.
    usual
        The service of that name as the program comes with it, if it does: what a row does not say stays its own.
    """
    name = str(row["service"])
    figures = {figure: int(row[figure]) or None for figure in _OR_NONE}
    said: dict[str, Any] = {
        **{key: row[key] for key in _PLAIN},
        **figures,
        "names": {"zh": str(row["name_zh"]), "en": str(row["name_en"])},
        "facility_kinds": kinds_in(str(row["facility_kinds"])) or (name,),
        "has_rooms": row["has_rooms"] == "yes",
    }
    said |= _costs(row, usual)
    return Service(name, **said, bases=_bases(row, said, usual))


def kinds_in(text: str) -> tuple[str, ...]:
    """Return the kinds of facility that a text lists, after any comma."""
    return tuple(kind for kind in (part.strip() for part in re.split(r"[,,、;;]", text)) if kind)


def _costs(row: Row, usual: Service | None) -> dict[str, int]:
    area_m2 = int(row["floor_area_m2"]) or int(row["least_floor_area_m2"])
    by_area = {"opening_yuan": area_m2 * NEW_BUILDING_YUAN_PER_M2}
    costs = {cost: getattr(usual, cost) if usual else by_area.get(cost, 0) for cost in COSTS}
    return costs | {cost: int(row[cost]) for cost in COSTS if cost in row}


def _bases(row: Row, said: Mapping[str, Any], usual: Service | None) -> Mapping[str, str]:
    """Return where the defaults come from: what is as the program has it keeps its source."""
    unit, group = cast("CapacityUnit", said["capacity_unit"]), cast("Group", said["group"])
    own = str(row["basis"]) or "assumption"
    bases = {field: own for field in _SOURCED if said[field] is not None}
    bases |= {
        "group": _of_group(group),
        "candidates": "only-where-another" if said["only_where"] else "all-points",
        "capacity": own if said["largest"] else f"{unit}-served",
    }
    if said["opening_yuan"]:
        bases["opening_yuan"] = own if "opening_yuan" in row else "cost-of-floor-area"
    if said["extension_yuan"]:
        bases["extension_yuan"] = own
    if usual is not None:
        same = [name for name in (*bases, *usual.bases) if _is_usual(name, said, usual)]
        bases = {name: basis for name, basis in bases.items() if name not in same}
        bases |= {name: usual.bases[name] for name in same if name in usual.bases}
    return bases


def _is_usual(field: str, said: Mapping[str, Any], usual: Service) -> bool:
    return all(said[name] == getattr(usual, name) for name in _MADE_OF.get(field, (field,)))


def _of_group(group: Group) -> str:
    return {"all": "everyone", "60+": "elders", "65+": "aged-65", "80+": "aged-80", "5-14": "children-of-5-14"}[group]
