"""Moves that concern other cases: into which one a case is merged, and the parts that are split off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from api.actions.cases.report import Report
from api.actions.cases.sight import Sight
from gis.faults import Fault, FaultsError
from layers.records.incidents import IncidentStore
from planning.incidents.case import Case
from planning.incidents.categories import CATEGORIES
from planning.incidents.description import clean_text

_MOST_PARTS = 20
_FIELDS = frozenset({"category", "text"})

File = Callable[[Report], str]
"""Files a report and returns the id of its case; the same key again is the same case."""


def check_into(store: IncidentStore, case: Case, data: Mapping[str, Any], *, sight: Sight) -> None:
    """Refuse to merge a case into one that does not go on, or that is none of the caller's business.

    Raises
    ------
    FaultsError
        ``case-other-unknown`` or ``case-other-ended``.
    """
    into = data.get("into")
    if not isinstance(into, str) or into == case.id:
        return  # the table of moves says what is wrong with it
    other = store.get(into) if into.isprintable() else None
    if other is None or not sight.sees(other):
        raise FaultsError([Fault("case-other-unknown", "incidents", field="into", value=into[:40])])
    if other.has_ended:
        raise FaultsError([Fault("case-other-ended", "incidents", field="into", value=into[:40])])


def split_off(case: Case, data: Mapping[str, Any], *, file: File) -> dict[str, Any]:
    """Return the data of a split with the ids of its parts, each filed as a case of its own at the same place.

    Parameters
    ----------
    case
    data
        ``parts``: what each part is about, ``category`` and ``text``; either may be left out. Ids of cases that are
        there are taken as they are.
    file

    Raises
    ------
    FaultsError
        Every part that cannot be filed; then none is.
    """
    parts = data.get("parts")
    if not isinstance(parts, list) or not any(isinstance(part, Mapping) for part in parts):
        return dict(data)
    faults = [fault for number, part in enumerate(parts) for fault in _part_faults(number, part)]
    if len(parts) > _MOST_PARTS:
        params: dict[str, str | int | float] = {"wanted": "ids", "known": ""}
        faults.append(Fault("case-data-wrong", "incidents", field="parts", value=str(len(parts)), params=params))
    if faults:
        raise FaultsError(faults)
    return {**data, "parts": [file(_report(case, number, part)) for number, part in enumerate(parts)]}


def _part_faults(number: int, part: object) -> list[Fault]:
    field = f"parts.{number}"
    if not isinstance(part, Mapping) or set(part) - _FIELDS or not isinstance(part.get("text", ""), str):
        params: dict[str, str | int | float] = {"wanted": "part", "known": ""}
        return [Fault("case-data-wrong", "incidents", field=field, value=str(part)[:40], params=params)]
    category = part.get("category")
    if category is not None and category not in CATEGORIES:
        told: dict[str, str | int | float] = {"known": ", ".join(CATEGORIES)}
        return [
            Fault("unknown-category", "incidents", field=f"{field}.category", value=str(category)[:40], params=told)
        ]
    try:
        clean_text(part.get("text", ""))
    except FaultsError as error:
        return list(error.faults)
    return []


def _report(case: Case, number: int, part: Mapping[str, Any]) -> Report:
    return Report(
        category=part.get("category") or case.category,
        lon=case.lon,
        lat=case.lat,
        idempotency_key=f"split/{case.id}/{case.version}/{number}",
        text=part.get("text", ""),
    )
