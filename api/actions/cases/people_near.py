"""Whom a desk may give a case to: the people of its cell, then those of its township, whoever is at work now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from api.actions.open_county import OpenCounty
from api.actions.who_answers import staff_of
from planning.incidents.case import Case
from planning.incidents.staff import Post, Staff, china_day

MOST_PEOPLE = 300


def people_near(at_hand: OpenCounty | None, case: Case, *, at: datetime) -> list[dict[str, Any]]:
    """Return who could deal with a case, those of its own cell first; nobody who is on leave.

    Parameters
    ----------
    at_hand
        ``None`` while no county can be read: then only the desk on duty is left.
    case
        One outside every township may go to anybody.
    at

    Returns
    -------
    list of dict
        ``id``, ``name``, ``posts``, ``place``, ``is_own``; no telephone number.
    """
    if at_hand is None:
        return []
    staff, crew = staff_of(at_hand), at_hand.crew
    village = at_hand.cell_facts.get(case.cell or "", ("", ""))[0]
    own = {*staff.workers("A", case.cell or "", village, at), *staff.workers("B", case.cell or "", village, at)}
    told = []
    for person in sorted(staff.people):
        if case.township is not None and case.township not in staff.townships_of(person, at):
            continue
        if not staff.on_duty(person, at):
            continue
        posts = [post for post in staff.posts_of(person) if post.holds(china_day(at))]
        name = (crew.name_of(person) if crew is not None else None) or person
        kinds = sorted({post.post for post in posts})
        place = _place(at_hand, staff, posts[0]) if posts else ""
        told.append({"id": person, "name": name, "posts": kinds, "place": place, "is_own": person in own})
    told.sort(key=lambda one: (not one["is_own"], str(one["place"]), str(one["id"])))
    return told[:MOST_PEOPLE]


def _place(at_hand: OpenCounty, staff: Staff, post: Post) -> str:
    """Return the name of the village or of the unit where somebody works, empty for a larger area."""
    if post.area_kind == "unit":
        unit = staff.units.get(post.area_code)
        return unit.name if unit else ""
    village = at_hand.cell_facts.get(post.area_code, (post.area_code, ""))[0]
    return str(at_hand.demand.loc[village, "name"]) if village in at_hand.demand.index else ""
