"""Floor area of a plan by room, over all sites whose rooms are sized."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def add_floor_area(sites: Iterable[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Add up the floor area of sites by room.

    Parameters
    ----------
    sites
        With ``floor_area_m2``, and ``rooms`` (``room``, ``area_m2``) where rooms make it; others are left out.

    Returns
    -------
    dict or None
        ``floor_area_m2``, ``rooms`` in their order, ``beyond_rooms_m2`` (what the least area of a site adds to its
        rooms, and sites of a usual size without rooms); ``None`` where no site has a floor area.
    """
    sized = [site for site in sites if "floor_area_m2" in site]
    if not sized:
        return None
    areas: dict[str, int] = {}
    for site in sized:
        for room in site.get("rooms", ()):
            areas[room["room"]] = areas.get(room["room"], 0) + room["area_m2"]
    total = sum(site["floor_area_m2"] for site in sized)
    rooms = [{"room": name, "area_m2": area} for name, area in areas.items()]
    return {"floor_area_m2": total, "rooms": rooms, "beyond_rooms_m2": total - sum(areas.values())}
