"""How fast each mode travels on each class of road, and where the figure comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

ROAD_CLASSES = (
    "motorway",
    "trunk",
    "primary",
    "secondary",
    "tertiary",
    "unclassified",
    "residential",
    "living_street",
    "service",
    "track",
    "pedestrian",
    "cycleway",
    "path",
    "footway",
    "steps",
    "ferry",
)
"""Classes of road in the words of OpenStreetMap, from national road to footpath, and the ferries that link them."""

THROUGH_CLASSES = ROAD_CLASSES[:7]
"""Roads that lead somewhere; all other classes are streets inside a place and counted apart."""


FERRY_KMH = 3.0
"""Speed over all on a ferry whose roads state none: wait, boarding and crossing; an assumption, for every mode."""

Mode = Literal["walk", "elder-walk", "e-bike", "car"]
"""How people travel."""

Vehicle = Literal["foot", "bicycle", "motorcar"]
VEHICLES: tuple[Vehicle, ...] = get_args(Vehicle)
"""Whom a road is open to, in the words of OpenStreetMap's access tags; each a column of the roads."""

DIRECTIONS = ("both", "forward", "backward", "no")
"""In which direction of its line a road is open to a vehicle; "" leaves it to class and one-way rule."""


@dataclass(frozen=True)
class TravelMode:
    """Speeds of one mode of travel.

    Parameters
    ----------
    name
        As users write it, e.g. ``e-bike``.
    vehicle
        Column of the roads that says whether a road is open to the mode.
    speeds_kmh
        Speed on each road class; a class that is missing is closed to the mode unless a road says
        otherwise, a class of 0 km/h is closed to it altogether.
    access_kmh
        Walking speed between a place and the road.
    obeys_oneway
        Whether one-way streets bind the mode.
    uses_road_speed
        Whether a speed stated by the data replaces that of the class.
    basis
        Code of the sentence that says where the speeds come from.
    """

    name: Mode
    vehicle: Vehicle
    speeds_kmh: Mapping[str, float]
    access_kmh: float
    obeys_oneway: bool
    uses_road_speed: bool
    basis: str

    @cached_property
    def identity(self) -> str:
        """What names the mode with its speeds: other speeds are another network."""
        return f"{sorted(self.speeds_kmh.items())} {self}"


def _on_foot(name: Mode, speed_kmh: float, basis: str) -> TravelMode:
    speeds = dict.fromkeys((c for c in ROAD_CLASSES if c not in ("motorway", "ferry")), speed_kmh)
    speeds["ferry"] = FERRY_KMH
    return TravelMode(name, "foot", speeds, speed_kmh, obeys_oneway=False, uses_road_speed=False, basis=basis)


_CAR_KMH = {
    "motorway": 100.0,
    "trunk": 70.0,
    "primary": 60.0,
    "secondary": 60.0,
    "tertiary": 40.0,
    "unclassified": 30.0,
    "residential": 20.0,
    "living_street": 15.0,
    "service": 15.0,
    "track": 15.0,
}
_E_BIKE_KMH = {
    **dict.fromkeys(("trunk", "primary", "secondary", "tertiary", "unclassified"), 20.0),
    **dict.fromkeys(("residential", "cycleway"), 18.0),
    **dict.fromkeys(("living_street", "service"), 15.0),
    **dict.fromkeys(("track", "path"), 12.0),
}

MODES: Mapping[str, TravelMode] = {
    mode.name: mode
    for mode in (
        _on_foot("walk", 4.8, "speed-walk"),
        _on_foot("elder-walk", 3.5, "speed-elder-walk"),
        TravelMode(
            "e-bike", "bicycle", _E_BIKE_KMH, 4.8, obeys_oneway=True, uses_road_speed=False, basis="speed-e-bike"
        ),
        TravelMode("car", "motorcar", _CAR_KMH, 4.8, obeys_oneway=True, uses_road_speed=True, basis="speed-car"),
    )
}
"""Defaults: design speeds of JTG B01-2014 and the legal 40 km/h without centre line for cars;
15–20 km/h in practice under the 25 km/h cap of GB 17761 for e-bikes; 4.5–5 km/h walking and
3–4 km/h for elders are assumptions of the field."""
