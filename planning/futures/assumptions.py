"""How far the future may differ from what a plan assumes: every distribution with its basis, in this one place.

All draws are uniform between two bounds, or among equal chances: nothing is known that would make a middle likelier.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any, Literal

from gis.travel_modes import Mode
from planning.scenario.ageing import FROM_YEAR, STEP_YEARS

Kind = Literal["fact", "assumption"]


@dataclass(frozen=True, slots=True)
class Assumption:
    """One thing that is drawn.

    Parameters
    ----------
    code
        Its sentence is ``futures.assumption.<code>``, with the bounds in it.
    low, high
        Bounds of the draw.
    basis
        Whether both bounds are published figures or at least one of them is an assumption.
    """

    code: str
    low: float
    high: float
    basis: Kind

    def as_dict(self) -> dict[str, Any]:
        """Return the figures by name."""
        return asdict(self)


POPULATION_BASE = Assumption("population-base", 0.0, 1.0, "fact")
"""Share of the way from the residents of the census to the registered: who of those away comes back is not known."""

AGEING_YEARS = (0, STEP_YEARS, 2 * STEP_YEARS, 3 * STEP_YEARS)
AGEING = Assumption("ageing", FROM_YEAR, FROM_YEAR + AGEING_YEARS[-1], "assumption")
"""Year whose elders are counted, by cohort: a centre that opens now serves those of the next ten years as well."""

MORTALITY = Assumption("mortality", 0.85, 1.15, "assumption")
"""Times the deaths of the cohort method, whose survival shares are themselves rounded assumptions."""

CAPACITY = Assumption("capacity", 0.85, 1.05, "assumption")
"""Times what a site takes: rooms under repair and staff that is lacking weigh more than places that are added."""

CLOSED_ROAD = Assumption("closed-road", 1, 1, "assumption")
"""One of the pieces of road on which people go to a site of any of the schemes; each metre is as likely as another,
since works, floods and accidents happen by the metre. Roads that nobody takes would tell nothing."""

SPEEDS: Mapping[Mode, Assumption] = MappingProxyType(
    {
        "car": Assumption("speed-car", 0.75, 1.25, "assumption"),
        "e-bike": Assumption("speed-e-bike", 0.75, 1.25, "assumption"),
        "walk": Assumption("speed-walk", 0.94, 1.04, "assumption"),
        "elder-walk": Assumption("speed-elder-walk", 0.86, 1.14, "assumption"),
    }
)
"""Times the speed on a class of road, each class for itself; on foot all classes alike.

Cars: from one design class of JTG B01-2014 to the next (40 to 30 or 50 km/h) a quarter of the speed. E-bikes: 15 km/h
in practice to the cap of 25 km/h of GB 17761 around the 20 that are assumed. On foot: 4.5 to 5 km/h around 4.8, elders
3 to 4 km/h around 3.5, the ranges of the field.
"""

ON_FOOT: frozenset[Mode] = frozenset({"walk", "elder-walk"})
"""Modes that go as fast on one class of road as on another."""


def assumptions_for(*, modes: set[str], ages: bool, counts_capacity: bool) -> list[Assumption]:
    """Return what is drawn for schemes, in the order in which it is told.

    Parameters
    ----------
    modes
        By which people travel.
    ages
        Whether the schemes count a group of elders.
    counts_capacity
        Whether a site of any of them takes only so much.
    """
    speeds = [SPEEDS[mode] for mode in SPEEDS if mode in modes]
    of_elders = [AGEING, MORTALITY] if ages else []
    return [POPULATION_BASE, *of_elders, *speeds, *([CAPACITY] if counts_capacity else []), CLOSED_ROAD]
