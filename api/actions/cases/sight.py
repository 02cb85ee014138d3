"""Whose business a case is: by the areas and units of somebody's grants, and as the person who is to deal with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from api.access.areas import Territory, cells_of
from api.access.roles import Role
from layers.records.case_lists import ListedCase, Within
from layers.records.grants import Grant
from planning.incidents.case import Case


@dataclass(frozen=True)
class Sight:
    """Which cases somebody may see.

    Parameters
    ----------
    cells
        ``None`` for the whole county.
    townships, units
        Of the grants.
    persons
        Of the roster, whom the account stands for.
    account_id
        ``None`` in solo mode.
    """

    cells: frozenset[str] | None
    townships: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    persons: frozenset[str] = frozenset()
    account_id: str | None = None

    def sees(self, case: Case | ListedCase) -> bool:
        """Tell whether a case is this caller's business."""
        return (
            self.cells is None
            or case.cell in self.cells
            or case.township in self.townships
            or (case.unit is not None and case.unit in self.units)
            or (case.assignee is not None and case.assignee in self.persons)
            or (case.handler is not None and case.handler == self.account_id)
        )

    @property
    def within(self) -> Within | None:
        """The same for lists; ``None`` for the whole county."""
        if self.cells is None:
            return None
        return Within(self.cells, self.townships, self.units, self.persons, self.account_id)


def sight_of(
    grants: Iterable[Grant], territory: Territory, *, account_id: str | None, persons: Collection[str]
) -> Sight:
    """Return what somebody may see by the grants that count here."""
    held = tuple(grants)
    townships = {grant.area_code for grant in held if grant.area_kind == "township" and grant.role != Role.GRID_WORKER}
    units = {grant.area_code for grant in held if grant.area_kind == "unit"}
    return Sight(cells_of(held, territory), frozenset(townships), frozenset(units), frozenset(persons), account_id)
