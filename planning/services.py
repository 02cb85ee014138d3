"""What a service that a county sites consists of; which ones there are is data (``planning.tables.services``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from planning.groups import Group
from planning.siting import MODELS

CapacityUnit = Literal["people", "beds", "children"]
"""What the capacity of a site is counted in."""
CAPACITY_UNITS: tuple[CapacityUnit, ...] = get_args(CapacityUnit)


@dataclass(frozen=True, slots=True)
class Service:
    """One service: what it usually wants, what a site costs and must have.

    Parameters
    ----------
    name
        Code, e.g. ``clinic``.
    names
        What it is called, by language.
    group
        Whom the weights count.
    model, p, limit_minutes, mode
        Defaults; ``p`` is ``None`` where the model finds the number itself.
    capacity_unit
        What a site's capacity is counted in.
    load_per_mille
        What 1,000 people counted need of a site's capacity: beds, or the people themselves (1,000).
    opening_yuan, closing_yuan
        What a new site costs, and closing one that stands.
    included, extension_yuan
        Capacity that a site has for that money or as it stands, and what one more costs.
    largest
        Sensible largest size in the unit of capacity, ``None`` where nobody says.
    least_floor_area_m2, least_capacity, least_m2_per_place
        Standard that a site has to meet; 0 where there is none.
    floor_area_m2
        Floor area of a usual site, ``None`` where nobody says or the rooms say it.
    facility_kinds
        Kinds of the facilities layer that are this service as it stands.
    only_where
        Name of the service whose sites alone may have one, "" for anywhere.
    above
        Name of the service of the upper tier, for a model with two tiers; "" without one.
    has_rooms
        Whether the room table says how large a site is.
    bases
        Default -> code of the sentence that says where it comes from (``planning.basis.<code>``).
    """

    name: str
    names: Mapping[str, str]
    model: str
    p: int | None
    limit_minutes: float
    mode: str
    group: Group
    capacity_unit: CapacityUnit
    load_per_mille: int
    opening_yuan: int
    closing_yuan: int
    included: int
    extension_yuan: int
    bases: Mapping[str, str]
    largest: int | None = None
    least_floor_area_m2: int = 0
    least_capacity: int = 0
    least_m2_per_place: int = 0
    floor_area_m2: int | None = None
    facility_kinds: tuple[str, ...] = ()
    only_where: str = ""
    above: str = ""
    has_rooms: bool = False


def suits(service: Service, model: str) -> bool:
    """Whether a model answers a question that makes sense for a service."""
    asked = MODELS[model]
    return (service.has_rooms or "rooms" not in asked.only_with) and (bool(service.above) or not asked.tier_above)
