"""What deciding a case asks of the staff, whatever keeps it."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Protocol

from planning.incidents.staff import Staff

if TYPE_CHECKING:  # which has a crew in turn
    from api.actions.open_county import OpenCounty


class Crew(Protocol):
    """Who works in a county."""

    def get(self, county: OpenCounty | None) -> Staff:
        """Return everybody, with the townships of a county."""

    def busy(self) -> Collection[str]:
        """Return the people who are on a case at this moment."""

    def name_of(self, person_id: str) -> str | None:
        """Return what somebody is called, ``None`` if that is not known or was erased."""
