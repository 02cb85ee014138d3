"""The people of a county."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What somebody is, wherever; kept in records and shown in lists: a new one comes at the end."""

    PLANNER = "planner"
    OFFICIAL = "official"
    GRID_WORKER = "grid-worker"
    TOWNSHIP_DESK = "township-desk"
    COUNTY_DESK = "county-desk"
    DEPARTMENT = "department"
    CHECKER = "checker"
    ADMINISTRATOR = "administrator"
    PUBLIC = "public"


WHOLE_COUNTY = frozenset(
    {Role.PLANNER, Role.OFFICIAL, Role.COUNTY_DESK, Role.ADMINISTRATOR},
)
"""Roles whose work concerns all of a county: a grant for a part of it allows nothing."""
STAFF = tuple(role for role in Role if role not in (Role.ADMINISTRATOR, Role.PUBLIC))
"""Whoever works with the county's map."""
