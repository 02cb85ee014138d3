"""Whom a desk may give a case to: the people of its cell, then those of its township."""

from __future__ import annotations

from typing import Any

from api.actions.open_county import OpenCounty
from planning.incidents.case import Case

MOST_PEOPLE = 300


def people_near(at_hand: OpenCounty | None, case: Case) -> list[dict[str, Any]]:
    """Return who could deal with a case, those of its own village first, those on duty before others.

    Parameters
    ----------
    at_hand
        ``None`` while no county can be read: then only the desk on duty is left.
    case
        One outside every township may go to anybody.

    Returns
    -------
    list of dict
        ``id``, ``name``, ``role``, ``village``, ``on_duty``; no telephone number.
    """
    if at_hand is None or not at_hand.county.has("roster"):
        return []
    roster, demand = at_hand.county.table("roster"), at_hand.demand
    own = at_hand.cell_facts.get(case.cell or "", ("", ""))[0]
    places = demand if case.township is None else demand[demand["township_id"].astype(str) == case.township]
    near = roster[roster["village_id"].isin(places.index)]
    told = [
        {
            "id": str(person),
            "name": str(row["name"]),
            "role": str(row["role"]),
            "village": str(demand.loc[row["village_id"], "name"]),
            "on_duty": bool(row.get("on_duty", True)),
            "is_own": str(row["village_id"]) == own,
        }
        for person, row in near.iterrows()
    ]
    told.sort(key=lambda one: (not one["is_own"], not one["on_duty"], one["village"], one["role"]))
    return told[:MOST_PEOPLE]
