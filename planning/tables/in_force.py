"""The tables that count at a moment: which edition of each, and what it means."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import cache, cached_property

from gis.travel_modes import MODES, TravelMode
from planning.hub_rooms import Room
from planning.incidents.categories import Category
from planning.incidents.rules import Rule
from planning.incidents.subcategories import Subcategory
from planning.incidents.targets import Targets
from planning.services import Service
from planning.tables.calendar import days_of
from planning.tables.deadlines import categories_of
from planning.tables.definition import Row
from planning.tables.duty_hours import duty_hours_of
from planning.tables.names import names_of
from planning.tables.registry import TABLES
from planning.tables.rooms import rooms_of
from planning.tables.rules import rules_of
from planning.tables.services import SERVICES, services_of
from planning.tables.speeds import modes_of
from planning.tables.steps import targets_of
from planning.tables.subcategories import subcategories_of
from planning.tables.unit_costs import with_costs


@dataclass(frozen=True)
class Edition:
    """One version of a table.

    Parameters
    ----------
    kind
    version
        0 is what the program comes with.
    rows
        As ``check_table`` returns them.
    sha
        Of the content.
    """

    kind: str
    version: int
    rows: tuple[Row, ...]
    sha: str


@cache
def default_edition(kind: str) -> Edition:
    """Return what the program comes with."""
    table = TABLES[kind]
    return Edition(kind, 0, table.defaults, table.sha_of(table.defaults))


@dataclass(frozen=True)
class Tables:
    """Every table as it counts at a moment.

    Parameters
    ----------
    edited
        Kind → its edition, where it is not the one that the program comes with.
    are_read
        Whether the records could be asked; otherwise the defaults stand in, and whatever is made of them says so.
    of_county
        Rows of the services that the county's own file has.
    """

    edited: Mapping[str, Edition] = field(default_factory=dict)
    are_read: bool = True
    of_county: tuple[Row, ...] = ()

    def with_county(self, services: Iterable[Row]) -> Tables:
        """Return the tables with the services that a county has of its own."""
        rows = tuple(services)
        return dataclasses.replace(self, of_county=rows) if rows else self

    def edition(self, kind: str) -> Edition:
        """Return the edition of a kind that counts."""
        return self.edited.get(kind) or default_edition(kind)

    def versions(self, kinds: Iterable[str]) -> dict[str, int]:
        """Return the versions of the kinds that are not as the program comes with them."""
        return {kind: self.edited[kind].version for kind in kinds if kind in self.edited}

    @cached_property
    def identity(self) -> str:
        """Name of what counts: other tables have another."""
        told = [f"{kind} {one.version} {one.sha}" for kind, one in sorted(self.edited.items())]
        return ", ".join(told) if self.are_read else "unread"

    def shas(self, kinds: Iterable[str]) -> dict[str, str]:
        """Return the contents of the same kinds, by their SHA-256."""
        return {kind: self.edited[kind].sha for kind in kinds if kind in self.edited}

    @cached_property
    def rooms(self) -> tuple[Room, ...]:
        """The rooms of a hub."""
        return rooms_of(self.edition("rooms").rows)

    @cached_property
    def services(self) -> Mapping[str, Service]:
        """The services by name: the office's own before the county's, the county's before the program's."""
        if not self.of_county and "services" not in self.edited and "unit-costs" not in self.edited:
            return SERVICES
        services = services_of(self.edition("services").rows, self.of_county)
        return with_costs(services, self.edition("unit-costs").rows) if "unit-costs" in self.edited else services

    @cached_property
    def modes(self) -> Mapping[str, TravelMode]:
        """The modes of travel with their speeds."""
        return modes_of(self.edition("speeds").rows) if "speeds" in self.edited else MODES

    @cached_property
    def categories(self) -> Mapping[str, Category]:
        """The kinds of incident with their deadlines."""
        return categories_of(self.edition("deadlines").rows)

    @cached_property
    def subcategories(self) -> Mapping[str, Subcategory]:
        """The small kinds of case by their codes."""
        return subcategories_of(self.edition("subcategories").rows)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Who is asked first, in order."""
        return rules_of(self.edition("rules").rows)

    @cached_property
    def duty_hours(self) -> tuple[tuple[time, time], ...]:
        """From and to, local, in the order of a working day."""
        return duty_hours_of(self.edition("duty-hours").rows)

    @cached_property
    def targets(self) -> Targets:
        """How long each step may take."""
        return targets_of(self.edition("steps").rows)

    @cached_property
    def own_days(self) -> Mapping[date, bool]:
        """Days of which the office says itself whether they are worked."""
        return days_of(self.edition("calendar").rows)

    @cached_property
    def category_names(self) -> Mapping[str, Mapping[str, str]]:
        """Kind of incident → language → name."""
        return names_of(self.edition("categories").rows, "category")


DEFAULTS = Tables()
"""All tables as the program comes with them."""
