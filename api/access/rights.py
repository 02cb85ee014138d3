"""README's table of rights, as the service keeps it: noun by noun, who reads and who writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.access.roles import STAFF, Role


@dataclass(frozen=True)
class Rights:
    """Who may read and who may write things of one kind, in the area of their grant.

    Parameters
    ----------
    read, write
    """

    read: tuple[Role, ...]
    write: tuple[Role, ...] = ()


_PLANNING = (Role.PLANNER, Role.OFFICIAL)
_HANDLING = (Role.GRID_WORKER, Role.TOWNSHIP_DESK, Role.COUNTY_DESK, Role.DEPARTMENT, Role.CHECKER)
HANDLERS = (Role.GRID_WORKER, Role.DEPARTMENT)
"""Whoever goes to cases: their first page is that of their own."""
DESKS = (Role.TOWNSHIP_DESK, Role.COUNTY_DESK, Role.CHECKER)
"""Whoever looks after the cases of an area."""
_DESKS = (Role.TOWNSHIP_DESK, Role.COUNTY_DESK)
_TABLE_READERS = (*_PLANNING, Role.COUNTY_DESK, Role.DEPARTMENT, Role.CHECKER, Role.ADMINISTRATOR)

NOUNS: Mapping[str, Rights] = {
    "county": Rights(STAFF),
    "plan": Rights(_PLANNING, _PLANNING),
    "scenario": Rights(_PLANNING, _PLANNING),
    "adoption": Rights(_PLANNING, (Role.OFFICIAL,)),
    "publication": Rights(_PLANNING, _PLANNING),
    "hearing": Rights(_PLANNING, _PLANNING),
    "incident": Rights(_HANDLING, STAFF),
    "case": Rights(_HANDLING, _HANDLING),
    "cell": Rights(STAFF, (Role.OFFICIAL, Role.COUNTY_DESK)),
    "case-file": Rights((Role.COUNTY_DESK,), (Role.COUNTY_DESK,)),
    "staff": Rights((*_DESKS, Role.CHECKER, Role.OFFICIAL), _DESKS),
    "leave": Rights(_HANDLING, _HANDLING),
    "planning-table": Rights(_TABLE_READERS, (Role.PLANNER,)),
    "incident-table": Rights(_TABLE_READERS, (Role.COUNTY_DESK,)),
    "account": Rights((Role.ADMINISTRATOR,), (Role.ADMINISTRATOR,)),
    "audit": Rights((Role.ADMINISTRATOR,)),
    "service": Rights((Role.ADMINISTRATOR,)),
}
"""``county`` is the map with its layers, search and minutes; ``plan`` also studies, runs and closures on trial;
``incident`` is reported by all staff, ``case`` is what becomes of it, ``case-file`` all of them as files; ``cell`` is
the grid itself; ``staff`` are posts of people, ``leave`` one's own and, for desks, others'; ``hearing`` is what people
say of publications, which themselves everybody reads."""
