"""Whether a grant's area is this county or lies in it, and which of its things lie in the area."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from api.access.roles import WHOLE_COUNTY, Role
from layers.records.grants import ANY_COUNTY, Grant


@dataclass(frozen=True)
class Territory:
    """What areas a county has.

    Parameters
    ----------
    county
        Its 6-digit code, ``None`` while none is built: then only grants for every county hold.
    townships
        Their ids.
    cells
        Township of each cell, by its code.
    successors
        Of each code that is retired: the cells that have its ground now.
    """

    county: str | None
    townships: frozenset[str] = frozenset()
    cells: Mapping[str, str] | None = None
    successors: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def holds(self, grant: Grant) -> bool:
        """Tell whether a grant's area is the county, or lies in it where a part is enough for its role."""
        if grant.area_kind == "county":
            return grant.area_code in (ANY_COUNTY, self.county)
        if grant.role in WHOLE_COUNTY:
            return False
        if grant.area_kind == "township":
            return grant.area_code in self.townships
        if grant.area_kind == "cell":
            return grant.area_code in (self.cells or {}) or bool(self.successors.get(grant.area_code))
        return self.county is not None  # units are the county's own


def cells_of(grants: Iterable[Grant], territory: Territory) -> frozenset[str] | None:
    """Return the cells whose cases are the business of one of these grants; ``None`` for the whole county.

    Parameters
    ----------
    grants
        That hold now, in this county, and may read cases. A worker has cells, never all of a county.
    territory
        With its parts, unless every grant is for the county.
    """
    mine: set[str] = set()
    for grant in grants:
        if grant.area_kind == "county" and grant.role != Role.GRID_WORKER:
            return None
        if grant.area_kind == "cell":
            mine |= {grant.area_code} | territory.successors.get(grant.area_code, frozenset())
        if grant.area_kind == "township" and grant.role != Role.GRID_WORKER:
            mine |= {cell for cell, township in (territory.cells or {}).items() if township == grant.area_code}
    return frozenset(mine)
