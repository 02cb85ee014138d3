"""Who may use a way of OpenStreetMap, and in which direction: the wiki's pages access, oneway and barrier as tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from gis.travel_modes import MODES, VEHICLES, Vehicle

ACCESS_KEYS: Mapping[Vehicle, tuple[str, ...]] = {
    "foot": ("foot",),
    "bicycle": ("bicycle", "vehicle"),
    "motorcar": ("motorcar", "motor_vehicle", "vehicle"),
}
"""Keys that speak of a vehicle, the most specific first. ``access`` speaks of all, after them."""

ONEWAY_KEYS: Mapping[Vehicle, tuple[str, ...]] = {
    "foot": ("oneway:foot",),
    "bicycle": ("oneway:bicycle", "oneway:vehicle", "oneway"),
    "motorcar": ("oneway:motorcar", "oneway:motor_vehicle", "oneway:vehicle", "oneway"),
}
"""``oneway`` alone binds wheels, not feet."""

_OPEN = ("yes", "true", "1", "public", "official", "allowed", "designated", "permissive")
_OPEN_BUT_UNWISE = ("discouraged", "optional_sidepath")
_OPEN_TO_WHO_LIVES_THERE = ("private", "permit", "destination", "customers", "delivery", "residents", "resident")
"""People live, visit and deliver there, and a county's plan is made for them."""
_CLOSED = ("no", "false", "0", "none", "never", "closed", "use_sidepath")
_OPEN_TO_OTHERS = ("agricultural", "forestry", "emergency", "military", "psv", "bus", "taxi", "tram", "hgv")
_PUSHED = ("dismount",)
"""The e-bike is ridden: where it must be pushed it is closed, as on any footway."""
IS_OPEN: Mapping[str, bool] = {
    **dict.fromkeys((*_OPEN, *_OPEN_BUT_UNWISE, *_OPEN_TO_WHO_LIVES_THERE), True),
    **dict.fromkeys((*_CLOSED, *_OPEN_TO_OTHERS, *_PUSHED), False),
}
"""Values of access tags. One that is not here (``unknown``, a slip of the pen) is as if not written."""

_ONEWAY = {
    **dict.fromkeys(("yes", "true", "1"), "forward"),
    **dict.fromkeys(("-1", "reverse"), "backward"),
    **dict.fromkeys(("no", "false", "0", "reversible", "alternating"), "both"),  # by turns: open to both
}
IMPLIED_ONEWAY = {"highway": ("motorway", "motorway_link"), "junction": ("roundabout", "circular")}
CYCLEWAY_KEYS = ("cycleway", "cycleway:left", "cycleway:right", "cycleway:both")

OPEN_BY_CLASS: Mapping[Vehicle, frozenset[str]] = {
    vehicle: frozenset(name for mode in MODES.values() if mode.vehicle == vehicle for name in mode.speeds_kmh)
    for vehicle in VEHICLES
}
"""Classes of road that a vehicle may use where no tag speaks of it: those that its modes have a speed for."""

_EVERYBODY = frozenset(VEHICLES)
_WHEELS: frozenset[Vehicle] = frozenset(("bicycle", "motorcar"))
_CARS: frozenset[Vehicle] = frozenset(("motorcar",))
_NOBODY: frozenset[Vehicle] = frozenset()
BLOCKED_BY: Mapping[str, frozenset[Vehicle]] = {
    **dict.fromkeys(("no", "entrance", "gate", "lift_gate", "swing_gate", "sliding_gate", "bump_gate"), _NOBODY),
    **dict.fromkeys(("wicket_gate", "hampshire_gate", "cattle_grid", "border_control", "checkpoint"), _NOBODY),
    **dict.fromkeys(("toll_booth", "sally_port", "height_restrictor", "arch", "rope"), _NOBODY),
    **dict.fromkeys(("coupure", "guard_stone"), _NOBODY),
    **dict.fromkeys(("bollard", "block", "jersey_barrier", "planter", "log", "debris", "chain", "bus_trap"), _CARS),
    **dict.fromkeys(("cycle_barrier", "motorcycle_barrier", "kerb", "delineators", "sump_buster"), _CARS),
    **dict.fromkeys(("barrier_board", "tank_trap", "tyres", "horse_stile"), _CARS),
    **dict.fromkeys(("kissing_gate", "stile", "turnstile", "full-height_turnstile", "squeezer"), _WHEELS),
    **dict.fromkeys(("wall", "fence", "hedge", "city_wall", "retaining_wall", "guard_rail", "yes"), _EVERYBODY),
}
"""Who cannot pass a barrier on a node where its own tags do not say; any other barrier stops cars only."""


class Tags(Protocol):
    """Tags of an object: a dict, or the tag list of pyosmium."""

    def get(self, key: str, default: str, /) -> str:
        """Return the value of a key."""
        ...


Direction = tuple[bool, bool]
"""Whether a way is open along, and against, its line."""


def directions(tags: Tags, vehicle: Vehicle, *, is_open: bool, binds_feet: bool = False) -> Direction:
    """Tell in which directions a vehicle may use a way.

    Parameters
    ----------
    tags
    vehicle
    is_open
        Whether the way's class is open to the vehicle. One that is closed is opened by a tag of the
        vehicle (``bicycle=yes`` on a footway), never by ``access``.
    binds_feet
        Whether ``oneway`` binds people on foot too, as on a ferry.

    Returns
    -------
    (bool, bool)
        Along the line, against it.
    """
    course = oneway_course(tags, vehicle, binds_feet=binds_feet)
    along, said_along = _may(tags, vehicle, ":forward", is_open=is_open)
    against, said_against = _may(tags, vehicle, ":backward", is_open=is_open)
    return along and (said_along or course != "backward"), against and (said_against or course != "forward")


def oneway_course(tags: Tags, vehicle: Vehicle, *, binds_feet: bool = False) -> str:
    """Return ``forward``, ``backward`` or ``both`` as the one-way tags of a way say.

    Parameters
    ----------
    tags
    vehicle
    binds_feet
        Whether ``oneway`` binds people on foot too, as on a ferry.
    """
    keys = (*ONEWAY_KEYS[vehicle], "oneway") if binds_feet else ONEWAY_KEYS[vehicle]
    said = ((key, course) for key in keys if (course := _oneway(tags.get(key, ""))) is not None)
    key, course = next(said, ("", "forward" if vehicle != "foot" and _is_implied_oneway(tags) else "both"))
    rides_against = vehicle == "bicycle" and key != "oneway:bicycle" and _has_contraflow(tags, course)
    return "both" if rides_against else course


def blocked_at(tags: Tags) -> frozenset[Vehicle]:
    """Tell who cannot pass a node.

    Parameters
    ----------
    tags
        Of the node: ``barrier`` and access tags, which say more than the kind of barrier.
    """
    barrier, highway = tags.get("barrier", ""), tags.get("highway", "")
    if not barrier and highway in ("crossing", "bus_stop", "traffic_signals", "street_lamp"):
        return _NOBODY  # says who may cross the road or enter the bus, not who may pass along
    by_kind = _blocked_by_kind(tags, barrier)
    own = {vehicle: _first_known(tags, (*ACCESS_KEYS[vehicle], "access")) for vehicle in VEHICLES}
    return frozenset(v for v in VEHICLES if own[v] is False or (own[v] is None and v in by_kind))


def _blocked_by_kind(tags: Tags, barrier: str) -> frozenset[Vehicle]:
    if not barrier:
        return _NOBODY
    if tags.get("locked", "") == "yes":
        return _EVERYBODY
    if tags.get("bollard", "") == "rising" or tags.get("kerb", "") in ("lowered", "flush", "rolled", "no"):
        return _NOBODY
    if barrier == "kerb" and tags.get("highway", "") == "crossing":
        return _NOBODY
    return BLOCKED_BY.get(barrier, _CARS)


def _is_implied_oneway(tags: Tags) -> bool:
    return any(part in values for key, values in IMPLIED_ONEWAY.items() for part in _parts(tags.get(key, "")))


def _oneway(value: str) -> str | None:
    """Return the course that a ``oneway`` tag means; of several values the one that binds."""
    courses = [_ONEWAY[part] for part in _parts(value) if part in _ONEWAY]
    return next((course for course in courses if course != "both"), courses[0] if courses else None)


def _has_contraflow(tags: Tags, course: str) -> bool:
    """Tell whether a lane or track lets bicycles ride against the one-way rule."""
    if any(part.startswith("opposite") for key in CYCLEWAY_KEYS for part in _parts(tags.get(key, ""))):
        return True
    lanes = (_oneway(tags.get(f"{key}:oneway", "")) for key in CYCLEWAY_KEYS)
    return any(lane not in (None, course) for lane in lanes)


def _may(tags: Tags, vehicle: Vehicle, ending: str, *, is_open: bool) -> tuple[bool, bool]:
    """Return whether the vehicle may go in one direction, and whether a tag says so of this very direction."""
    for key in ACCESS_KEYS[vehicle]:
        if (said := _value(tags.get(key + ending, ""))) is not None:
            return said, True
        if (said := _value(tags.get(key, ""))) is not None:
            return said, False
    said = _first_known(tags, ("access" + ending, "access"))
    return is_open and said is not False, False


def _first_known(tags: Tags, keys: Iterable[str]) -> bool | None:
    found = (_value(tags.get(key, "")) for key in keys)
    return next((said for said in found if said is not None), None)


def _value(value: str) -> bool | None:
    """Tell whether an access tag opens; of several values (``agricultural;destination``) one that does is enough."""
    said = [IS_OPEN[part] for part in _parts(value) if part in IS_OPEN]
    return any(said) if said else None


def _parts(value: str) -> list[str]:
    return [part.strip().lower() for part in value.split(";")] if value else []
